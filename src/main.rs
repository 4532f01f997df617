//! The command line of inspector-report.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run().status().into()
}
