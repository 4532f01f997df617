//! The values that Inspector's enumerations take, and the readers of numbers and lists.
//!
//! The values are those of the Amazon Inspector API reference (data type `Finding` and its parts). AWS adds values;
//! edited reports hold others. A value that is not known is never an error: it is kept, as it was written, in `Other`.

/// Fill and text, as RGB, by rank of severity. Computed to stay apart for colour-blind readers and in grey print, with a
/// contrast of at least 5:1 (WCAG 2 asks 4.5:1); the severity is always written as well.
pub const SEVERITY_COLOURS: [(u32, u32); 7] = [
    (0x8B0000, 0xFFFFFF),
    (0xD55E00, 0x000000),
    (0xF0E442, 0x000000),
    (0x56B4E9, 0x000000),
    (0xBFBFBF, 0x000000),
    (0xFFFFFF, 0x000000),
    (0xFFFFFF, 0x000000),
];

/// Colours of lines and columns by rank of severity, as RGB, each with the square that comes closest to it. They stand on
/// white and on the black of dark pages with a contrast of at least 3:1 (WCAG 2, "Non-text contrast"), which the fills of
/// [`SEVERITY_COLOURS`] do not.
pub const LINE_COLOURS: [(u32, &str); 7] = [
    (0xC62828, "🟥"),
    (0xD55E00, "🟧"),
    (0x967D00, "🟨"),
    (0x1F83C6, "🟦"),
    (0x808080, "⬜"),
    (0x8E5BB5, "🟪"),
    (0x8C6239, "🟫"),
];

macro_rules! enumeration {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal $key:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name<'a> {
            $($(#[$variant_doc])* $variant,)*
            /// A value that is not known today, or none (empty): as it was written.
            Other(&'a str),
        }

        impl<'a> $name<'a> {
            /// The known values, in their order.
            pub const KNOWN: &'static [$name<'static>] = &[$($name::$variant,)*];

            /// Reads a cell. Case and white space around do not count.
            pub fn parse(text: &'a str) -> $name<'a> {
                let trimmed = text.trim();
                $(if trimmed.eq_ignore_ascii_case($text) { return $name::$variant; })*
                $name::Other(trimmed)
            }

            /// The value as Inspector writes it.
            pub fn as_str(self) -> &'a str {
                match self { $($name::$variant => $text,)* $name::Other(text) => text }
            }

            /// The identifier of the value's texts; `None` for [`Other`](Self::Other), which is shown as written.
            pub fn key(self) -> Option<&'static str> {
                match self { $($name::$variant => Some($key),)* $name::Other(_) => None }
            }
        }

        impl std::fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

enumeration! {
    /// How bad Inspector says a finding is. The order is from worst to least.
    Severity {
        /// Inspector score 9.0 to 10.0.
        Critical "CRITICAL" "severity-critical"
        /// Inspector score 7.0 to 8.9.
        High "HIGH" "severity-high"
        /// Inspector score 4.0 to 6.9.
        Medium "MEDIUM" "severity-medium"
        /// Inspector score 0.1 to 3.9.
        Low "LOW" "severity-low"
        /// Inspector score 0.
        Informational "INFORMATIONAL" "severity-informational"
        /// The vendor has not rated it yet; that does not mean harmless.
        Untriaged "UNTRIAGED" "severity-untriaged"
    }
}

enumeration! {
    /// Where a finding is in its life.
    Status {
        /// Not remediated.
        Active "ACTIVE" "status-active"
        /// Hidden by a suppression rule of the account.
        Suppressed "SUPPRESSED" "status-suppressed"
        /// Remediated, or its resource is gone. Inspector forgets it seven days later.
        Closed "CLOSED" "status-closed"
    }
}

enumeration! {
    /// What kind of finding it is.
    FindingType {
        /// A package with a known vulnerability.
        PackageVulnerability "PACKAGE_VULNERABILITY" "finding-type-package-vulnerability"
        /// An open network path to an EC2 instance.
        NetworkReachability "NETWORK_REACHABILITY" "finding-type-network-reachability"
        /// A weakness in the code of a Lambda function or a repository.
        CodeVulnerability "CODE_VULNERABILITY" "finding-type-code-vulnerability"
    }
}

enumeration! {
    /// Whether the affected packages have a fixed version.
    FixAvailable {
        /// All of them.
        Yes "YES" "fix-yes"
        /// Some of them.
        Partial "PARTIAL" "fix-partial"
        /// None of them.
        No "NO" "fix-no"
    }
}

enumeration! {
    /// Whether an exploit of the vulnerability is known.
    ExploitAvailable {
        /// One is known.
        Yes "YES" "exploit-yes"
        /// None is known.
        No "NO" "exploit-no"
    }
}

enumeration! {
    /// What kind of resource a finding is on.
    ResourceType {
        /// An EC2 instance.
        Ec2Instance "AWS_EC2_INSTANCE" "resource-type-ec2-instance"
        /// A container image in ECR.
        EcrContainerImage "AWS_ECR_CONTAINER_IMAGE" "resource-type-ecr-container-image"
        /// A repository in ECR.
        EcrRepository "AWS_ECR_REPOSITORY" "resource-type-ecr-repository"
        /// A Lambda function.
        LambdaFunction "AWS_LAMBDA_FUNCTION" "resource-type-lambda-function"
        /// A code repository.
        CodeRepository "CODE_REPOSITORY" "resource-type-code-repository"
        /// A machine image.
        MachineImage "MACHINE_IMAGE" "resource-type-machine-image"
    }
}

/// How many severities are told apart: the known ones, and one for all others.
pub const SEVERITIES: usize = Severity::KNOWN.len() + 1;

impl Severity<'_> {
    /// 0 for the worst known severity, one more for each step down; values that are not known come last.
    pub fn rank(self) -> usize {
        Severity::KNOWN.iter().position(|known| *known == self).unwrap_or(Severity::KNOWN.len())
    }
}

impl Status<'_> {
    /// Whether the finding still asks for work: it is neither suppressed nor closed.
    ///
    /// A report without the column Status, or with a value that is not known, counts as open: showing a finding too
    /// many is the lesser fault.
    pub fn is_open(self) -> bool {
        !matches!(self, Status::Suppressed | Status::Closed)
    }
}

/// Where a CVSS score comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScoreSource<'a> {
    /// Inspector's own, adjusted to the resource.
    Inspector,
    /// The National Vulnerability Database.
    Nvd,
    /// The vendor named in the finding.
    Vendor(&'a str),
}

/// A CVSS score with its vector. At least one of the two is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cvss<'a> {
    /// Who gave it.
    pub source: ScoreSource<'a>,
    /// The version of CVSS as written in the vector (`3.1`), else that of the column (`3`, `2`).
    pub version: &'a str,
    /// The base score, 0.0 to 10.0 (not checked).
    pub score: Option<f64>,
    /// The vector, as written.
    pub vector: &'a str,
}

impl<'a> Cvss<'a> {
    pub(crate) fn new(source: ScoreSource<'a>, column: &'static str, score: &str, vector: &'a str) -> Option<Self> {
        let score = number(score);
        if score.is_none() && vector.is_empty() {
            return None;
        }
        let version = vector.strip_prefix("CVSS:").and_then(|rest| rest.split('/').next()).unwrap_or(column);
        Some(Cvss { source, version, score, vector })
    }
}

/// Whether Excel would take the text for a formula if someone typed it: OWASP, "CSV Injection", and the full-width
/// forms. In a cell of a workbook it is text, but pressing Enter in the cell would make it a formula.
pub fn starts_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Reads a number as Inspector writes it; `None` for text, infinities and NaN.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
        return None;
    }
    text.parse().ok().filter(|n: &f64| n.is_finite())
}

/// A number with a decimal comma, as spreadsheets of many countries write it, with a point: `7,5`, `4,2E-05`. `None` for
/// everything else.
pub fn with_decimal_point(text: &str) -> Option<String> {
    let (whole, rest) = text.trim().split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = rest.split(['e', 'E']).next().unwrap_or(rest);
    let plain = format!("{whole}.{rest}");
    (digits(whole) && digits(fraction) && number(&plain).is_some()).then_some(plain)
}

/// A whole number with a mark between its thousands, without it: `1.234` for the mark `.`. `None` for everything else.
pub fn without_thousands(text: &str, mark: char) -> Option<String> {
    let mut groups = text.trim().split(mark);
    let first = groups.next().unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    let fits = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    let rest_fits = !rest.is_empty() && rest.iter().all(|group| group.len() == 3 && digits(group));
    (fits && rest_fits).then(|| format!("{first}{}", rest.concat()))
}

/// The items of a cell that holds a list, separated by commas; blank items are left out.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// Whether the cell says that there is no value: empty, or `NotAvailable` as Inspector writes it.
pub fn is_none(text: &str) -> bool {
    matches!(text.trim(), "" | "NotAvailable" | "None Provided")
}

/// The page of the database that gives out an id, where the id can only be what it looks like: the National
/// Vulnerability Database for a CVE, GitHub's Advisory Database for a GHSA.
///
/// ```
/// # use inspector_report_model::value::vulnerability_page;
/// assert_eq!(vulnerability_page("CVE-2024-3094").unwrap(), "https://nvd.nist.gov/vuln/detail/CVE-2024-3094");
/// assert_eq!(vulnerability_page("CVE-2024-3094/../.."), None);
/// ```
pub fn vulnerability_page(id: &str) -> Option<String> {
    if is_cve(id) {
        Some(format!("https://nvd.nist.gov/vuln/detail/{id}"))
    } else if is_ghsa(id) {
        Some(format!("https://github.com/advisories/{id}"))
    } else {
        None
    }
}

/// Whether an address names a JSON file, which is for programs and not for people. The `sourceUrl` of some vendors does.
///
/// ```
/// # use inspector_report_model::value::is_for_programs;
/// assert!(is_for_programs("https://alas.aws.amazon.com/cve/json/v1/CVE-2024-3094.json"));
/// assert!(!is_for_programs("https://alas.aws.amazon.com/AL2023/ALAS2023-2024-570.html?from=x.json"));
/// ```
pub fn is_for_programs(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end();
    path.get(path.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case(".json"))
}

/// `CVE-` year `-` at least four digits (cve.org, "CVE record format").
fn is_cve(id: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let parts = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| {
        year.len() == 4 && digits(year) && (4..=19).contains(&number.len()) && digits(number)
    })
}

/// `GHSA-` and three groups of four letters or digits (GitHub Docs, "About GHSA IDs").
fn is_ghsa(id: &str) -> bool {
    let group = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    id.strip_prefix("GHSA-").is_some_and(|rest| rest.split('-').count() == 3 && rest.split('-').all(group))
}

/// A text that says something.
pub(crate) fn some(text: &str) -> Option<&str> {
    let text = text.trim();
    (!is_none(text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_seen_on_light_and_dark_pages() {
        let luminance = |rgb: u32| {
            let part = |shift: u32| match f64::from(rgb >> shift & 0xFF) / 255.0 {
                low if low <= 0.040_45 => low / 12.92,
                high => ((high + 0.055) / 1.055).powf(2.4),
            };
            0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
        };
        for (colour, _) in LINE_COLOURS {
            let line = luminance(colour) + 0.05;
            assert!((luminance(0xFFFFFF) + 0.05) / line >= 3.0, "{colour:06x} on white");
            assert!(line / (luminance(0x0D1117) + 0.05) >= 3.0, "{colour:06x} on black");
        }
    }

    #[test]
    fn enumerations_read_any_case_and_keep_the_unknown() {
        assert_eq!(Severity::parse(" High"), Severity::High);
        assert_eq!(Severity::parse("Severe "), Severity::Other("Severe"));
        assert_eq!(Severity::Other("Severe").rank(), 6);
        assert!(Severity::Critical < Severity::High && Severity::Untriaged < Severity::Other(""));
        assert_eq!(
            ResourceType::parse("Microsoft.Compute/virtualMachines").as_str(),
            "Microsoft.Compute/virtualMachines"
        );
    }

    #[test]
    fn only_suppressed_and_closed_findings_are_not_open() {
        let open: Vec<bool> =
            ["ACTIVE", "", "NEW", "closed", "SUPPRESSED"].iter().map(|s| Status::parse(s).is_open()).collect();
        assert_eq!(open, [true, true, true, false, false]);
    }

    #[test]
    fn numbers_are_decimal_and_finite() {
        assert_eq!([number("7.5"), number(" 0.00042 "), number("-1")], [Some(7.5), Some(0.00042), Some(-1.0)]);
        assert_eq!([number("inf"), number("NaN"), number("7,5"), number(""), number("1e999")], [None; 5]);
    }

    #[test]
    fn numbers_of_other_countries_are_rewritten() {
        let point = |text| with_decimal_point(text);
        assert_eq!(
            [point("7,5"), point(" 0,01644"), point("4,2E-05")].map(Option::unwrap),
            ["7.5", "0.01644", "4.2E-05"]
        );
        assert_eq!(
            [point("7.5"), point("1.234,5"), point("7,"), point(",5"), point("1,2,3"), point("7,5 x")],
            [const { None }; 6]
        );
        let thousands = |text| without_thousands(text, '.');
        assert_eq!([thousands("1.234"), thousands("1.234.567")].map(Option::unwrap), ["1234", "1234567"]);
        assert_eq!(
            [thousands("1.23"), thousands("1234"), thousands("0.123"), thousands("1.2345"), thousands("")],
            [const { None }; 5]
        );
    }

    #[test]
    fn the_vector_tells_the_version() {
        let cvss = Cvss::new(ScoreSource::Nvd, "3", "9.8", "CVSS:3.1/AV:N").unwrap();
        assert_eq!((cvss.version, cvss.score), ("3.1", Some(9.8)));
        assert_eq!(Cvss::new(ScoreSource::Nvd, "2", "", "AV:N/AC:L").unwrap().version, "2");
        assert_eq!(Cvss::new(ScoreSource::Nvd, "2", "", ""), None);
    }

    #[test]
    fn what_a_person_could_type_as_a_formula_is_known() {
        assert!(["=1+1", "+1", "-1", "@babel/core", "\tx", "＝1"].iter().all(|text| starts_like_a_formula(text)));
        assert!(["a=1", "CVE-2024-1", "", " =1"].iter().all(|text| !starts_like_a_formula(text)));
    }
}
