//! How long each step takes: `cargo bench`. For the whole program against others, see `benches/compare`.

#![allow(clippy::panic, missing_docs, reason = "a benchmark is not a library")]

use std::{fmt::Write as _, fs, path::PathBuf, sync::LazyLock};

use divan::{Bencher, counter::BytesCount};
use inspector_report::{
    FORMATS, Lang, Report, View, convert,
    core::{Settings, Statistics},
    read,
};

const ROWS: usize = 20_000;

fn main() {
    divan::main();
}

/// A report with Inspector's repetitions: a vulnerability on many resources, a resource with many vulnerabilities.
static REPORT: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut text = "AWS Account Id,Severity,Fix Available,Finding Type,Title,Description,Finding ARN,First Seen,Last Seen,\
        Last Updated,Resource ID,Region,Platform,Resource Tags,Affected Packages,Package Installed Version,Fixed in Version,\
        Package Remediation,Age (Days),Inspector Score,Status,Vulnerability Id,NVD CVSS3 Score,NVD CVSS3 Vector,\
        Resource Type,Epss Score,Exploit Available,Reference Urls\n"
        .to_owned();
    for row in 0..ROWS {
        let (vulnerability, resource) = (row * 7919 % 3000, row * 104_729 % 1200);
        let severity = ["CRITICAL", "HIGH", "MEDIUM", "MEDIUM", "HIGH", "LOW"][vulnerability % 6];
        let description =
            "A flaw, \"\"here\"\", lets a remote user read beyond a buffer.\n".repeat(3 + vulnerability % 12);
        let _ = writeln!(
            text,
            "{:012},{severity},YES,PACKAGE_VULNERABILITY,CVE-2025-{vulnerability:05} - lib{},\"{description}\",\
             arn:aws:inspector2:us-east-1:000123456789:finding/{row:032x},2026-01-02T03:04:05.{:03}Z,2026-02-02T03:04:05.678Z,\
             2026-02-03T03:04:05.678Z,i-{resource:017x},us-east-1,UBUNTU_22_04,\"Name:web-{resource},Owner:team\",lib{},1.{}.0,\
             1.{}.1,apt update,{},7.5,ACTIVE,CVE-2025-{vulnerability:05},7.5,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H,\
             AWS_EC2_INSTANCE,0.00{vulnerability:04},NO,https://nvd.example/CVE-2025-{vulnerability:05}",
            resource % 20,
            vulnerability % 300,
            row % 1000,
            vulnerability % 300,
            vulnerability % 50,
            vulnerability % 50,
            row % 400,
        );
    }
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench.csv");
    if let Err(error) = fs::write(&path, text) {
        panic!("{}: {error}", path.display());
    }
    path
});

fn report() -> Report {
    match read(&*REPORT) {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    }
}

/// Reads the report on one thread and on two.
#[divan::bench(args = [1, 2])]
fn read_csv(bencher: Bencher<'_, '_>, threads: usize) {
    let size = fs::metadata(&*REPORT).map_or(0, |metadata| metadata.len());
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
    bencher.counter(BytesCount::new(size)).bench(|| pool.install(report));
}

/// Writes the report in each format, its figures already computed.
#[divan::bench(args = FORMATS.iter().map(|format| format.name()))]
fn write(bencher: Bencher<'_, '_>, format: &str) {
    let view = View::of(report());
    Statistics::of(&view);
    let Some(format) = inspector_report::format(format) else { return };
    bencher.bench(|| convert(&view, format, &Settings::new(), Lang::En, &mut std::io::sink()));
}

/// Computes what every summary shows.
#[divan::bench]
fn figures(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| View::of(report())).bench_refs(|view| Statistics::of(view).total);
}
