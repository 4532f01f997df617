//! A finding as the API has it: Amazon Inspector API reference, data type `Finding`.
//!
//! Nothing here is required, and a scalar may be of any kind: what a field holds is kept as text, as it was written.
//! Fields that are not known are kept as the JSON they are. Only where a bracket stands instead of a scalar, or
//! the other way round, an element is no finding.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// The name and the value of a field that is not known.
pub(crate) type Unknown<'a> = (Cow<'a, str>, &'a RawValue);

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $key:literal,)* })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(crate) struct $name<'a> {
            $(pub(crate) $field: $type,)*
            /// Fields that are not known.
            pub(crate) unknown: Vec<Unknown<'a>>,
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> Visitor<'de> for Fields {
                    type Value = $name<'de>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_unit<E>(self) -> Result<Self::Value, E> {
                        Ok($name::default())
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut object = $name::default();
                        while let Some(Text(key)) = map.next_key()? {
                            match key.as_ref() {
                                $($key => object.$field = map.next_value()?,)*
                                _ => {
                                    object.unknown.push((key, map.next_value()?));
                                    check_length(object.unknown.len())?;
                                }
                            }
                        }
                        Ok(object)
                    }
                }
                deserializer.deserialize_any(Fields)
            }
        }
    )* };
}

objects! {
    Finding {
        account: Text<'a> = "awsAccountId",
        code: Code<'a> = "codeVulnerabilityDetails",
        description: Text<'a> = "description",
        epss: Epss<'a> = "epss",
        exploit_available: Text<'a> = "exploitAvailable",
        exploitability: Exploitability<'a> = "exploitabilityDetails",
        arn: Text<'a> = "findingArn",
        first_observed_at: Scalar<'a> = "firstObservedAt",
        fix_available: Text<'a> = "fixAvailable",
        inspector_score: Scalar<'a> = "inspectorScore",
        inspector_score_details: ScoreDetails<'a> = "inspectorScoreDetails",
        last_observed_at: Scalar<'a> = "lastObservedAt",
        network: Network<'a> = "networkReachabilityDetails",
        vulnerability: Vulnerability<'a> = "packageVulnerabilityDetails",
        remediation: Remediation<'a> = "remediation",
        resources: List<Resource<'a>> = "resources",
        severity: Text<'a> = "severity",
        status: Text<'a> = "status",
        title: Text<'a> = "title",
        finding_type: Text<'a> = "type",
        updated_at: Scalar<'a> = "updatedAt",
    }
    Epss { score: Scalar<'a> = "score", }
    Exploitability { last_known_exploit_at: Scalar<'a> = "lastKnownExploitAt", }
    ScoreDetails { adjusted: AdjustedCvss<'a> = "adjustedCvss", }
    AdjustedCvss {
        adjustments: List<Adjustment<'a>> = "adjustments",
        cvss_source: Text<'a> = "cvssSource",
        score: Scalar<'a> = "score",
        score_source: Text<'a> = "scoreSource",
        vector: Text<'a> = "scoringVector",
        version: Scalar<'a> = "version",
    }
    Adjustment {
        metric: Text<'a> = "metric",
        reason: Text<'a> = "reason",
    }
    Network {
        path: NetworkPath<'a> = "networkPath",
        ports: PortRange<'a> = "openPortRange",
        protocol: Text<'a> = "protocol",
    }
    NetworkPath { steps: List<Step<'a>> = "steps", }
    Step {
        id: Text<'a> = "componentId",
        component_type: Text<'a> = "componentType",
    }
    PortRange {
        begin: Scalar<'a> = "begin",
        end: Scalar<'a> = "end",
    }
    Code {
        cwes: List<Text<'a>> = "cwes",
        detector_id: Text<'a> = "detectorId",
        detector_name: Text<'a> = "detectorName",
        detector_tags: List<Text<'a>> = "detectorTags",
        file: CodeFile<'a> = "filePath",
        references: List<Text<'a>> = "referenceUrls",
        rule_id: Text<'a> = "ruleId",
        source_lambda_layer: Text<'a> = "sourceLambdaLayerArn",
    }
    CodeFile {
        name: Text<'a> = "fileName",
        path: Text<'a> = "filePath",
        start_line: Scalar<'a> = "startLine",
        end_line: Scalar<'a> = "endLine",
    }
    Vulnerability {
        cvss: List<Cvss<'a>> = "cvss",
        references: List<Text<'a>> = "referenceUrls",
        related: List<Text<'a>> = "relatedVulnerabilities",
        source: Text<'a> = "source",
        source_url: Text<'a> = "sourceUrl",
        vendor_created_at: Scalar<'a> = "vendorCreatedAt",
        vendor_severity: Text<'a> = "vendorSeverity",
        vendor_updated_at: Scalar<'a> = "vendorUpdatedAt",
        id: Text<'a> = "vulnerabilityId",
        packages: List<Package<'a>> = "vulnerablePackages",
    }
    Cvss {
        score: Scalar<'a> = "baseScore",
        vector: Text<'a> = "scoringVector",
        source: Text<'a> = "source",
        version: Scalar<'a> = "version",
    }
    Package {
        arch: Text<'a> = "arch",
        epoch: Scalar<'a> = "epoch",
        path: Text<'a> = "filePath",
        fixed: Text<'a> = "fixedInVersion",
        name: Text<'a> = "name",
        manager: Text<'a> = "packageManager",
        release: Text<'a> = "release",
        remediation: Text<'a> = "remediation",
        reachability: Text<'a> = "runtimeReachability",
        source_lambda_layer: Text<'a> = "sourceLambdaLayerArn",
        source_layer: Text<'a> = "sourceLayerHash",
        version: Text<'a> = "version",
    }
    Remediation { recommendation: Recommendation<'a> = "recommendation", }
    Recommendation {
        text: Text<'a> = "text",
        // With a capital U, as the API reference has it.
        url: Text<'a> = "Url",
    }
    Resource {
        details: Details<'a> = "details",
        id: Text<'a> = "id",
        partition: Text<'a> = "partition",
        region: Text<'a> = "region",
        tags: Tags<'a> = "tags",
        resource_type: Text<'a> = "type",
    }
    Details {
        instance: Option<Box<Instance<'a>>> = "awsEc2Instance",
        image: Option<Box<Image<'a>>> = "awsEcrContainerImage",
        function: Option<Box<Function<'a>>> = "awsLambdaFunction",
        code_repository: Option<Box<CodeRepository<'a>>> = "codeRepository",
    }
    Instance {
        profile: Text<'a> = "iamInstanceProfileArn",
        ami: Text<'a> = "imageId",
        ipv4: List<Text<'a>> = "ipV4Addresses",
        ipv6: List<Text<'a>> = "ipV6Addresses",
        key_name: Text<'a> = "keyName",
        launched_at: Scalar<'a> = "launchedAt",
        platform: Text<'a> = "platform",
        subnet: Text<'a> = "subnetId",
        instance_type: Text<'a> = "type",
        vpc: Text<'a> = "vpcId",
    }
    Image {
        architecture: Text<'a> = "architecture",
        author: Text<'a> = "author",
        digest: Text<'a> = "imageHash",
        tags: List<Text<'a>> = "imageTags",
        in_use_count: Scalar<'a> = "inUseCount",
        last_in_use_at: Scalar<'a> = "lastInUseAt",
        platform: Text<'a> = "platform",
        pushed_at: Scalar<'a> = "pushedAt",
        registry: Text<'a> = "registry",
        repository: Text<'a> = "repositoryName",
    }
    Function {
        architectures: List<Text<'a>> = "architectures",
        code_sha256: Text<'a> = "codeSha256",
        role: Text<'a> = "executionRoleArn",
        name: Text<'a> = "functionName",
        last_modified_at: Scalar<'a> = "lastModifiedAt",
        layers: List<Text<'a>> = "layers",
        package_type: Text<'a> = "packageType",
        runtime: Text<'a> = "runtime",
        version: Text<'a> = "version",
        vpc: FunctionVpc<'a> = "vpcConfig",
    }
    FunctionVpc {
        security_groups: List<Text<'a>> = "securityGroupIds",
        subnets: List<Text<'a>> = "subnetIds",
        id: Text<'a> = "vpcId",
    }
    CodeRepository {
        integration: Text<'a> = "integrationArn",
        project: Text<'a> = "projectName",
        provider: Text<'a> = "providerType",
    }
}

/// A text; a number or a truth value as its text, `null` as an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyText;
        impl<'de> Visitor<'de> for AnyText {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(AnyText)
    }
}

/// A number, a text, a truth value: as it was written, `7.0` and `1.663703546405E9` too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scalar<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let text = match raw.as_bytes().first() {
            Some(b'"') => {
                // Nearly every text is a time, and has nothing to unescape.
                let inner = raw.get(1..raw.len().saturating_sub(1)).filter(|inner| !inner.contains('\\'));
                match inner {
                    Some(inner) => Cow::Borrowed(inner),
                    None => Cow::Owned(serde_json::from_str(raw).map_err(de::Error::custom)?),
                }
            }
            Some(b'{' | b'[') => return Err(de::Error::custom("a number or a text was expected, not a bracket")),
            Some(b'n') => Cow::Borrowed(""),
            _ => Cow::Borrowed(raw),
        };
        Ok(Scalar(text))
    }
}

/// An array; `null` is an empty one, and anything else one of one element.
#[derive(Clone, Debug)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_unit<E>(self) -> Result<List<T>, E> {
                Ok(List::default())
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<List<T>, E> {
                Ok(List(vec![T::deserialize(de::value::BorrowedStrDeserializer::new(text))?]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<List<T>, A::Error> {
                Ok(List(vec![T::deserialize(de::value::MapAccessDeserializer::new(map))?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = elements.next_element()? {
                    list.push(element);
                    check_length(list.len())?;
                }
                Ok(List(list))
            }
        }
        deserializer.deserialize_any(Elements(std::marker::PhantomData))
    }
}

/// The most elements of a list of a finding, and the most tags or unknown fields of an object. Small ones take far more memory
/// than their bytes. The API gives ten resources at most and 50 tags of each, and a container image has some thousand packages.
const MOST_ELEMENTS: usize = 100_000;

fn check_length<E: de::Error>(length: usize) -> Result<(), E> {
    if length <= MOST_ELEMENTS {
        return Ok(());
    }
    Err(E::custom(format_args!("a list in it has more than {MOST_ELEMENTS} elements")))
}

/// Tags: keys with their values, in the order in which they were written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags<'a>(pub(crate) Vec<(Text<'a>, Text<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Tags<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Tags<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_unit<E>(self) -> Result<Tags<'de>, E> {
                Ok(Tags::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tags<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                    check_length(pairs.len())?;
                }
                Ok(Tags(pairs))
            }
        }
        deserializer.deserialize_any(Pairs)
    }
}

/// An event of EventBridge, which has one finding in it (Amazon Inspector user guide, "Amazon EventBridge event schema").
#[derive(Debug, Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(borrow)]
    pub(crate) detail: &'a RawValue,
}
