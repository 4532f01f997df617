//! The columns of a findings report: their names, what kind of value each holds, and which part of the model keeps it.
//!
//! The names and the order are those of the Amazon Inspector user guide ("Exporting Amazon Inspector findings reports")
//! plus the columns that newer exports have; a report may have any of them, in any order, and others besides. What the
//! JSON has besides is named after the fields of the API (Amazon Inspector API reference, data type `Finding`).

use std::{collections::HashMap, sync::LazyLock};

use crate::texts::{Lang, Texts};

/// What a cell of a column holds, so that an output can give it its real type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, kept as it is. Account ids are text: they can start with zero.
    Text,
    /// A decimal number, with `.` as the decimal mark.
    Number,
    /// A point in time, in one of the forms that [`crate::timestamp::parse`] reads.
    Timestamp,
}

/// The part of the model that keeps a column.
///
/// Cells of one part are stored together, once for all findings that share them: a vulnerability is on many resources,
/// a resource has many vulnerabilities. This is what makes a large report small in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Facts of the vulnerability itself, the same wherever it is found.
    Vulnerability,
    /// Facts of the resource.
    Resource,
    /// The affected packages, and what depends on them (the title lists them).
    Packages,
    /// What Inspector says of this vulnerability on this kind of resource.
    Assessment,
    /// The finding's ARN, different in every row.
    Arn,
    /// Times and ages, different in nearly every row: packed into eight bytes each.
    Own,
}

macro_rules! columns {
    ($($variant:ident $part:ident $kind:ident $key:literal $name:literal)*) => {
        /// A column that Amazon Inspector writes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Column {
            $(#[doc = concat!("The column `", $name, "`.")] $variant,)*
        }

        impl Column {
            /// Every known column, in the order of the newest known export; behind those, what only the JSON has.
            pub const ALL: &'static [Column] = &[$(Column::$variant,)*];

            /// The heading that Inspector writes.
            pub const fn name(self) -> &'static str {
                match self { $(Column::$variant => $name,)* }
            }

            /// The identifier of the column's texts: label and meaning in each language.
            pub const fn key(self) -> &'static str {
                match self { $(Column::$variant => $key,)* }
            }

            /// What its cells hold.
            pub const fn kind(self) -> Kind {
                match self { $(Column::$variant => Kind::$kind,)* }
            }

            pub(crate) const fn part(self) -> Part {
                match self { $(Column::$variant => Part::$part,)* }
            }
        }
    };
}

columns! {
    AwsAccountId              Resource      Text      "column-aws-account-id"                 "AWS Account Id"
    Severity                  Assessment    Text      "column-severity"                       "Severity"
    FixAvailable              Packages      Text      "column-fix-available"                  "Fix Available"
    FindingType               Assessment    Text      "column-finding-type"                   "Finding Type"
    Title                     Packages      Text      "column-title"                          "Title"
    Description               Vulnerability Text      "column-description"                    "Description"
    FindingArn                Arn           Text      "column-finding-arn"                    "Finding ARN"
    FirstSeen                 Own           Timestamp "column-first-seen"                     "First Seen"
    LastSeen                  Own           Timestamp "column-last-seen"                      "Last Seen"
    LastUpdated               Own           Timestamp "column-last-updated"                   "Last Updated"
    ResourceId                Resource      Text      "column-resource-id"                    "Resource ID"
    ContainerImageTags        Resource      Text      "column-container-image-tags"           "Container Image Tags"
    Region                    Resource      Text      "column-region"                         "Region"
    Platform                  Resource      Text      "column-platform"                       "Platform"
    ResourceTags              Resource      Text      "column-resource-tags"                  "Resource Tags"
    AffectedPackages          Packages      Text      "column-affected-packages"              "Affected Packages"
    PackageInstalledVersion   Packages      Text      "column-package-installed-version"      "Package Installed Version"
    FixedInVersion            Packages      Text      "column-fixed-in-version"               "Fixed in Version"
    PackageRemediation        Packages      Text      "column-package-remediation"            "Package Remediation"
    FilePath                  Packages      Text      "column-file-path"                      "File Path"
    NetworkPaths              Assessment    Text      "column-network-paths"                  "Network Paths"
    AgeDays                   Own           Number    "column-age-days"                       "Age (Days)"
    Remediation               Assessment    Text      "column-remediation"                    "Remediation"
    InspectorScore            Assessment    Number    "column-inspector-score"                "Inspector Score"
    InspectorScoreVector      Assessment    Text      "column-inspector-score-vector"         "Inspector Score Vector"
    Status                    Assessment    Text      "column-status"                         "Status"
    VulnerabilityId           Vulnerability Text      "column-vulnerability-id"               "Vulnerability Id"
    Vendor                    Vulnerability Text      "column-vendor"                         "Vendor"
    VendorSeverity            Vulnerability Text      "column-vendor-severity"                "Vendor Severity"
    VendorAdvisory            Vulnerability Text      "column-vendor-advisory"                "Vendor Advisory"
    VendorAdvisoryPublished   Vulnerability Timestamp "column-vendor-advisory-published"      "Vendor Advisory Published"
    NvdCvss3Score             Vulnerability Number    "column-nvd-cvss3-score"                "NVD CVSS3 Score"
    NvdCvss3Vector            Vulnerability Text      "column-nvd-cvss3-vector"               "NVD CVSS3 Vector"
    NvdCvss2Score             Vulnerability Number    "column-nvd-cvss2-score"                "NVD CVSS2 Score"
    NvdCvss2Vector            Vulnerability Text      "column-nvd-cvss2-vector"               "NVD CVSS2 Vector"
    VendorCvss3Score          Vulnerability Number    "column-vendor-cvss3-score"             "Vendor CVSS3 Score"
    VendorCvss3Vector         Vulnerability Text      "column-vendor-cvss3-vector"            "Vendor CVSS3 Vector"
    VendorCvss2Score          Vulnerability Number    "column-vendor-cvss2-score"             "Vendor CVSS2 Score"
    VendorCvss2Vector         Vulnerability Text      "column-vendor-cvss2-vector"            "Vendor CVSS2 Vector"
    ResourceType              Resource      Text      "column-resource-type"                  "Resource Type"
    Ami                       Resource      Text      "column-ami"                            "Ami"
    ResourcePublicIpv4        Resource      Text      "column-resource-public-ipv4"           "Resource Public Ipv4"
    ResourcePrivateIpv4       Resource      Text      "column-resource-private-ipv4"          "Resource Private Ipv4"
    ResourceIpv6              Resource      Text      "column-resource-ipv6"                  "Resource Ipv6"
    ResourceVpc               Resource      Text      "column-resource-vpc"                   "Resource Vpc"
    PortRange                 Assessment    Text      "column-port-range"                     "Port Range"
    EpssScore                 Vulnerability Number    "column-epss-score"                     "Epss Score"
    ExploitAvailable          Vulnerability Text      "column-exploit-available"              "Exploit Available"
    LastExploitedAt           Own           Timestamp "column-last-exploited-at"              "Last Exploited At"
    LambdaLayers              Resource      Text      "column-lambda-layers"                  "Lambda Layers"
    LambdaPackageType         Resource      Text      "column-lambda-package-type"            "Lambda Package Type"
    LambdaLastUpdatedAt       Own           Timestamp "column-lambda-last-updated-at"         "Lambda Last Updated At"
    ReferenceUrls             Vulnerability Text      "column-reference-urls"                 "Reference Urls"
    DetectorName              Assessment    Text      "column-detector-name"                  "Detector Name"
    PackageManager            Packages      Text      "column-package-manager"                "Package Manager"
    ImageLastInUseAt          Own           Timestamp "column-image-last-in-use-at"           "Image Last In Use At"
    ImageInUseCount           Resource      Number    "column-image-in-use-count"             "Image In Use Count"
    // From here on: what only the API and the report in JSON have.
    NvdCvss4Score             Vulnerability Number    "column-nvd-cvss4-score"                "NVD CVSS4 Score"
    NvdCvss4Vector            Vulnerability Text      "column-nvd-cvss4-vector"               "NVD CVSS4 Vector"
    VendorCvss4Score          Vulnerability Number    "column-vendor-cvss4-score"             "Vendor CVSS4 Score"
    VendorCvss4Vector         Vulnerability Text      "column-vendor-cvss4-vector"            "Vendor CVSS4 Vector"
    VendorAdvisoryUpdated     Vulnerability Timestamp "column-vendor-advisory-updated"        "Vendor Advisory Updated"
    RelatedVulnerabilities    Vulnerability Text      "column-related-vulnerabilities"        "Related Vulnerabilities"
    Cwes                      Assessment    Text      "column-cwes"                           "CWEs"
    DetectorId                Assessment    Text      "column-detector-id"                    "Detector Id"
    DetectorTags              Assessment    Text      "column-detector-tags"                  "Detector Tags"
    RuleId                    Assessment    Text      "column-rule-id"                        "Rule Id"
    Protocol                  Assessment    Text      "column-protocol"                       "Protocol"
    NetworkPathTypes          Assessment    Text      "column-network-path-types"             "Network Path Types"
    RemediationUrl            Assessment    Text      "column-remediation-url"                "Remediation Url"
    InspectorScoreSource      Assessment    Text      "column-inspector-score-source"         "Inspector Score Source"
    InspectorScoreAdjustments Assessment    Text      "column-inspector-score-adjustments"    "Inspector Score Adjustments"
    StartLine                 Packages      Number    "column-start-line"                     "Start Line"
    EndLine                   Packages      Number    "column-end-line"                       "End Line"
    PackageArchitecture       Packages      Text      "column-package-architecture"           "Package Architecture"
    PackageSourceLayer        Packages      Text      "column-package-source-layer"           "Package Source Layer"
    SourceLambdaLayer         Packages      Text      "column-source-lambda-layer"            "Source Lambda Layer"
    ImageDigest               Resource      Text      "column-image-digest"                   "Image Digest"
    ImageRepository           Resource      Text      "column-image-repository"               "Image Repository"
    ImageRegistry             Resource      Text      "column-image-registry"                 "Image Registry"
    ImageArchitecture         Resource      Text      "column-image-architecture"             "Image Architecture"
    ImageAuthor               Resource      Text      "column-image-author"                   "Image Author"
    ImagePushedAt             Resource      Timestamp "column-image-pushed-at"                "Image Pushed At"
    InstanceType              Resource      Text      "column-instance-type"                  "Instance Type"
    InstanceLaunchedAt        Resource      Timestamp "column-instance-launched-at"           "Instance Launched At"
    InstanceProfile           Resource      Text      "column-instance-profile"               "Instance Profile"
    InstanceKeyName           Resource      Text      "column-instance-key-name"              "Instance Key Name"
    ResourceSubnet            Resource      Text      "column-resource-subnet"                "Resource Subnet"
    ResourcePartition         Resource      Text      "column-resource-partition"             "Resource Partition"
    LambdaFunctionName        Resource      Text      "column-lambda-function-name"           "Lambda Function Name"
    LambdaVersion             Resource      Text      "column-lambda-version"                 "Lambda Version"
    LambdaCodeSha256          Resource      Text      "column-lambda-code-sha256"             "Lambda Code Sha256"
    LambdaExecutionRole       Resource      Text      "column-lambda-execution-role"          "Lambda Execution Role"
    LambdaArchitectures       Resource      Text      "column-lambda-architectures"           "Lambda Architectures"
    LambdaSecurityGroups      Resource      Text      "column-lambda-security-groups"         "Lambda Security Groups"
    CodeRepositoryProject     Resource      Text      "column-code-repository-project"        "Code Repository Project"
    CodeRepositoryProvider    Resource      Text      "column-code-repository-provider"       "Code Repository Provider"
    CodeRepositoryIntegration Resource      Text      "column-code-repository-integration"    "Code Repository Integration"
}

/// How many columns are known.
pub(crate) const COUNT: usize = Column::ALL.len();

/// The place of each column within its part, counted from 0.
const SLOTS: [u8; COUNT] = {
    let mut slots = [0; COUNT];
    let mut i = 0;
    while i < COUNT {
        let mut before = 0;
        while before < i {
            if Column::ALL[before].part() as u8 == Column::ALL[i].part() as u8 {
                slots[i] += 1;
            }
            before += 1;
        }
        i += 1;
    }
    slots
};

impl Part {
    /// The columns that the part keeps, in the order of their slots.
    pub(crate) fn columns(self) -> impl Iterator<Item = Column> {
        Column::ALL.iter().copied().filter(move |column| column.part() == self)
    }
}

impl Column {
    /// Whether Inspector's own export as CSV has the column. The others hold what only the API and the report in JSON
    /// tell; their names are ours, in the manner of the export's.
    pub const fn is_in_csv(self) -> bool {
        self as u8 <= Column::ImageInUseCount as u8
    }

    /// The place of the column within its part.
    pub(crate) const fn slot(self) -> usize {
        SLOTS[self as usize] as usize
    }

    /// The column with this heading, in English or Japanese. Case, spaces and punctuation do not count, so that
    /// `vulnerability_id` and the API's `vulnerabilityId` are known too; so are some names that people give.
    ///
    /// ```
    /// # use inspector_report_model::Column;
    /// assert_eq!(Column::from_heading(" vulnerability  ID "), Some(Column::VulnerabilityId));
    /// assert_eq!(Column::from_heading("重大度"), Some(Column::Severity));
    /// assert_eq!(Column::from_heading("First Seen (UTC)"), Some(Column::FirstSeen));
    /// assert_eq!(Column::from_heading("Owner"), None);
    /// ```
    pub fn from_heading(heading: &str) -> Option<Column> {
        static ENGLISH: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
            let names = Column::ALL.iter().map(|column| (plain(column.name()), *column));
            names.chain(OTHER_NAMES.iter().map(|(name, column)| ((*name).to_owned(), *column))).collect()
        });
        static JAPANESE: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
            let texts = Texts::new(Lang::Ja);
            Column::ALL.iter().map(|column| (plain(&texts.column(*column)), *column)).collect()
        });
        // As the workbooks of this program have it; that of another zone would be read hours off.
        let plain = plain(heading.trim_end().strip_suffix("(UTC)").unwrap_or(heading));
        let english = ENGLISH.get(&plain).copied();
        // Some labels of the Japanese have no character beyond ASCII; those are the same in English.
        let may_be_japanese = !plain.is_ascii() && plain.chars().count() < LONGER_THAN_ANY;
        english.or_else(|| if may_be_japanese { JAPANESE.get(&plain).copied() } else { None })
    }
}

/// Names that people and other programs give to columns, as [`plain`] has them: those of the API and some short forms.
const OTHER_NAMES: [(&str, Column); 10] = [
    ("accountid", Column::AwsAccountId),
    ("cve", Column::VulnerabilityId),
    ("cveid", Column::VulnerabilityId),
    ("cwe", Column::Cwes),
    ("epss", Column::EpssScore),
    ("firstobservedat", Column::FirstSeen),
    ("fixedversion", Column::FixedInVersion),
    ("installedversion", Column::PackageInstalledVersion),
    ("lastobservedat", Column::LastSeen),
    ("updatedat", Column::LastUpdated),
];

/// More characters than any known heading has, as [`plain`] has them.
const LONGER_THAN_ANY: usize = 64;

/// A heading without what does not count in it. Of a long text, which is none, only so much as shows that: readers ask
/// of whole rows whether they are headings.
fn plain(heading: &str) -> String {
    let counting = heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    counting.take(LONGER_THAN_ANY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_heading_finds_its_column() {
        for column in Column::ALL {
            assert_eq!(Column::from_heading(column.name()), Some(*column));
            assert_eq!(Column::from_heading(&format!("  {} ", column.name().to_uppercase())), Some(*column));
            assert_eq!(Column::from_heading(&column.name().replace(' ', "_")), Some(*column));
            for lang in Lang::ALL {
                assert!(plain(&Texts::new(lang).column(*column)).chars().count() < LONGER_THAN_ANY);
                assert_eq!(Column::from_heading(&Texts::new(lang).column(*column)), Some(*column), "{column:?}");
            }
        }
    }

    /// Columns that people add, which must not be taken for Inspector's.
    #[test]
    fn other_headings_find_none() {
        for heading in ["", "Account", "KEV DUE", "Owner", "CVSS", "Score", "備考", "Resource", "Name"] {
            assert_eq!(Column::from_heading(heading), None, "{heading}");
        }
    }

    #[test]
    fn slots_of_a_part_are_dense_and_distinct() {
        for part in [Part::Vulnerability, Part::Resource, Part::Packages, Part::Assessment, Part::Arn, Part::Own] {
            let slots: Vec<usize> = part.columns().map(Column::slot).collect();
            assert_eq!(slots, (0..slots.len()).collect::<Vec<_>>());
        }
    }
}
