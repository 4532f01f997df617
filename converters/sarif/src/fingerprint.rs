//! What an alert is known by, so that next week's upload finds it again.
//!
//! GitHub takes the tool, the rule, the path and `partialFingerprints.primaryLocationLineHash` for the identity of an
//! alert. A digest, a time or a description in it would lose every dismissal at each push.

use std::collections::BTreeSet;

use inspector_report_model::Finding;
use sha2::{Digest, Sha256};

use crate::rule_id::Subject;

/// The SHA-256 of what identifies a finding.
pub(crate) type Fingerprint = [u8; 32];

/// The fingerprint of a finding at a place: what it is, where, and in which packages, at which port or by which
/// detector. Order and repetition of packages do not count.
pub(crate) fn fingerprint(finding: Finding<'_>, subject: &Subject<'_>, uri: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    // Each text with its length, so that no two lists of texts are the same bytes.
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(subject.tag());
    add(uri);
    match subject {
        Subject::Vulnerability(id) => {
            add(id);
            packages(finding).iter().for_each(|name| add(name));
        }
        Subject::Network { ports, protocol } => {
            add(ports.as_deref().unwrap_or_default());
            add(protocol.unwrap_or_default());
        }
        Subject::Code(detector) => add(detector.unwrap_or_default()),
        Subject::Other(kind) => {
            add(kind);
            add(finding.title().trim());
        }
    }
    hash.finalize().into()
}

fn packages(finding: Finding<'_>) -> BTreeSet<&str> {
    finding.packages().map(|package| package.name).collect()
}

/// The text of a fingerprint. Findings that are the same but for what must not count (the images of one repository,
/// say) are numbered from 1, in the form that CodeQL's own fingerprints have.
pub(crate) fn text(fingerprint: &Fingerprint, number: u32) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(72);
    for byte in fingerprint {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS[usize::from(digit)]));
        }
    }
    text.push(':');
    text.push_str(&number.to_string());
    text
}

/// A number that is the same for the same text, and as good as random.
pub(crate) fn hash(text: &str) -> u64 {
    first(&Sha256::digest(text.as_bytes()).into())
}

/// The same for one of the findings with a fingerprint.
pub(crate) fn hash_of(fingerprint: &Fingerprint, number: u32) -> u64 {
    first(&Sha256::new().chain_update(fingerprint).chain_update(number.to_le_bytes()).finalize().into())
}

fn first(fingerprint: &Fingerprint) -> u64 {
    fingerprint.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use inspector_report_model::{Report, View};

    use super::*;
    use inspector_report_format::NO_FILES;

    use crate::{locations::Locations, place::Places};

    const HEADINGS: [&str; 11] = [
        "AWS Account Id",
        "Region",
        "Resource Type",
        "Resource ID",
        "Finding Type",
        "Vulnerability Id",
        "Affected Packages",
        "Port Range",
        "Detector Name",
        "Title",
        "Description",
    ];

    fn of(cells: [&str; 11]) -> Fingerprint {
        let report = View::of(Report::from_rows("made", &HEADINGS, [cells]));
        let finding = report.finding(0).unwrap();
        fingerprint(
            finding,
            &Subject::of(finding),
            &Places::new(&report, &Locations::default(), &NO_FILES).path(finding),
        )
    }

    #[test]
    fn what_identifies_a_finding_changes_it_and_nothing_else() {
        let image = |digest: char| {
            format!("arn:aws:ecr:us-east-1:1:repository/shop/api/sha256:{}", digest.to_string().repeat(64))
        };
        let (a, b) = (image('a'), image('b'));
        let package = [
            "1",
            "us-east-1",
            "AWS_ECR_CONTAINER_IMAGE",
            &a,
            "PACKAGE_VULNERABILITY",
            "CVE-1",
            "x, y",
            "",
            "",
            "CVE-1 - x",
            "d",
        ];
        let with = |place: usize, cell: &str| {
            let mut cells: Vec<String> = package.iter().map(|cell| (*cell).to_owned()).collect();
            cells[place] = cell.to_owned();
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            of(cells.try_into().unwrap())
        };
        for (place, cell) in [(3, b.as_str()), (6, "y, x"), (6, "y, x, y"), (9, "another"), (10, "another")] {
            assert_eq!(with(place, cell), of(package), "{cell}");
        }
        for (place, cell) in [
            (0, "2"),
            (1, "us-east-2"),
            (2, ""),
            (3, "i-1"),
            (4, "NETWORK_REACHABILITY"),
            (5, "CVE-2"),
            (6, "x"),
            (6, "xy"),
        ] {
            assert_ne!(with(place, cell), of(package), "{cell}");
        }
        let network = [
            "1",
            "us-east-1",
            "AWS_EC2_INSTANCE",
            "i-1",
            "NETWORK_REACHABILITY",
            "",
            "",
            "22-22",
            "",
            "Port - TCP",
            "d",
        ];
        let mut other = network;
        other[7] = "23-23";
        assert_ne!(of(network), of(other));
        other = network;
        other[9] = "Port - UDP";
        assert_ne!(of(network), of(other));
        let code = ["1", "us-east-1", "", "x", "CODE_VULNERABILITY", "", "", "", "Log injection", "t", "d"];
        other = code;
        other[8] = "SQL injection";
        assert_ne!(of(code), of(other));
    }

    #[test]
    fn the_text_is_hexadecimal_and_numbered() {
        let mut fingerprint = [0; 32];
        fingerprint[0] = 0xab;
        fingerprint[31] = 0x0f;
        assert_eq!(text(&fingerprint, 2), format!("ab{}0f:2", "0".repeat(60)));
        assert_ne!(hash_of(&fingerprint, 1), hash_of(&fingerprint, 2));
        // SHA-256 of the empty text begins e3b0c44298fc1c14.
        assert_eq!(hash(""), 0xe3b0_c442_98fc_1c14);
    }
}
