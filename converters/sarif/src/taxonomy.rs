//! Kinds of weakness: the Common Weakness Enumeration as a taxonomy (SARIF 3.19.3), where the report knows of any.

use std::collections::BTreeSet;

use serde_sarif::sarif::{
    MultiformatMessageString, ReportingDescriptor, ReportingDescriptorReference, ReportingDescriptorRelationship,
    ToolComponent, ToolComponentReference,
};

/// A weakness as the taxonomy names it.
fn id(number: u32) -> String {
    format!("CWE-{number}")
}

/// The taxonomy of the weaknesses that a run has.
pub(crate) fn taxonomy(weaknesses: &BTreeSet<u32>) -> ToolComponent {
    let taxa = weaknesses.iter().map(|number| {
        ReportingDescriptor::builder()
            .id(id(*number))
            .help_uri(format!("https://cwe.mitre.org/data/definitions/{number}.html"))
            .build()
    });
    let about = "The MITRE Common Weakness Enumeration";
    ToolComponent::builder()
        .name("CWE")
        .organization("MITRE")
        .short_description(MultiformatMessageString::builder().text(about).build())
        .information_uri("https://cwe.mitre.org/")
        .is_comprehensive(false)
        .taxa(taxa.collect::<Vec<_>>())
        .build()
}

/// How a driver and its rules refer to the taxonomy.
pub(crate) fn reference() -> ToolComponentReference {
    ToolComponentReference::builder().name("CWE").index(0).build()
}

/// What a rule says of its weaknesses: each is a case of one of the enumeration. `taxa` are those of the run.
pub(crate) fn relationships(weaknesses: &BTreeSet<u32>, taxa: &BTreeSet<u32>) -> Vec<ReportingDescriptorRelationship> {
    let relationship = |number: &u32| {
        let place = taxa.iter().position(|other| other == number).and_then(|place| i64::try_from(place).ok());
        let mut target = ReportingDescriptorReference::builder().id(id(*number)).tool_component(reference()).build();
        target.index = place;
        ReportingDescriptorRelationship::builder().target(target).kinds(vec!["superset".to_owned()]).build()
    };
    weaknesses.iter().map(relationship).collect()
}
