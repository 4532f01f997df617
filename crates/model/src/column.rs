//! The columns of a findings report: their names, what kind of value each holds, and which part of the model keeps it.
//!
//! The names and the order are those of the Amazon Inspector user guide ("Exporting Amazon Inspector findings reports")
//! plus the columns that newer exports have; a report may have any of them, in any order, and others besides. What the
//! JSON has besides is named after the fields of the API (Amazon Inspector API reference, data type `Finding`).

use std::{collections::HashMap, sync::LazyLock};

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
    ($($variant:ident $part:ident $kind:ident $key:literal $name:literal $japanese:literal)*) => {
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

            /// The heading that workbooks in Japanese have.
            pub const fn japanese_name(self) -> &'static str {
                match self { $(Column::$variant => $japanese,)* }
            }

            /// The key of the text that says what the column means.
            pub const fn key(self) -> &'static str {
                match self { $(Column::$variant => $key,)* }
            }

            /// What its cells hold.
            pub const fn kind(self) -> Kind {
                match self { $(Column::$variant => Kind::$kind,)* }
            }

            pub(crate) const fn part(self) -> Part {
                // Looked up for every cell: a table is quicker than a match.
                const PARTS: &[Part] = &[$(Part::$part,)*];
                PARTS[self as usize]
            }
        }
    };
}

columns! {
    AwsAccountId              Resource      Text      "column-aws-account-id"                 "AWS Account Id"                "AWSアカウントID"
    Severity                  Assessment    Text      "column-severity"                       "Severity"                      "重大度"
    FixAvailable              Packages      Text      "column-fix-available"                  "Fix Available"                 "修正の有無"
    FindingType               Assessment    Text      "column-finding-type"                   "Finding Type"                  "発見タイプ"
    Title                     Packages      Text      "column-title"                          "Title"                         "タイトル"
    Description               Vulnerability Text      "column-description"                    "Description"                   "説明"
    FindingArn                Arn           Text      "column-finding-arn"                    "Finding ARN"                   "発見のARN"
    FirstSeen                 Own           Timestamp "column-first-seen"                     "First Seen"                    "初めて検出された日時"
    LastSeen                  Own           Timestamp "column-last-seen"                      "Last Seen"                     "最後に検出された日時"
    LastUpdated               Own           Timestamp "column-last-updated"                   "Last Updated"                  "最後に更新された日時"
    ResourceId                Resource      Text      "column-resource-id"                    "Resource ID"                   "リソースID"
    ContainerImageTags        Resource      Text      "column-container-image-tags"           "Container Image Tags"          "コンテナイメージタグ"
    Region                    Resource      Text      "column-region"                         "Region"                        "リージョン"
    Platform                  Resource      Text      "column-platform"                       "Platform"                      "プラットフォーム"
    ResourceTags              Resource      Text      "column-resource-tags"                  "Resource Tags"                 "リソースタグ"
    AffectedPackages          Packages      Text      "column-affected-packages"              "Affected Packages"             "影響を受けたパッケージ"
    PackageInstalledVersion   Packages      Text      "column-package-installed-version"      "Package Installed Version"     "インストール済みのパッケージバージョン"
    FixedInVersion            Packages      Text      "column-fixed-in-version"               "Fixed in Version"              "修正バージョン"
    PackageRemediation        Packages      Text      "column-package-remediation"            "Package Remediation"           "パッケージ修正方法"
    FilePath                  Packages      Text      "column-file-path"                      "File Path"                     "ファイルパス"
    NetworkPaths              Assessment    Text      "column-network-paths"                  "Network Paths"                 "ネットワークパス"
    AgeDays                   Own           Number    "column-age-days"                       "Age (Days)"                    "経過日数"
    Remediation               Assessment    Text      "column-remediation"                    "Remediation"                   "修正方法"
    InspectorScore            Assessment    Number    "column-inspector-score"                "Inspector Score"               "インスペクターのスコア"
    InspectorScoreVector      Assessment    Text      "column-inspector-score-vector"         "Inspector Score Vector"        "インスペクターのスコアベクトル"
    Status                    Assessment    Text      "column-status"                         "Status"                        "ステータス"
    VulnerabilityId           Vulnerability Text      "column-vulnerability-id"               "Vulnerability Id"              "脆弱性ID"
    Vendor                    Vulnerability Text      "column-vendor"                         "Vendor"                        "ベンダー"
    VendorSeverity            Vulnerability Text      "column-vendor-severity"                "Vendor Severity"               "ベンダーの重大度"
    VendorAdvisory            Vulnerability Text      "column-vendor-advisory"                "Vendor Advisory"               "ベンダーアドバイザリ"
    VendorAdvisoryPublished   Vulnerability Timestamp "column-vendor-advisory-published"      "Vendor Advisory Published"     "ベンダーアドバイザリの公開日時"
    NvdCvss3Score             Vulnerability Number    "column-nvd-cvss3-score"                "NVD CVSS3 Score"               "NVD CVSS3スコア"
    NvdCvss3Vector            Vulnerability Text      "column-nvd-cvss3-vector"               "NVD CVSS3 Vector"              "NVD CVSS3ベクトル"
    NvdCvss2Score             Vulnerability Number    "column-nvd-cvss2-score"                "NVD CVSS2 Score"               "NVD CVSS2スコア"
    NvdCvss2Vector            Vulnerability Text      "column-nvd-cvss2-vector"               "NVD CVSS2 Vector"              "NVD CVSS2ベクトル"
    VendorCvss3Score          Vulnerability Number    "column-vendor-cvss3-score"             "Vendor CVSS3 Score"            "ベンダーCVSS3スコア"
    VendorCvss3Vector         Vulnerability Text      "column-vendor-cvss3-vector"            "Vendor CVSS3 Vector"           "ベンダーCVSS3ベクトル"
    VendorCvss2Score          Vulnerability Number    "column-vendor-cvss2-score"             "Vendor CVSS2 Score"            "ベンダーCVSS2スコア"
    VendorCvss2Vector         Vulnerability Text      "column-vendor-cvss2-vector"            "Vendor CVSS2 Vector"           "ベンダーCVSS2ベクトル"
    ResourceType              Resource      Text      "column-resource-type"                  "Resource Type"                 "リソースタイプ"
    Ami                       Resource      Text      "column-ami"                            "Ami"                           "AMI"
    ResourcePublicIpv4        Resource      Text      "column-resource-public-ipv4"           "Resource Public Ipv4"          "リソースのパブリックIPv4"
    ResourcePrivateIpv4       Resource      Text      "column-resource-private-ipv4"          "Resource Private Ipv4"         "リソースのプライベートIPv4"
    ResourceIpv6              Resource      Text      "column-resource-ipv6"                  "Resource Ipv6"                 "リソースのIPv6"
    ResourceVpc               Resource      Text      "column-resource-vpc"                   "Resource Vpc"                  "リソースVPC"
    PortRange                 Assessment    Text      "column-port-range"                     "Port Range"                    "ポート範囲"
    EpssScore                 Vulnerability Number    "column-epss-score"                     "Epss Score"                    "EPSSスコア"
    ExploitAvailable          Vulnerability Text      "column-exploit-available"              "Exploit Available"             "攻撃可能な状態"
    LastExploitedAt           Own           Timestamp "column-last-exploited-at"              "Last Exploited At"             "最後に悪用された日時"
    LambdaLayers              Resource      Text      "column-lambda-layers"                  "Lambda Layers"                 "Lambdaレイヤー"
    LambdaPackageType         Resource      Text      "column-lambda-package-type"            "Lambda Package Type"           "Lambdaパッケージタイプ"
    LambdaLastUpdatedAt       Own           Timestamp "column-lambda-last-updated-at"         "Lambda Last Updated At"        "Lambdaの最終更新日時"
    ReferenceUrls             Vulnerability Text      "column-reference-urls"                 "Reference Urls"                "参照URL"
    DetectorName              Assessment    Text      "column-detector-name"                  "Detector Name"                 "ディテクター名"
    PackageManager            Packages      Text      "column-package-manager"                "Package Manager"               "パッケージマネージャー"
    ImageLastInUseAt          Own           Timestamp "column-image-last-in-use-at"           "Image Last In Use At"          "イメージが最後に使用された日時"
    ImageInUseCount           Resource      Number    "column-image-in-use-count"             "Image In Use Count"            "イメージの使用数"
    // From here on: what only the API and the report in JSON have.
    NvdCvss4Score             Vulnerability Number    "column-nvd-cvss4-score"                "NVD CVSS4 Score"               "NVD CVSS4スコア"
    NvdCvss4Vector            Vulnerability Text      "column-nvd-cvss4-vector"               "NVD CVSS4 Vector"              "NVD CVSS4ベクトル"
    VendorCvss4Score          Vulnerability Number    "column-vendor-cvss4-score"             "Vendor CVSS4 Score"            "ベンダーCVSS4スコア"
    VendorCvss4Vector         Vulnerability Text      "column-vendor-cvss4-vector"            "Vendor CVSS4 Vector"           "ベンダーCVSS4ベクトル"
    VendorAdvisoryUpdated     Vulnerability Timestamp "column-vendor-advisory-updated"        "Vendor Advisory Updated"       "ベンダーアドバイザリの更新日時"
    RelatedVulnerabilities    Vulnerability Text      "column-related-vulnerabilities"        "Related Vulnerabilities"       "関連する脆弱性"
    Cwes                      Assessment    Text      "column-cwes"                           "CWEs"                          "CWE"
    DetectorId                Assessment    Text      "column-detector-id"                    "Detector Id"                   "ディテクターID"
    DetectorTags              Assessment    Text      "column-detector-tags"                  "Detector Tags"                 "ディテクターのタグ"
    RuleId                    Assessment    Text      "column-rule-id"                        "Rule Id"                       "ルールID"
    Protocol                  Assessment    Text      "column-protocol"                       "Protocol"                      "プロトコル"
    NetworkPathTypes          Assessment    Text      "column-network-path-types"             "Network Path Types"            "ネットワークパスの構成要素の種類"
    RemediationUrl            Assessment    Text      "column-remediation-url"                "Remediation Url"               "修正方法のURL"
    InspectorScoreSource      Assessment    Text      "column-inspector-score-source"         "Inspector Score Source"        "インスペクターのスコアの出典"
    InspectorScoreAdjustments Assessment    Text      "column-inspector-score-adjustments"    "Inspector Score Adjustments"   "インスペクターのスコアの調整"
    StartLine                 Packages      Number    "column-start-line"                     "Start Line"                    "開始行"
    EndLine                   Packages      Number    "column-end-line"                       "End Line"                      "終了行"
    PackageArchitecture       Packages      Text      "column-package-architecture"           "Package Architecture"          "パッケージのアーキテクチャ"
    PackageSourceLayer        Packages      Text      "column-package-source-layer"           "Package Source Layer"          "パッケージを含むイメージレイヤー"
    SourceLambdaLayer         Packages      Text      "column-source-lambda-layer"            "Source Lambda Layer"           "パッケージを含むLambdaレイヤー"
    ImageDigest               Resource      Text      "column-image-digest"                   "Image Digest"                  "イメージダイジェスト"
    ImageRepository           Resource      Text      "column-image-repository"               "Image Repository"              "イメージリポジトリ"
    ImageRegistry             Resource      Text      "column-image-registry"                 "Image Registry"                "イメージレジストリ"
    ImageArchitecture         Resource      Text      "column-image-architecture"             "Image Architecture"            "イメージのアーキテクチャ"
    ImageAuthor               Resource      Text      "column-image-author"                   "Image Author"                  "イメージの作成者"
    ImagePushedAt             Resource      Timestamp "column-image-pushed-at"                "Image Pushed At"               "イメージのプッシュ日時"
    InstanceType              Resource      Text      "column-instance-type"                  "Instance Type"                 "インスタンスタイプ"
    InstanceLaunchedAt        Resource      Timestamp "column-instance-launched-at"           "Instance Launched At"          "インスタンスの起動日時"
    InstanceProfile           Resource      Text      "column-instance-profile"               "Instance Profile"              "インスタンスプロファイル"
    InstanceKeyName           Resource      Text      "column-instance-key-name"              "Instance Key Name"             "インスタンスのキー名"
    ResourceSubnet            Resource      Text      "column-resource-subnet"                "Resource Subnet"               "リソースのサブネット"
    ResourcePartition         Resource      Text      "column-resource-partition"             "Resource Partition"            "リソースのパーティション"
    LambdaFunctionName        Resource      Text      "column-lambda-function-name"           "Lambda Function Name"          "Lambda関数名"
    LambdaVersion             Resource      Text      "column-lambda-version"                 "Lambda Version"                "Lambdaのバージョン"
    LambdaCodeSha256          Resource      Text      "column-lambda-code-sha256"             "Lambda Code Sha256"            "LambdaコードのSHA-256"
    LambdaExecutionRole       Resource      Text      "column-lambda-execution-role"          "Lambda Execution Role"         "Lambda実行ロール"
    LambdaArchitectures       Resource      Text      "column-lambda-architectures"           "Lambda Architectures"          "Lambdaのアーキテクチャ"
    LambdaSecurityGroups      Resource      Text      "column-lambda-security-groups"         "Lambda Security Groups"        "Lambdaのセキュリティグループ"
    CodeRepositoryProject     Resource      Text      "column-code-repository-project"        "Code Repository Project"       "コードリポジトリのプロジェクト"
    CodeRepositoryProvider    Resource      Text      "column-code-repository-provider"       "Code Repository Provider"      "コードリポジトリの提供元"
    CodeRepositoryIntegration Resource      Text      "column-code-repository-integration"    "Code Repository Integration"   "コードリポジトリの連携"
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
    /// The column with this [key](Column::key).
    pub fn of_key(key: &str) -> Option<Column> {
        if !key.starts_with("column-") {
            return None;
        }
        Column::ALL.iter().copied().find(|column| column.key() == key)
    }

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
        static JAPANESE: LazyLock<HashMap<String, Column>> =
            LazyLock::new(|| Column::ALL.iter().map(|column| (plain(column.japanese_name()), *column)).collect());
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
            for name in [column.name(), column.japanese_name()] {
                assert!(plain(name).chars().count() < LONGER_THAN_ANY);
                assert_eq!(Column::from_heading(name), Some(*column), "{column:?}");
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
