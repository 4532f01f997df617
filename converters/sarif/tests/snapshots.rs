//! A whole file in each language.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Row, convert, report};
use inspector_report_localizer::Lang;

fn rows() -> Vec<Row> {
    vec![
        Row::new()
            .arn(1)
            .with("Resource Type", "AWS_ECR_CONTAINER_IMAGE")
            .with(
                "Resource ID",
                "arn:aws:ecr:us-east-1:012345678901:repository/shop/api/sha256:7396fd6a8a5b8ee83baa1ddcbb0cd2ecb8ba5a3881eb37fcd65c33a353ec9db5",
            )
            .with("Container Image Tags", "v1.2, latest")
            .with("Title", "CVE-2022-29824 - libxml2, libxml2")
            .with("Vulnerability Id", "CVE-2022-29824")
            .with("Description", "In libxml2 before 2.9.14, several buffer handling functions (xmlBuf*) don't check.\nSee <b>#1</b> | @team.")
            .with("Affected Packages", "libxml2, libxml2-python")
            .with("Package Installed Version", "0:2.9.1-6.el7.4, 0:2.9.1-6.el7.4")
            .with("Fixed in Version", "0:2.9.14-1, NotAvailable")
            .with("Package Remediation", "yum update libxml2, NotAvailable")
            .with("Fix Available", "PARTIAL")
            .with("First Seen", "2026-01-02T03:04:05.678Z")
            .with("Inspector Score", "7.5")
            .with("Inspector Score Vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H")
            .with("Vendor", "REDHAT_CVE")
            .with("Vendor Severity", "Moderate")
            .with("Vendor Advisory", "https://access.redhat.com/security/cve/CVE-2022-29824")
            .with("Exploit Available", "YES")
            .with("Reference Urls", "https://nvd.nist.gov/vuln/detail/CVE-2022-29824,javascript:alert(1)"),
        Row::new()
            .arn(2)
            .with("Finding Type", "NETWORK_REACHABILITY")
            .with("Severity", "MEDIUM")
            .with("Title", "Port 22 is reachable from an Internet Gateway - TCP")
            .with("Description", "On the instance i-0abc, the port range 22-22 is reachable.")
            .with("Vulnerability Id", "")
            .with("Affected Packages", "")
            .with("Fix Available", "")
            .with("Network Paths", "igw-1, sg-1, eni-1, i-0abc")
            .with("Remediation", "You can restrict access to your instance.")
            .with("Port Range", "22-22"),
        Row::new()
            .arn(3)
            .with("Finding Type", "CODE_VULNERABILITY")
            .with("Severity", "UNTRIAGED")
            .with("Title", "CWE-117,93 - Log injection")
            .with("Description", "User-provided inputs must be sanitized before they are logged.")
            .with("Vulnerability Id", "")
            .with("Affected Packages", "")
            .with("Fix Available", "")
            .with("Resource Type", "AWS_LAMBDA_FUNCTION")
            .with("Resource ID", "arn:aws:lambda:us-east-1:012345678901:function:resize:$LATEST")
            .with("File Path", "src/app.py")
            .with("Remediation", "Validate the value first.\n\n```\nvalue = clean(value)\n```")
            .with("Detector Name", "Log injection"),
    ]
}

fn pretty(lang: Lang) -> String {
    let (files, _) = convert(&report(&rows()), lang);
    assert_eq!(files.len(), 1);
    let value: serde_json::Value = serde_json::from_str(&files[0]).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn a_file_in_english() {
    insta::assert_snapshot!(pretty(Lang::En));
}

#[test]
fn a_file_in_japanese() {
    insta::assert_snapshot!(pretty(Lang::Ja));
}
