//! Inspector's severity in the terms of SARIF and of GitHub.

use inspector_report_model::value::Severity;
use serde_sarif::sarif::ResultLevel;

use crate::text::slug;

/// The lowest and the highest `security-severity` that GitHub shows as the same severity as Inspector's.
///
/// GitHub Docs: over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low. 9.0 itself is disputed, so
/// critical begins at 9.1. GitHub has nothing below low: informational and untriaged findings get the lowest value it
/// shows, and a tag that says what they are; an untriaged finding's score is not taken for a rating that the vendor
/// has not given. A severity that is not known goes where its score says.
fn band(severity: Severity<'_>) -> (f64, f64) {
    match severity {
        Severity::Critical => (9.1, 10.0),
        Severity::High => (7.0, 8.9),
        Severity::Medium => (4.0, 6.9),
        Severity::Low => (0.1, 3.9),
        Severity::Informational | Severity::Untriaged => (0.1, 0.1),
        Severity::Other(_) => (0.1, 10.0),
    }
}

/// The number for `security-severity`: the score, moved into the band of the severity. Without a score (11 % of
/// findings) it is the lowest of the band: the severity is shown as it is, and no more is claimed.
pub(crate) fn security_severity(severity: Severity<'_>, score: Option<f64>) -> f64 {
    let (lowest, highest) = band(severity);
    score.filter(|score| score.is_finite()).unwrap_or(lowest).clamp(lowest, highest)
}

/// `level`, which readers other than GitHub show.
pub(crate) fn level(severity: Severity<'_>) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

/// The severity as it ends a rule id.
pub(crate) fn suffix(severity: Severity<'_>) -> String {
    match severity {
        Severity::Other("") => "unrated".to_owned(),
        // `High!` is not High, and must not share its rule.
        Severity::Other(text) if Severity::KNOWN.iter().any(|known| slug(known.as_str()) == slug(text)) => {
            format!("other-{}", slug(text))
        }
        severity => slug(severity.as_str()),
    }
}

/// The tag of a severity that GitHub has no place for.
pub(crate) fn tag(severity: Severity<'_>) -> Option<&'static str> {
    match severity {
        Severity::Informational => Some("informational"),
        Severity::Untriaged => Some("untriaged"),
        Severity::Other(_) => Some("unrated"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As GitHub reads it.
    fn shown(number: f64) -> &'static str {
        let number: f64 = format!("{number:.1}").parse().unwrap();
        match number {
            n if n > 9.0 => "critical",
            n if n >= 7.0 => "high",
            n if n >= 4.0 => "medium",
            n if n >= 0.1 => "low",
            _ => "none",
        }
    }

    #[test]
    fn every_severity_is_shown_as_inspector_gave_it_whatever_the_score() {
        let scores =
            [None, Some(0.0), Some(0.04), Some(3.95), Some(5.0), Some(6.96), Some(8.99), Some(9.0), Some(10.0)];
        let odd = [Some(-1.0), Some(99.0), Some(f64::NAN), Some(f64::INFINITY)];
        for (severity, expected) in [
            (Severity::Critical, "critical"),
            (Severity::High, "high"),
            (Severity::Medium, "medium"),
            (Severity::Low, "low"),
            (Severity::Informational, "low"),
            (Severity::Untriaged, "low"),
        ] {
            for score in scores.iter().chain(&odd) {
                assert_eq!(shown(security_severity(severity, *score)), expected, "{severity} {score:?}");
            }
        }
    }

    #[test]
    fn a_score_in_the_band_stands() {
        assert_eq!(security_severity(Severity::High, Some(7.5)), 7.5);
        assert_eq!(security_severity(Severity::Critical, Some(9.8)), 9.8);
        assert_eq!(security_severity(Severity::Critical, None), 9.1);
        assert_eq!(security_severity(Severity::Untriaged, Some(8.8)), 0.1);
    }

    #[test]
    fn an_unknown_severity_goes_by_its_score() {
        assert_eq!(security_severity(Severity::Other("Severe"), Some(9.8)), 9.8);
        assert_eq!(security_severity(Severity::Other(""), None), 0.1);
        assert_eq!(
            (suffix(Severity::Other("Very Bad!")), suffix(Severity::Other(""))),
            ("very-bad".into(), "unrated".into())
        );
        assert_eq!((suffix(Severity::Other("High!")), suffix(Severity::High)), ("other-high".into(), "high".into()));
    }

    #[test]
    fn levels_are_three() {
        let levels = Severity::KNOWN.iter().map(|severity| level(*severity).to_string()).collect::<Vec<_>>();
        assert_eq!(levels, ["error", "error", "warning", "note", "note", "note"]);
    }
}
