//! The account of a finding, where a spreadsheet or a person has spoilt its cell.
//!
//! An account id has 12 digits (AWS Account Management reference, "AWS account identifiers"). A spreadsheet takes it for a
//! number: zeros in front are gone, or all but the first digits (`1.23457E+11`), or the digits stand in groups
//! (`123,456,789,012`), or the column was too narrow to show any (`########`). A person writes it as the AWS console shows
//! it, `1234-5678-9012`. The ARN of the finding has the account as it was, and so has that of the resource.

use std::borrow::Cow;

/// Digits of an account id.
const DIGITS: usize = 12;

/// The fewest digits that a number is taken for an account id with: more than three zeros in front are not seen.
const FEWEST_DIGITS: usize = 9;

/// Whether a cell holds an account id as it should be.
pub(crate) fn is_account(cell: &str) -> bool {
    cell.len() == DIGITS && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account id that a cell should hold; `arns` are those of the row, the surest first. `None` where the cell is as it
/// should be, holds something else than a spoilt account id, or nothing tells what it was.
pub(crate) fn repair<'a>(cell: &str, arns: impl IntoIterator<Item = &'a str>) -> Option<String> {
    if is_account(cell) {
        return None;
    }
    let bare = ungrouped(bare(cell));
    let tells_nothing = bare.is_empty() || is_lost(&bare);
    let is_number = !bare.is_empty() && bare.len() <= DIGITS && bare.bytes().all(|byte| byte.is_ascii_digit());
    if !(tells_nothing || is_number) {
        return None;
    }
    let fits = |account: &&str| tells_nothing || trimmed(account) == trimmed(&bare);
    if let Some(account) = arns.into_iter().filter_map(of_arn).find(fits) {
        return Some(account.to_owned());
    }
    (is_number && bare.len() >= FEWEST_DIGITS).then(|| format!("{bare:0>DIGITS$}"))
}

/// Whether a text is a number whose digits a spreadsheet has not kept: `1.23457E+11`, in other countries `1,23457E+11`, or
/// `########` in a column that was too narrow.
pub(crate) fn is_lost(text: &str) -> bool {
    let text = text.trim();
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return text.len() > 1 && text.bytes().all(|byte| byte == b'#');
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    mantissa.split(['.', ',']).all(digits) && digits(exponent.strip_prefix('+').unwrap_or(exponent))
}

/// Digits without the commas, dots, hyphens or blanks between their groups of three or four; another text as it is.
fn ungrouped(text: &str) -> Cow<'_, str> {
    let separator = |character: char| matches!(character, ',' | '.' | '-' | ' ' | '\u{a0}' | '\u{202f}');
    let mut groups = text.split(separator);
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let is_grouped = (1..=4).contains(&first.len())
        && is_digits(first)
        && text.contains(separator)
        && groups.all(|group| (3..=4).contains(&group.len()) && is_digits(group));
    if is_grouped { text.replace(separator, "").into() } else { text.into() }
}

/// A cell without what spreadsheets and data frames put around a number: `="012345678901"`, `'012345678901`,
/// `12345678901.0`.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix("=\"").and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    cell.strip_suffix(".0").unwrap_or(cell)
}

fn trimmed(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

/// The account in `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
fn of_arn(arn: &str) -> Option<&str> {
    arn.trim().strip_prefix("arn:")?.split(':').nth(3).filter(|account| is_account(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:inspector2:us-east-1:054049963077:finding/32ecbc0f52b0b1e397dbf4d583578bd4";
    const FUNCTION: &str = "arn:aws:lambda:us-east-1:054049963077:function:ingest:$LATEST";

    #[test]
    fn what_spreadsheets_do_to_an_account_is_undone() {
        let account = Some("054049963077".to_owned());
        for cell in [
            "54049963077",
            "5.405E+10",
            "5,405E+10",
            "",
            " ",
            "54049963077.0",
            "=\"054049963077\"",
            "'054049963077",
            "54,049,963,077",
            "54.049.963.077",
            "54\u{a0}049\u{a0}963\u{a0}077",
            "0540-4996-3077",
            "########",
        ] {
            assert_eq!(repair(cell, [ARN, ""]), account, "{cell}");
            assert_eq!(repair(cell, ["arn:1", FUNCTION]), account, "{cell}");
        }
        for cell in ["54049963077", "54,049,963,077", "0540-4996-3077"] {
            assert_eq!(repair(cell, ["", "i-1"]), account, "an account id has 12 digits: {cell}");
        }
    }

    #[test]
    fn what_is_no_spoilt_account_is_left_alone() {
        for cell in ["054049963077", "111122223333", "production", "54-049", "1.5", "0540499630771"] {
            assert_eq!(repair(cell, [ARN]), None, "{cell}");
        }
        // The ARN is of another account: the cell is what is known.
        for cell in ["123", "54-049", "1.500", "#1"] {
            assert_eq!(repair(cell, [ARN]), None, "{cell}");
        }
        assert_eq!(repair("111,222,333,444", [ARN]), Some("111222333444".to_owned()));
        assert_eq!(repair("1.23457E+11", ["arn:1", "i-1"]), None, "nothing tells its last digits");
        assert_eq!(repair("########", ["arn:1", "i-1"]), None, "nothing tells its digits");
        assert_eq!(repair("", [""]), None);
    }
}
