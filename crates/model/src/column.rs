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

/// Where a column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Inspector's own export as CSV has it.
    Csv,
    /// Only the API and the report in JSON tell it; the column's name is ours, in the manner of the export's.
    Api,
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
    ($($variant:ident $part:ident $kind:ident $export:ident $width:literal $key:literal $name:literal $japanese:literal
       $api:literal)*) => {
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

            /// Where it comes from.
            pub const fn export(self) -> Export {
                match self { $(Column::$variant => Export::$export,)* }
            }

            /// How wide a column must be for most of its values, in characters.
            pub const fn width(self) -> u16 {
                match self { $(Column::$variant => $width,)* }
            }

            /// Where the API has it, as a path in a finding (Amazon Inspector API reference, data type `Finding`):
            /// `resources[].tags`. Where several fields of a kind make one column, that of the first kind of resource;
            /// empty for what the API has not.
            pub const fn api_path(self) -> &'static str {
                match self { $(Column::$variant => $api,)* }
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
    AwsAccountId              Resource      Text      Csv 15 "column-aws-account-id"                 "AWS Account Id"                "AWS アカウント ID"                              "awsAccountId"
    Severity                  Assessment    Text      Csv 16 "column-severity"                       "Severity"                      "重大度"                                       "severity"
    FixAvailable              Packages      Text      Csv 18 "column-fix-available"                  "Fix Available"                 "修正の有無"                                   "fixAvailable"
    FindingType               Assessment    Text      Csv 27 "column-finding-type"                   "Finding Type"                  "検出結果タイプ"                                   "type"
    Title                     Packages      Text      Csv 50 "column-title"                          "Title"                         "タイトル"                                     "title"
    Description               Vulnerability Text      Csv 60 "column-description"                    "Description"                   "説明"                                         "description"
    FindingArn                Arn           Text      Csv 40 "column-finding-arn"                    "Finding ARN"                   "検出結果の ARN"                                    "findingArn"
    FirstSeen                 Own           Timestamp Csv 17 "column-first-seen"                     "First Seen"                    "初回検出日時"                         "firstObservedAt"
    LastSeen                  Own           Timestamp Csv 17 "column-last-seen"                      "Last Seen"                     "最終検出日時"                         "lastObservedAt"
    LastUpdated               Own           Timestamp Csv 17 "column-last-updated"                   "Last Updated"                  "最終更新日時"                         "updatedAt"
    ResourceId                Resource      Text      Csv 40 "column-resource-id"                    "Resource ID"                   "リソース ID"                                   "resources[].id"
    ContainerImageTags        Resource      Text      Csv 18 "column-container-image-tags"           "Container Image Tags"          "コンテナイメージタグ"                         "resources[].details.awsEcrContainerImage.imageTags"
    Region                    Resource      Text      Csv 18 "column-region"                         "Region"                        "リージョン"                                   "resources[].region"
    Platform                  Resource      Text      Csv 18 "column-platform"                       "Platform"                      "プラットフォーム"                             "resources[].details.awsEc2Instance.platform"
    ResourceTags              Resource      Text      Csv 30 "column-resource-tags"                  "Resource Tags"                 "リソースタグ"                                 "resources[].tags"
    AffectedPackages          Packages      Text      Csv 30 "column-affected-packages"              "Affected Packages"             "影響を受けるパッケージ"                       "packageVulnerabilityDetails.vulnerablePackages[].name"
    PackageInstalledVersion   Packages      Text      Csv 18 "column-package-installed-version"      "Package Installed Version"     "インストール済みバージョン"       "packageVulnerabilityDetails.vulnerablePackages[].version"
    FixedInVersion            Packages      Text      Csv 18 "column-fixed-in-version"               "Fixed in Version"              "修正バージョン"                               "packageVulnerabilityDetails.vulnerablePackages[].fixedInVersion"
    PackageRemediation        Packages      Text      Csv 30 "column-package-remediation"            "Package Remediation"           "更新コマンド"                           "packageVulnerabilityDetails.vulnerablePackages[].remediation"
    FilePath                  Packages      Text      Csv 40 "column-file-path"                      "File Path"                     "ファイルパス"                                 "packageVulnerabilityDetails.vulnerablePackages[].filePath"
    NetworkPaths              Assessment    Text      Csv 18 "column-network-paths"                  "Network Paths"                 "ネットワーク経路"                             "networkReachabilityDetails.networkPath.steps[].componentId"
    AgeDays                   Own           Number    Csv 11 "column-age-days"                       "Age (Days)"                    "経過日数"                                     ""
    Remediation               Assessment    Text      Csv 60 "column-remediation"                    "Remediation"                   "修正方法"                                     "remediation.recommendation.text"
    InspectorScore            Assessment    Number    Csv 11 "column-inspector-score"                "Inspector Score"               "Inspector スコア"                       "inspectorScore"
    InspectorScoreVector      Assessment    Text      Csv 40 "column-inspector-score-vector"         "Inspector Score Vector"        "Inspector スコアのベクトル"               "inspectorScoreDetails.adjustedCvss.scoringVector"
    Status                    Assessment    Text      Csv 18 "column-status"                         "Status"                        "ステータス"                                   "status"
    VulnerabilityId           Vulnerability Text      Csv 21 "column-vulnerability-id"               "Vulnerability Id"              "脆弱性 ID"                                     "packageVulnerabilityDetails.vulnerabilityId"
    Vendor                    Vulnerability Text      Csv 18 "column-vendor"                         "Vendor"                        "ベンダー"                                     "packageVulnerabilityDetails.source"
    VendorSeverity            Vulnerability Text      Csv 18 "column-vendor-severity"                "Vendor Severity"               "ベンダーの重大度"                             "packageVulnerabilityDetails.vendorSeverity"
    VendorAdvisory            Vulnerability Text      Csv 30 "column-vendor-advisory"                "Vendor Advisory"               "ベンダーアドバイザリ"                         "packageVulnerabilityDetails.sourceUrl"
    VendorAdvisoryPublished   Vulnerability Timestamp Csv 17 "column-vendor-advisory-published"      "Vendor Advisory Published"     "ベンダーアドバイザリの公開日時"               "packageVulnerabilityDetails.vendorCreatedAt"
    NvdCvss3Score             Vulnerability Number    Csv 11 "column-nvd-cvss3-score"                "NVD CVSS3 Score"               "NVD CVSS v3 スコア"                              "packageVulnerabilityDetails.cvss[].baseScore"
    NvdCvss3Vector            Vulnerability Text      Csv 40 "column-nvd-cvss3-vector"               "NVD CVSS3 Vector"              "NVD CVSS v3 ベクトル"                            "packageVulnerabilityDetails.cvss[].scoringVector"
    NvdCvss2Score             Vulnerability Number    Csv 11 "column-nvd-cvss2-score"                "NVD CVSS2 Score"               "NVD CVSS v2 スコア"                              "packageVulnerabilityDetails.cvss[].baseScore"
    NvdCvss2Vector            Vulnerability Text      Csv 18 "column-nvd-cvss2-vector"               "NVD CVSS2 Vector"              "NVD CVSS v2 ベクトル"                            "packageVulnerabilityDetails.cvss[].scoringVector"
    VendorCvss3Score          Vulnerability Number    Csv 11 "column-vendor-cvss3-score"             "Vendor CVSS3 Score"            "ベンダー CVSS v3 スコア"                          "packageVulnerabilityDetails.cvss[].baseScore"
    VendorCvss3Vector         Vulnerability Text      Csv 40 "column-vendor-cvss3-vector"            "Vendor CVSS3 Vector"           "ベンダー CVSS v3 ベクトル"                        "packageVulnerabilityDetails.cvss[].scoringVector"
    VendorCvss2Score          Vulnerability Number    Csv 11 "column-vendor-cvss2-score"             "Vendor CVSS2 Score"            "ベンダー CVSS v2 スコア"                          "packageVulnerabilityDetails.cvss[].baseScore"
    VendorCvss2Vector         Vulnerability Text      Csv 18 "column-vendor-cvss2-vector"            "Vendor CVSS2 Vector"           "ベンダー CVSS v2 ベクトル"                        "packageVulnerabilityDetails.cvss[].scoringVector"
    ResourceType              Resource      Text      Csv 27 "column-resource-type"                  "Resource Type"                 "リソースタイプ"                               "resources[].type"
    Ami                       Resource      Text      Csv 18 "column-ami"                            "Ami"                           "AMI"                                          "resources[].details.awsEc2Instance.imageId"
    ResourcePublicIpv4        Resource      Text      Csv 18 "column-resource-public-ipv4"           "Resource Public Ipv4"          "パブリック IPv4 アドレス"                     "resources[].details.awsEc2Instance.ipV4Addresses"
    ResourcePrivateIpv4       Resource      Text      Csv 18 "column-resource-private-ipv4"          "Resource Private Ipv4"         "プライベート IPv4 アドレス"                   "resources[].details.awsEc2Instance.ipV4Addresses"
    ResourceIpv6              Resource      Text      Csv 18 "column-resource-ipv6"                  "Resource Ipv6"                 "IPv6 アドレス"                               "resources[].details.awsEc2Instance.ipV6Addresses"
    ResourceVpc               Resource      Text      Csv 18 "column-resource-vpc"                   "Resource Vpc"                  "リソースの VPC"                                  "resources[].details.awsEc2Instance.vpcId"
    PortRange                 Assessment    Text      Csv 18 "column-port-range"                     "Port Range"                    "ポート範囲"                                   "networkReachabilityDetails.openPortRange"
    EpssScore                 Vulnerability Number    Csv 11 "column-epss-score"                     "Epss Score"                    "EPSS スコア"                                   "epss.score"
    ExploitAvailable          Vulnerability Text      Csv 18 "column-exploit-available"              "Exploit Available"             "攻撃コードの有無"                               "exploitAvailable"
    LastExploitedAt           Own           Timestamp Csv 17 "column-last-exploited-at"              "Last Exploited At"             "悪用の最終確認日時"                         "exploitabilityDetails.lastKnownExploitAt"
    LambdaLayers              Resource      Text      Csv 18 "column-lambda-layers"                  "Lambda Layers"                 "Lambda レイヤー"                               "resources[].details.awsLambdaFunction.layers"
    LambdaPackageType         Resource      Text      Csv 18 "column-lambda-package-type"            "Lambda Package Type"           "Lambda パッケージタイプ"                       "resources[].details.awsLambdaFunction.packageType"
    LambdaLastUpdatedAt       Own           Timestamp Csv 17 "column-lambda-last-updated-at"         "Lambda Last Updated At"        "Lambda 関数の最終更新日時"                         "resources[].details.awsLambdaFunction.lastModifiedAt"
    ReferenceUrls             Vulnerability Text      Csv 40 "column-reference-urls"                 "Reference Urls"                "参照 URL"                                      "packageVulnerabilityDetails.referenceUrls"
    DetectorName              Assessment    Text      Csv 18 "column-detector-name"                  "Detector Name"                 "ディテクター名"                               "codeVulnerabilityDetails.detectorName"
    PackageManager            Packages      Text      Csv 18 "column-package-manager"                "Package Manager"               "パッケージマネージャー"                       "packageVulnerabilityDetails.vulnerablePackages[].packageManager"
    ImageLastInUseAt          Own           Timestamp Csv 17 "column-image-last-in-use-at"           "Image Last In Use At"          "イメージの最終使用日時"               "resources[].details.awsEcrContainerImage.lastInUseAt"
    ImageInUseCount           Resource      Number    Csv 11 "column-image-in-use-count"             "Image In Use Count"            "イメージの使用数"                             "resources[].details.awsEcrContainerImage.inUseCount"
    NvdCvss4Score             Vulnerability Number    Api 11 "column-nvd-cvss4-score"                "NVD CVSS4 Score"               "NVD CVSS v4 スコア"                              "packageVulnerabilityDetails.cvss[].baseScore"
    NvdCvss4Vector            Vulnerability Text      Api 18 "column-nvd-cvss4-vector"               "NVD CVSS4 Vector"              "NVD CVSS v4 ベクトル"                            "packageVulnerabilityDetails.cvss[].scoringVector"
    VendorCvss4Score          Vulnerability Number    Api 11 "column-vendor-cvss4-score"             "Vendor CVSS4 Score"            "ベンダー CVSS v4 スコア"                          "packageVulnerabilityDetails.cvss[].baseScore"
    VendorCvss4Vector         Vulnerability Text      Api 18 "column-vendor-cvss4-vector"            "Vendor CVSS4 Vector"           "ベンダー CVSS v4 ベクトル"                        "packageVulnerabilityDetails.cvss[].scoringVector"
    VendorAdvisoryUpdated     Vulnerability Timestamp Api 17 "column-vendor-advisory-updated"        "Vendor Advisory Updated"       "ベンダーアドバイザリの更新日時"               "packageVulnerabilityDetails.vendorUpdatedAt"
    RelatedVulnerabilities    Vulnerability Text      Api 18 "column-related-vulnerabilities"        "Related Vulnerabilities"       "関連する脆弱性"                               "packageVulnerabilityDetails.relatedVulnerabilities"
    Cwes                      Assessment    Text      Api 18 "column-cwes"                           "CWEs"                          "CWE"                                          "codeVulnerabilityDetails.cwes"
    DetectorId                Assessment    Text      Api 18 "column-detector-id"                    "Detector Id"                   "ディテクター ID"                               "codeVulnerabilityDetails.detectorId"
    DetectorTags              Assessment    Text      Api 18 "column-detector-tags"                  "Detector Tags"                 "ディテクターのタグ"                           "codeVulnerabilityDetails.detectorTags"
    RuleId                    Assessment    Text      Api 18 "column-rule-id"                        "Rule Id"                       "ルール ID"                                     "codeVulnerabilityDetails.ruleId"
    Protocol                  Assessment    Text      Api 18 "column-protocol"                       "Protocol"                      "プロトコル"                                   "networkReachabilityDetails.protocol"
    NetworkPathTypes          Assessment    Text      Api 18 "column-network-path-types"             "Network Path Types"            "ネットワーク経路の構成要素の種類"             "networkReachabilityDetails.networkPath.steps[].componentType"
    RemediationUrl            Assessment    Text      Api 18 "column-remediation-url"                "Remediation Url"               "修正方法の URL"                                "remediation.recommendation.Url"
    InspectorScoreSource      Assessment    Text      Api 18 "column-inspector-score-source"         "Inspector Score Source"        "Inspector スコアの出典"                 "inspectorScoreDetails.adjustedCvss.scoreSource"
    InspectorScoreAdjustments Assessment    Text      Api 18 "column-inspector-score-adjustments"    "Inspector Score Adjustments"   "Inspector スコアの調整"                 "inspectorScoreDetails.adjustedCvss.adjustments"
    StartLine                 Packages      Number    Api 11 "column-start-line"                     "Start Line"                    "開始行"                                       "codeVulnerabilityDetails.filePath.startLine"
    EndLine                   Packages      Number    Api 11 "column-end-line"                       "End Line"                      "終了行"                                       "codeVulnerabilityDetails.filePath.endLine"
    PackageArchitecture       Packages      Text      Api 18 "column-package-architecture"           "Package Architecture"          "パッケージのアーキテクチャ"                   "packageVulnerabilityDetails.vulnerablePackages[].arch"
    PackageSourceLayer        Packages      Text      Api 18 "column-package-source-layer"           "Package Source Layer"          "パッケージを含むイメージレイヤー"             "packageVulnerabilityDetails.vulnerablePackages[].sourceLayerHash"
    RuntimeReachability       Packages      Text      Api 18 "column-runtime-reachability"           "Runtime Reachability"          "ランタイム到達可能性"                         "packageVulnerabilityDetails.vulnerablePackages[].runtimeReachability"
    SourceLambdaLayer         Packages      Text      Api 18 "column-source-lambda-layer"            "Source Lambda Layer"           "パッケージを含む Lambda レイヤー"               "packageVulnerabilityDetails.vulnerablePackages[].sourceLambdaLayerArn"
    ImageDigest               Resource      Text      Api 18 "column-image-digest"                   "Image Digest"                  "イメージダイジェスト"                         "resources[].details.awsEcrContainerImage.imageHash"
    ImageRepository           Resource      Text      Api 18 "column-image-repository"               "Image Repository"              "イメージリポジトリ"                           "resources[].details.awsEcrContainerImage.repositoryName"
    ImageRegistry             Resource      Text      Api 18 "column-image-registry"                 "Image Registry"                "イメージレジストリ"                           "resources[].details.awsEcrContainerImage.registry"
    ImageArchitecture         Resource      Text      Api 18 "column-image-architecture"             "Image Architecture"            "イメージのアーキテクチャ"                     "resources[].details.awsEcrContainerImage.architecture"
    ImageAuthor               Resource      Text      Api 18 "column-image-author"                   "Image Author"                  "イメージの作成者"                             "resources[].details.awsEcrContainerImage.author"
    ImagePushedAt             Resource      Timestamp Api 17 "column-image-pushed-at"                "Image Pushed At"               "イメージのプッシュ日時"                       "resources[].details.awsEcrContainerImage.pushedAt"
    InstanceType              Resource      Text      Api 18 "column-instance-type"                  "Instance Type"                 "インスタンスタイプ"                           "resources[].details.awsEc2Instance.type"
    InstanceLaunchedAt        Resource      Timestamp Api 17 "column-instance-launched-at"           "Instance Launched At"          "インスタンスの起動日時"                       "resources[].details.awsEc2Instance.launchedAt"
    InstanceProfile           Resource      Text      Api 18 "column-instance-profile"               "Instance Profile"              "インスタンスプロファイル"                     "resources[].details.awsEc2Instance.iamInstanceProfileArn"
    InstanceKeyName           Resource      Text      Api 18 "column-instance-key-name"              "Instance Key Name"             "インスタンスのキー名"                         "resources[].details.awsEc2Instance.keyName"
    ResourceSubnet            Resource      Text      Api 18 "column-resource-subnet"                "Resource Subnet"               "リソースのサブネット"                         "resources[].details.awsEc2Instance.subnetId"
    ResourcePartition         Resource      Text      Api 18 "column-resource-partition"             "Resource Partition"            "リソースのパーティション"                     "resources[].partition"
    LambdaFunctionName        Resource      Text      Api 18 "column-lambda-function-name"           "Lambda Function Name"          "Lambda 関数名"                                 "resources[].details.awsLambdaFunction.functionName"
    LambdaVersion             Resource      Text      Api 18 "column-lambda-version"                 "Lambda Version"                "Lambda のバージョン"                           "resources[].details.awsLambdaFunction.version"
    LambdaCodeSha256          Resource      Text      Api 18 "column-lambda-code-sha256"             "Lambda Code Sha256"            "Lambda コードの SHA-256"                        "resources[].details.awsLambdaFunction.codeSha256"
    LambdaExecutionRole       Resource      Text      Api 18 "column-lambda-execution-role"          "Lambda Execution Role"         "Lambda 実行ロール"                             "resources[].details.awsLambdaFunction.executionRoleArn"
    LambdaArchitectures       Resource      Text      Api 18 "column-lambda-architectures"           "Lambda Architectures"          "Lambda のアーキテクチャ"                       "resources[].details.awsLambdaFunction.architectures"
    LambdaSecurityGroups      Resource      Text      Api 18 "column-lambda-security-groups"         "Lambda Security Groups"        "Lambda のセキュリティグループ"                 "resources[].details.awsLambdaFunction.vpcConfig.securityGroupIds"
    CodeRepositoryProject     Resource      Text      Api 18 "column-code-repository-project"        "Code Repository Project"       "コードリポジトリのプロジェクト"               "resources[].details.codeRepository.projectName"
    CodeRepositoryProvider    Resource      Text      Api 18 "column-code-repository-provider"       "Code Repository Provider"      "コードリポジトリの提供元"                     "resources[].details.codeRepository.providerType"
    CodeRepositoryIntegration Resource      Text      Api 18 "column-code-repository-integration"    "Code Repository Integration"   "コードリポジトリの連携"                       "resources[].details.codeRepository.integrationArn"
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
    /// assert_eq!(Column::from_heading("resources[].tags"), Some(Column::ResourceTags));
    /// assert_eq!(Column::from_heading("Owner"), None);
    /// ```
    pub fn from_heading(heading: &str) -> Option<Column> {
        static ENGLISH: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
            let names = Column::ALL.iter().map(|column| (plain(column.name()), *column));
            // A path of several columns names none, and `type` is in more headings than those of the API.
            let of = |path: &str| Column::ALL.iter().filter(|column| column.api_path() == path).count();
            let paths = Column::ALL.iter().map(|column| (column.api_path(), *column));
            let paths = paths.filter(|(path, _)| !matches!(*path, "" | "type") && of(path) == 1);
            let paths = paths.map(|(path, column)| (plain(path), column));
            paths.chain(names).chain(OTHER_NAMES.iter().map(|(name, column)| ((*name).to_owned(), *column))).collect()
        });
        static JAPANESE: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
            let names = Column::ALL.iter().map(|column| (plain(column.japanese_name()), *column));
            OTHER_JAPANESE_NAMES.iter().map(|(name, column)| ((*name).to_owned(), *column)).chain(names).collect()
        });
        // As the workbooks of this program have it; that of another zone would be read hours off.
        let plain = plain(heading.trim_end().strip_suffix("(UTC)").unwrap_or(heading));
        let english = ENGLISH.get(&plain).copied();
        // Some labels of the Japanese have no character beyond ASCII; those are the same in English.
        let may_be_japanese = !plain.is_ascii() && plain.chars().count() < LONGER_THAN_ANY;
        english.or_else(|| if may_be_japanese { JAPANESE.get(&plain).copied() } else { None })
    }
}

/// Names that people and other programs give to columns, as [`plain`] has them.
const OTHER_NAMES: [(&str, Column); 7] = [
    ("accountid", Column::AwsAccountId),
    ("cve", Column::VulnerabilityId),
    ("cveid", Column::VulnerabilityId),
    ("cwe", Column::Cwes),
    ("epss", Column::EpssScore),
    ("fixedversion", Column::FixedInVersion),
    ("installedversion", Column::PackageInstalledVersion),
];

/// Labels that files in Japanese have, of earlier versions of this program and of others, as [`plain`] has them.
const OTHER_JAPANESE_NAMES: [(&str, Column); 34] = [
    ("発見タイプ", Column::FindingType),
    ("発見のarn", Column::FindingArn),
    ("初めて検出された日時", Column::FirstSeen),
    ("最後に検出された日時", Column::LastSeen),
    ("最後に更新された日時", Column::LastUpdated),
    ("影響を受けたパッケージ", Column::AffectedPackages),
    ("インストール済みのパッケージバージョン", Column::PackageInstalledVersion),
    ("パッケージ修正方法", Column::PackageRemediation),
    ("ネットワークパス", Column::NetworkPaths),
    ("インスペクターのスコア", Column::InspectorScore),
    ("インスペクターのスコアベクトル", Column::InspectorScoreVector),
    ("nvdcvss3スコア", Column::NvdCvss3Score),
    ("nvdcvss3ベクトル", Column::NvdCvss3Vector),
    ("nvdcvss2スコア", Column::NvdCvss2Score),
    ("nvdcvss2ベクトル", Column::NvdCvss2Vector),
    ("ベンダーcvss3スコア", Column::VendorCvss3Score),
    ("ベンダーcvss3ベクトル", Column::VendorCvss3Vector),
    ("ベンダーcvss2スコア", Column::VendorCvss2Score),
    ("ベンダーcvss2ベクトル", Column::VendorCvss2Vector),
    ("リソースのパブリックipv4", Column::ResourcePublicIpv4),
    ("リソースのプライベートipv4", Column::ResourcePrivateIpv4),
    ("リソースのipv6", Column::ResourceIpv6),
    ("リソースvpc", Column::ResourceVpc),
    ("攻撃可能な状態", Column::ExploitAvailable),
    ("最後に悪用された日時", Column::LastExploitedAt),
    ("lambdaの最終更新日時", Column::LambdaLastUpdatedAt),
    ("イメージが最後に使用された日時", Column::ImageLastInUseAt),
    ("nvdcvss4スコア", Column::NvdCvss4Score),
    ("nvdcvss4ベクトル", Column::NvdCvss4Vector),
    ("ベンダーcvss4スコア", Column::VendorCvss4Score),
    ("ベンダーcvss4ベクトル", Column::VendorCvss4Vector),
    ("ネットワークパスの構成要素の種類", Column::NetworkPathTypes),
    ("インスペクターのスコアの出典", Column::InspectorScoreSource),
    ("インスペクターのスコアの調整", Column::InspectorScoreAdjustments),
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

    /// Files with the labels of earlier versions, and with those of the article that they came from, stay readable.
    #[test]
    fn labels_of_earlier_versions_find_their_columns() {
        for (label, column) in [
            ("発見タイプ", Column::FindingType),
            ("発見のARN", Column::FindingArn),
            ("初めて検出された日時", Column::FirstSeen),
            ("インスペクターのスコア", Column::InspectorScore),
            ("最後に悪用された日時", Column::LastExploitedAt),
            ("攻撃可能な状態", Column::ExploitAvailable),
            ("AWSアカウントID", Column::AwsAccountId),
            ("NVD CVSS3スコア", Column::NvdCvss3Score),
            ("ネットワークパス", Column::NetworkPaths),
        ] {
            assert_eq!(Column::from_heading(label), Some(column), "{label}");
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
