//! Reads the command line and does what it says. What the program says itself goes to standard error, so that standard
//! output is free for an output.

// This is the one place that may write to the terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod check;
mod compare;
mod config;
mod convert;
mod request;
mod system;
mod terminal;
mod trend;
#[cfg(feature = "upload")]
mod upload;

use std::{
    io::{self, Write},
    sync::Arc,
};

use clap::{CommandFactory, Parser};
use inspector_report::{
    Lang, Watch,
    batch::{Ending, Host, clean},
    core::{Column, Export, Localizer},
};

use args::{Cli, Command};
use terminal::Terminal;

/// Does what the command line says.
pub(crate) fn run() -> Ending {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // What clap prints is help or a usage error; where even that cannot be printed, nothing can.
            let _ = error.print();
            return if error.use_stderr() { Ending::Usage } else { Ending::Success };
        }
    };
    let result = match cli.command {
        Command::Convert(convert) => {
            return with_host(convert.jobs, convert.verbosity, |host| convert::convert(*convert, host));
        }
        Command::Compare(compare) => {
            return with_host(compare.jobs, compare.verbosity, |host| compare::compare(*compare, host));
        }
        Command::Check(check) => {
            return with_host(check.jobs, check.verbosity, |host| check::check(check, &host));
        }
        Command::Trend(trend) => {
            return with_host(trend.jobs, trend.verbosity, |host| trend::trend(*trend, host));
        }
        #[cfg(feature = "upload")]
        Command::Upload(upload) => {
            let jobs = args::Jobs { jobs: None };
            return with_host(jobs, upload.verbosity, |host| upload::upload(upload, &host));
        }
        Command::Priority(table) => match priority_table(table) {
            Ok(text) => print(text.as_bytes()),
            Err(what) => {
                eprintln!("error: {}", clean(&what));
                return Ending::Usage;
            }
        },
        Command::Columns { lang } => columns(lang.lang),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "inspector-report", &mut text);
            print(&text)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page).and_then(|()| print(&page))
        }
    };
    match result {
        Ok(()) => Ending::Success,
        Err(error) => {
            eprintln!("error: cannot write to standard output: {error}");
            Ending::Failure
        }
    }
}

/// Does the work of a command, when the number of threads is set, and what Ctrl-C does.
fn with_host(jobs: args::Jobs, verbosity: args::VerbosityArgs, work: impl FnOnce(Host) -> Ending) -> Ending {
    let stop = Arc::new(Watch::new());
    let host = Host { stop: Arc::clone(&stop), events: Arc::new(Terminal::new(verbosity.quiet)) };
    match system::start_threads(jobs.jobs.map(usize::from)) {
        Ok(Some(fewer)) if !verbosity.quiet => host.events.say(&format!("warning: {fewer}\n")),
        Ok(_) => {}
        Err(error) => {
            host.events.say(&format!("error: {error}\n"));
            return Ending::Failure;
        }
    }
    system::on_signal(move || {
        if stop.is_stopped() {
            // Asked twice: do not wait for the files in hand.
            std::process::exit(i32::from(Ending::Interrupted.status()));
        }
        stop.stop();
    });
    work(host)
}

/// Prints to standard output; that nobody reads it any more is no error.
fn print(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The table that decides what is acted on first.
fn priority_table(args: args::PriorityTable) -> Result<String, String> {
    let texts = Localizer::new(args.lang.lang);
    let config = config::Config::find(args.config.as_deref())?;
    let judging = request::judging(config, args.judging.into(), &texts)?;
    Ok(judging.policy.table_in_words(&texts))
}

/// The columns with what each means and where the API has it, a paragraph each. `[JSON]` marks what only a report in JSON tells.
fn columns(lang: Lang) -> io::Result<()> {
    let texts = Localizer::new(lang);
    let mut list = String::new();
    for column in Column::ALL {
        list.push_str(column.name());
        if lang != Lang::En {
            list.push_str(&format!(" ({})", texts.column(*column)));
        }
        if column.export() == Export::Api {
            list.push_str(" [JSON]");
        }
        list.push_str(&format!("\n    {}\n", texts.column_meaning(*column)));
        if !column.api_path().is_empty() {
            list.push_str(&format!("    API: {}\n", column.api_path()));
        }
    }
    print(list.as_bytes())
}
