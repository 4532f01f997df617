//! Amazon Web Services: ARNs, the ids of EC2 instances, the digests of container images.

use super::IdKind;
use crate::{Column, Resource, ResourceDetails, value::ResourceType};

pub(crate) mod account;

/// What stands before the name of a repository in the ARN of a container image (Service Authorization Reference, "Amazon
/// ECR").
const REPOSITORY: &str = ":repository/";

/// What stands before the name of a function in its ARN (Service Authorization Reference, "AWS Lambda").
const FUNCTION: &str = ":function:";

/// What the id of an EC2 instance begins with.
const INSTANCE: &str = "i-";

/// What an id is one of.
pub(crate) fn id_kind(id: &str) -> IdKind {
    match id {
        id if id.contains(REPOSITORY) => IdKind::Repository,
        id if id.contains(FUNCTION) => IdKind::Function,
        id if id.starts_with(INSTANCE) => IdKind::Instance,
        _ => IdKind::Other,
    }
}

/// What a resource of its type has besides.
pub(crate) fn details<'a>(resource: Resource<'a>) -> ResourceDetails<'a> {
    let id = resource.id();
    match resource.resource_type() {
        ResourceType::Ec2Instance => {
            ResourceDetails::Ec2Instance { ami: resource.get(Column::Ami), vpc: resource.get(Column::ResourceVpc) }
        }
        ResourceType::EcrContainerImage => id
            .split_once(REPOSITORY)
            .and_then(|(_, rest)| rest.rsplit_once("/sha256:").map(|(name, _)| (name, &rest[name.len() + 1..])))
            .map_or(ResourceDetails::Other, |(repository, digest)| ResourceDetails::EcrContainerImage {
                repository,
                digest,
            }),
        ResourceType::LambdaFunction => id.split_once(FUNCTION).map_or(ResourceDetails::Other, |(_, rest)| {
            let (name, qualifier) = rest.split_once(':').unwrap_or((rest, ""));
            ResourceDetails::LambdaFunction { name, qualifier }
        }),
        _ => ResourceDetails::Other,
    }
}

/// What stays of an id from week to week: the repository of an image, without digest or tag; the name of a function,
/// without version; of any other ARN what follows account and Region.
pub(crate) fn identity(id: &str) -> &str {
    if let Some((_, repository)) = id.split_once(REPOSITORY) {
        return without_digest(repository);
    }
    if let Some((_, function)) = id.split_once(FUNCTION) {
        return function.split(':').next().unwrap_or(function);
    }
    match id.strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').nth(4)) {
        Some(own) if !own.is_empty() => without_digest(own),
        _ => without_digest(id),
    }
}

fn without_digest(id: &str) -> &str {
    id.split_once("/sha256:").or_else(|| id.split_once("@sha256:")).map_or(id, |(name, _)| name)
}

/// The ARN of a resource. Inspector gives that of an instance as its id alone (Service Authorization Reference, "Amazon
/// EC2": `arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}`).
pub(crate) fn arn(resource: Resource<'_>) -> String {
    let (id, region) = (resource.id(), resource.region());
    if !id.starts_with(INSTANCE) {
        return id.to_owned();
    }
    let partition = match region.split('-').next() {
        Some("cn") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    format!("arn:{partition}:ec2:{region}:{}:instance/{id}", resource.account())
}
