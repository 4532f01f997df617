//! URIs: of places, of references, of the console.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// The longest relative URI that is written in full.
const LONGEST: usize = 1_000;

/// Adds a path segment, percent-encoded but for the unreserved characters of RFC 3986: `:` too, since GitHub takes what
/// stands before a colon in a relative URI for a scheme, and rejects the file.
///
/// A segment is never empty, and never `.` or `..`, which readers would resolve away.
pub(crate) fn push_segment(uri: &mut String, segment: &str) {
    if !uri.is_empty() && !uri.ends_with('/') {
        uri.push('/');
    }
    match segment {
        "" => uri.push('-'),
        "." => uri.push('_'),
        ".." => uri.push_str("__"),
        _ => encode(uri, segment, RESERVED),
    }
}

/// Adds the segments of a path, whichever slashes it has; empty segments are left out.
pub(crate) fn push_path(uri: &mut String, path: &str) {
    path.split(['/', '\\']).filter(|segment| !segment.is_empty()).for_each(|segment| push_segment(uri, segment));
}

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same without what sets segments apart.
const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');

/// Adds a text, percent-encoded.
fn encode(uri: &mut String, text: &str, reserved: &'static AsciiSet) {
    uri.extend(utf8_percent_encode(text, reserved));
}

/// What a segment is the encoding of.
pub(crate) fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// A URI of percent-encoded segments, made shorter where something in it is out of all measure; still one of its own.
pub(crate) fn bounded(mut uri: String) -> String {
    if uri.len() > LONGEST {
        let whole = Sha256::digest(uri.as_bytes());
        let mut cut = LONGEST;
        while uri.get(..cut).is_none_or(|kept| kept.ends_with('/') || kept.bytes().rev().take(2).any(|b| b == b'%')) {
            cut -= 1;
        }
        uri.truncate(cut);
        uri.push('~');
        for byte in whole.iter().take(8) {
            let _ = write!(uri, "{byte:02x}");
        }
    }
    uri
}

/// The text, if it is a URL for the web that can stand in a page or a table as it is: http or https, a host, no user
/// name, and none of the characters that RFC 3986 leaves out.
pub(crate) fn web(text: &str) -> Option<&str> {
    let text = text.trim();
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let rest = &text[scheme.len()..];
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let fits = |b: u8| b.is_ascii_graphic() && !br#"<>"`{}|\^"#.contains(&b);
    let name = |b: u8| b.is_ascii_alphanumeric() || b".-:".contains(&b);
    let whole = host.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric()) && host.bytes().all(name);
    (whole && text.len() <= 2_048 && rest.bytes().all(fits) && percents(rest)).then_some(text)
}

/// Whether every `%` begins an encoded byte.
fn percents(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()))
}

/// The page of a finding in the AWS console, in the partition and Region that its ARN names.
///
/// The consoles' hosts are those of "AWS Management Console endpoints"; the address of a finding's page is the one that
/// Inspector's console shows, which AWS does not document.
pub(crate) fn console(arn: &str) -> Option<String> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next().filter(|part| !part.is_empty());
    let (scheme, partition, service, region, _, id) = (next()?, next()?, next()?, next()?, next()?, next()?);
    let host = match partition {
        "aws" => "console.aws.amazon.com",
        "aws-cn" => "console.amazonaws.cn",
        "aws-us-gov" => "console.amazonaws-us-gov.com",
        _ => return None,
    };
    let is_region = region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if scheme != "arn" || service != "inspector2" || !is_region || !id.starts_with("finding/") || arn.len() > 300 {
        return None;
    }
    let mut link = format!("https://{host}/inspector/v2/home?region={region}#/findings/details/");
    encode(&mut link, arn, RESERVED_IN_PATHS);
    Some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> String {
        let mut uri = "aws".to_owned();
        push_path(&mut uri, path);
        uri
    }

    #[test]
    fn segments_are_relative_and_encoded() {
        assert_eq!(path("vol-0e47:/p1:usr/bin/kube let"), "aws/vol-0e47%3A/p1%3Ausr/bin/kube%20let");
        assert_eq!(path("/etc//passwd"), "aws/etc/passwd");
        assert_eq!(path(r"C:\Program Files\x.dll"), "aws/C%3A/Program%20Files/x.dll");
        assert_eq!(path("../../x/./y"), "aws/__/__/x/_/y");
        assert_eq!(path("基盤?#"), "aws/%E5%9F%BA%E7%9B%A4%3F%23");
        assert_eq!(path("100%"), "aws/100%25");
        let mut uri = String::new();
        push_segment(&mut uri, "");
        assert_eq!(uri, "-");
    }

    #[test]
    fn what_is_out_of_measure_is_cut_and_still_distinct() {
        let (a, b) = (bounded(path(&"%x/".repeat(9_000))), bounded(path(&("%x/".repeat(9_000) + "y"))));
        assert!(a.len() < 1_100 && a != b && percents(&a));
        assert_eq!(bounded("aws/x".into()), "aws/x");
    }

    #[test]
    fn only_addresses_on_the_web_are_links() {
        for good in ["https://a.example", "http://a.example:8080/x?y=1&z=%20#f(1)", " HTTPS://a.example/ "] {
            assert_eq!(web(good), Some(good.trim()));
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "ftp://a.example",
            "https://",
            "https:///x",
            "https://a b",
            "https://u:p@host/",
            "https://a.example/<b>",
            "https://a.example/\"",
            "https://a.example/x|y",
            "//a.example",
            "https://a/%zz",
            "https://a.example/\u{202e}x",
            "https://例え.example",
            "https://-a",
        ] {
            assert_eq!(web(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_console_is_that_of_the_partition() {
        let arn =
            |partition: &str, region: &str| format!("arn:{partition}:inspector2:{region}:012345678901:finding/ab");
        assert_eq!(
            console(&arn("aws", "ap-northeast-1")).unwrap(),
            "https://console.aws.amazon.com/inspector/v2/home?region=ap-northeast-1\
             #/findings/details/arn%3Aaws%3Ainspector2%3Aap-northeast-1%3A012345678901%3Afinding/ab"
        );
        assert!(console(&arn("aws-cn", "cn-north-1")).unwrap().starts_with("https://console.amazonaws.cn/"));
        assert!(console(&arn("aws-us-gov", "us-gov-west-1")).unwrap().contains("console.amazonaws-us-gov.com/"));
        for bad in [
            "",
            "x",
            "arn:aws:inspector2:us-east-1:1",
            "arn:aws:s3:us-east-1:1:finding/x",
            &arn("aws", "a b"),
            &arn("x", "y"),
        ] {
            assert_eq!(console(bad), None, "{bad}");
        }
    }
}
