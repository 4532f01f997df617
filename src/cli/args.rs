//! The command line, as clap reads it. The texts are the help.

use std::path::PathBuf;

use clap::{
    Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;
use inspector_report::{
    ByteSize, Encoding, FORMATS, Filter, Format, InputLocation, Lang, ReadOptions, SplitBy,
    batch::{self, FailOn, JudgingOptions, Template, Verbosity},
    core::{
        Priority, Setting, SettingKind, Settings, TrendBy,
        document::DOCUMENT_SETTINGS,
        jiff::{civil::Date, tz::TimeZone},
        priority::DueTargets,
        timestamp,
        value::{ExploitAvailable, FindingType, FixAvailable, Severity, Status},
    },
    format, safe_name,
};

/// Turns Amazon Inspector findings reports into Excel workbooks, SARIF and Markdown. Works on files, offline: nothing but
/// `upload` and `convert --upload` uses the network.
#[derive(Debug, Parser)]
#[command(name = "inspector-report", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit status:
  0    all well
  1    nothing could be converted
  2    wrong usage
  3    partly: some inputs or rows could not be read, or an output not written; all the rest is done
  4    no input found, or none that is a report
  5    findings at or over --fail-on; `trend`: findings over their targets, with --fail-on overdue
  6    GitHub refused an upload, or not all of it arrived
  130  interrupted";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Convert reports
    #[command(after_help = AFTER_HELP)]
    Convert(Box<Convert>),
    /// Read reports and say everything that is wrong with them; write nothing
    #[command(after_help = AFTER_HELP)]
    Check(Check),
    /// Compare two reports: what is new, fixed, still open, changed, open again, suppressed
    #[command(after_help = AFTER_HELP)]
    Compare(Box<Compare>),
    /// Show how findings changed over a series of reports: open over time, opened and fixed, days to fix, overdue
    #[command(after_help = AFTER_HELP)]
    Trend(Box<Trend>),
    /// Upload SARIF to GitHub code scanning, and prove that all of it arrived
    #[cfg(feature = "upload")]
    #[command(after_help = AFTER_HELP)]
    Upload(Upload),
    /// Print the table that decides what is acted on first, as the configuration has it
    Priority(PriorityTable),
    /// List the columns of a report with what each means
    Columns {
        #[command(flatten)]
        lang: Language,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct PriorityTable {
    #[command(flatten)]
    pub(crate) lang: Language,

    /// The configuration [default: inspector-report.toml in this folder or the next one above that has it]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    // Last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// Formats to write, separated by commas [default: xlsx,sarif,markdown]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', ignore_case = true, value_parser = format_parser())]
    pub(crate) format: Vec<&'static dyn Format>,

    /// Folder for the outputs; `-` writes one format to standard output [default: beside each input]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) lang: Language,

    #[command(flatten)]
    pub(crate) zone: Zone,

    /// Names of outputs, without their endings; {stem} is the input's own name. Others to fill in: {date}, {account},
    /// {region}, {report_id}. A / makes a folder
    #[arg(long, value_name = "TEMPLATE", value_parser = Template::parse, conflicts_with = "merge")]
    pub(crate) name: Option<Template>,

    /// Put all inputs together into one report of this name; of a finding in several the newest row counts
    #[arg(long, value_name = "NAME", value_parser = plain_name)]
    pub(crate) merge: Option<String>,

    /// Write outputs apart for each account, region, owner (as tags and the configuration say) or resource-type
    #[arg(long, value_name = "WHAT", hide_possible_values = true, value_parser = split_by_parser())]
    pub(crate) split_by: Option<SplitBy>,

    /// An earlier report of the same accounts and Regions: outputs tell what is new, fixed and still open
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) files: SettingFiles,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) jobs: Jobs,

    /// Memory that inputs may take together, such as 4GB; those that do not fit wait [default: half of the machine's]
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<ByteSize>,

    /// Convert again what is unchanged since an earlier run with the same --output and options; replace outputs that
    /// someone has worked on
    #[arg(long)]
    pub(crate) force: bool,

    /// Go on: convert what arrives in the folders, until interrupted
    #[arg(long, requires = "output", conflicts_with_all = ["merge", "dry_run", "fail_fast", "files_from"])]
    pub(crate) watch: bool,

    /// Stop at the first input that cannot be converted
    #[arg(long)]
    pub(crate) fail_fast: bool,

    /// Say what would be read and written, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Write what became of each input to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,

    /// Exit with status 5 when open findings are left of this severity or a worse one: critical, high, medium, low,
    /// informational, untriaged, from worst to least. With `new-` before it: of those that are new, open again or worse
    /// than in the earlier report. Or of this priority or a more urgent one: act-now, soon, planned, routine, watch. Or
    /// `overdue`: past their due date (--sla)
    #[arg(long, value_name = "WHAT", value_parser = fail_on)]
    pub(crate) fail_on: Option<FailOn>,

    #[command(flatten)]
    pub(crate) verbosity: VerbosityArgs,

    #[command(flatten)]
    pub(crate) settings: FormatSettings,

    /// Upload the SARIF to GitHub code scanning, as the command `upload` does
    #[cfg(feature = "upload")]
    #[arg(long, conflicts_with_all = ["watch", "dry_run"])]
    pub(crate) upload: bool,

    #[cfg(feature = "upload")]
    #[command(flatten)]
    pub(crate) target: Target,

    #[command(flatten)]
    pub(crate) judging: JudgingArgs,

    // Last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) filters: Filters,
}

#[cfg(feature = "upload")]
#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// SARIF files, each a delivery of its own
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The file of `convert --sarif-state` that goes with these: it then remembers what arrived, and of the rest what it
    /// knew before
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif_state: Option<PathBuf>,

    /// Look at the files and at what would be sent where, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) verbosity: VerbosityArgs,

    // Last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) target: Target,
}

/// Where an upload goes. The token is that of GITHUB_TOKEN or GH_TOKEN, else that of `gh auth token`.
#[cfg(feature = "upload")]
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Upload (the token is read from GITHUB_TOKEN or GH_TOKEN, else from `gh auth token`)")]
pub(crate) struct Target {
    /// The repository [default: that of the runner: GITHUB_REPOSITORY in GitHub Actions]
    #[arg(long, value_name = "OWNER/NAME")]
    pub(crate) repo: Option<String>,

    /// The whole ref that alerts belong to, such as refs/heads/main [default: that of the runner, else the default branch]
    #[arg(long = "ref", value_name = "REF")]
    pub(crate) reference: Option<String>,

    /// The whole id of a commit in the repository [default: that of the runner, else the newest of the ref]
    #[arg(long, value_name = "SHA")]
    pub(crate) commit: Option<String>,

    /// The address of the API, of an Enterprise Server https://HOST/api/v3 [default: GITHUB_API_URL, else
    /// https://api.github.com]
    #[arg(long, value_name = "URL")]
    pub(crate) api_url: Option<String>,

    /// Upload also what was made of a report that could not be read whole, which closes the alerts of what is missing
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The earlier and the later report; or one folder of reports, with --since
    #[arg(required = true, num_args = 1..=2, value_names = ["OLD", "NEW"])]
    pub(crate) reports: Vec<PathBuf>,

    /// Compare what the newest reports of a folder say with what was so on this day, such as 2026-05-31
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<Date>,

    /// Formats to write, separated by commas [default: xlsx,sarif,markdown]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', ignore_case = true, value_parser = format_parser())]
    pub(crate) format: Vec<&'static dyn Format>,

    /// Folder for the outputs, which are named as NEW with `.changes` behind it; `-` writes one format to standard
    /// output [default: beside NEW]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) lang: Language,

    #[command(flatten)]
    pub(crate) zone: Zone,

    #[command(flatten)]
    pub(crate) files: SettingFiles,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) jobs: Jobs,

    /// Replace a workbook that someone has worked on, or that is someone else's; without it the new one gets a name beside
    #[arg(long)]
    pub(crate) force: bool,

    /// Exit with status 5 when there are findings that are new, open again or worse than in OLD, of this severity or a
    /// worse one: new-critical, new-high and so on; without `new-`, when any are left open
    #[arg(long, value_name = "WHAT", value_parser = fail_on)]
    pub(crate) fail_on: Option<FailOn>,

    #[command(flatten)]
    pub(crate) verbosity: VerbosityArgs,

    #[command(flatten)]
    pub(crate) settings: FormatSettings,

    #[command(flatten)]
    pub(crate) judging: JudgingArgs,

    // Last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) filters: Filters,
}

/// Files that say what is the same every time.
#[derive(Debug, Args)]
pub(crate) struct SettingFiles {
    /// File with settings of formats [default: inspector-report.toml in this folder or one that holds it]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// File with findings that are accepted, each with the reason [default: inspector-ignore.toml, or ignore.toml, in this
    /// folder or one that holds it]
    #[arg(long, value_name = "FILE")]
    pub(crate) ignore: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Zone {
    /// Zone of the times in the outputs for people, such as Asia/Tokyo or UTC [default: UTC; for Japanese JST]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) timezone: Option<(TimeZone, String)>,
}

/// Which open findings fail a run.
fn fail_on(text: &str) -> Result<FailOn, String> {
    let lower = text.to_lowercase();
    match (lower.as_str(), Priority::parse(&lower)) {
        ("overdue", _) => return Ok(FailOn::Overdue),
        (_, Some(priority)) => return Ok(FailOn::Priority(priority)),
        _ => {}
    }
    let name = lower.strip_prefix("new-");
    let severity = Severity::KNOWN
        .iter()
        .find(|severity| severity.as_str().eq_ignore_ascii_case(name.unwrap_or(&lower)))
        .ok_or("a severity such as critical, new-critical for what is new, a priority such as act-now, or overdue")?;
    Ok(FailOn::Severity { is_new: name.is_some(), rank: severity.rank() })
}

/// How findings are judged.
#[derive(Debug, Args)]
#[command(next_help_heading = "Priorities and due dates")]
pub(crate) struct JudgingArgs {
    /// In how many days findings are to be settled, counted from First Seen: critical=7,high=30 or act-now=3,soon=14, each
    /// with kev=14 or without; or one of priority, severity, fedramp-rev5, defectdojo, cyber-essentials
    #[arg(long, value_name = "LIST", value_parser = DueTargets::parse)]
    sla: Option<DueTargets>,

    /// CISA's catalogue of known exploited vulnerabilities, JSON or CSV as published; nothing is fetched
    #[arg(long, value_name = "FILE")]
    kev: Option<PathBuf>,

    /// FIRST's EPSS scores of a day, CSV as published, .gz or not; they come before those of the report
    #[arg(long, value_name = "FILE")]
    epss: Option<PathBuf>,
}

impl From<JudgingArgs> for JudgingOptions {
    fn from(args: JudgingArgs) -> JudgingOptions {
        JudgingOptions { targets: args.sla, kev: args.kev, epss: args.epss }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) selection: Selection,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) jobs: Jobs,

    #[command(flatten)]
    pub(crate) verbosity: VerbosityArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Trend {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// Formats to write, separated by commas: xlsx, markdown, html, json [default: xlsx,markdown,html]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', ignore_case = true, hide_possible_values = true,
        value_parser = trend_format_parser())]
    pub(crate) format: Vec<&'static dyn Format>,

    /// Folder for the outputs; `-` writes one format to standard output [default: the working folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// Name of the outputs, without an ending
    #[arg(long, value_name = "NAME", default_value = "trend", value_parser = plain_name)]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) lang: Language,

    #[command(flatten)]
    pub(crate) zone: Zone,

    #[command(flatten)]
    pub(crate) files: SettingFiles,

    /// In how many days findings are to be fixed, such as critical=7,high=30,medium=90: outputs tell what is overdue
    #[arg(long, value_name = "LIST", value_parser = DueTargets::parse)]
    pub(crate) sla: Option<DueTargets>,

    /// What to group by: account, owner (the tag Owner, Team or Contact), region, tag:KEY; give it again for another
    /// [default: account and owner]
    #[arg(long, value_name = "WHAT", value_parser = |text: &str| TrendBy::parse(text).ok_or("account, owner, region or tag:KEY"))]
    pub(crate) by: Vec<TrendBy>,

    /// Rows of each list in Markdown and HTML [default: 10]
    #[arg(long, value_name = "N", value_parser = |text: &str| setting_value(&DOCUMENT_SETTINGS[0], text))]
    pub(crate) top: Option<SettingValue>,

    /// Replace a workbook that someone has worked on, or that is someone else's; without it the new one gets a name beside
    #[arg(long)]
    pub(crate) force: bool,

    /// Exit with status 5 when findings are over their targets (--sla)
    #[arg(long, value_name = "WHAT", value_parser = ["overdue"])]
    pub(crate) fail_on: Option<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) jobs: Jobs,

    #[command(flatten)]
    pub(crate) verbosity: VerbosityArgs,

    // Last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) filters: Filters,
}

/// Which files to read.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Reports (CSV, JSON, .xlsx; also .gz, .zst, .bz2, .xz, .zip, .tar), or folders of them (with the folders inside); `-`
    /// is standard input
    #[arg(required_unless_present = "files_from", value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// The name of what comes through a pipe (`-`, /dev/stdin, a FIFO), such as july.csv: outputs are named after it
    #[arg(long, value_name = "NAME", value_parser = plain_name)]
    pub(crate) input_name: Option<String>,

    /// Read the names of more inputs from a file, one on a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,

    /// In folders, read only what fits: `*.csv.gz`, or with the folders inside `2026/**/*.csv`; give it again for another
    #[arg(long, value_name = "GLOB", value_parser = glob)]
    pub(crate) include: Vec<globset::Glob>,

    /// In folders, leave out what fits, files or whole folders; give it again for another
    #[arg(long, value_name = "GLOB", value_parser = glob)]
    pub(crate) exclude: Vec<globset::Glob>,

    /// In folders, do not read the folders inside
    #[arg(long)]
    pub(crate) no_recursive: bool,

    /// Take files in folders that are no reports for errors; without it they are named the first time, and that is all
    #[arg(long)]
    pub(crate) strict: bool,
}

impl From<Selection> for batch::Selection {
    fn from(selection: Selection) -> batch::Selection {
        let Selection { inputs, input_name, files_from, include, exclude, no_recursive, strict } = selection;
        let inputs = inputs.into_iter().map(InputLocation::File).collect();
        batch::Selection { inputs, input_name, files_from, include, exclude, no_recursive, strict }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Language {
    /// Language of the reports
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang_parser())]
    pub(crate) lang: Lang,
}

/// How to read the inputs.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Encoding of the inputs' text, such as utf-8, utf-16le, shift_jis [default: found out]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<&'static Encoding>,

    /// What stands between the fields of a CSV: a character, or `tab` [default: found out]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<u8>,

    /// The most that a packed input may unpack to, such as 500MB or 2GiB
    #[arg(long, value_name = "SIZE", default_value_t = ByteSize::b(ReadOptions::MAX_EXPANDED))]
    max_expanded: ByteSize,
}

impl Reading {
    /// How to read for reports in a language, which the inputs are likely to be in, too.
    pub(crate) fn options(self, language: Lang) -> ReadOptions {
        let Reading { encoding, delimiter, max_expanded } = self;
        ReadOptions { encoding, language, delimiter, max_expanded: max_expanded.as_u64() }
    }
}

/// The most threads that can be asked for: more than machines have cores.
const MOST_JOBS: i64 = 1024;

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Jobs {
    /// Threads [default: as many as the machine has cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    pub(crate) jobs: Option<u16>,
}

/// How much to say.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct VerbosityArgs {
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say more: every problem, and how long each step took
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl From<VerbosityArgs> for Verbosity {
    fn from(VerbosityArgs { quiet, verbose }: VerbosityArgs) -> Verbosity {
        Verbosity { quiet, verbose }
    }
}

/// What the formats themselves offer to be set.
#[derive(Debug)]
pub(crate) struct FormatSettings(pub(crate) Settings);

impl Args for FormatSettings {
    fn augment_args(command: clap::Command) -> clap::Command {
        inspector_report::settings().fold(command, |command, setting| {
            let arg = Arg::new(setting.name).long(setting.name).help(setting.help).help_heading("Formats");
            match setting.kind {
                SettingKind::Value(value) => {
                    command.arg(arg.value_name(value).value_parser(|text: &str| setting_value(setting, text)))
                }
                SettingKind::Switch => command.arg(arg.action(ArgAction::SetTrue)),
                SettingKind::Table => command,
            }
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        FormatSettings::augment_args(command)
    }
}

impl FromArgMatches for FormatSettings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<FormatSettings, clap::Error> {
        let mut settings = Settings::default();
        for setting in inspector_report::settings() {
            match setting.kind {
                SettingKind::Value(_) => {
                    if let Some(SettingValue { text, file }) = matches.get_one::<SettingValue>(setting.name) {
                        settings.set(setting.name, text);
                        file.iter().for_each(|file| settings.add_file(file.clone()));
                    }
                }
                SettingKind::Switch if matches.get_flag(setting.name) => settings.switch_on(setting.name),
                SettingKind::Switch | SettingKind::Table => {}
            }
        }
        Ok(FormatSettings(settings))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = FormatSettings::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The filters of Inspector's own export.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters (all must hold; in a LIST any; !VALUE leaves it out, VALUE* is a beginning)")]
pub(crate) struct Filters {
    /// Severities: critical, high, medium, low, informational, untriaged
    #[arg(long, value_name = "LIST", value_delimiter = ',', ignore_case = true, hide_possible_values = true,
        value_parser = known(Severity::KNOWN, Severity::as_str))]
    severity: Vec<Severity<'static>>,

    /// Whether there is a fix: yes, partial, no
    #[arg(long, value_name = "LIST", value_delimiter = ',', ignore_case = true, hide_possible_values = true,
        value_parser = known(FixAvailable::KNOWN, FixAvailable::as_str))]
    fix_available: Vec<FixAvailable<'static>>,

    /// Finding types: package_vulnerability, network_reachability, code_vulnerability
    #[arg(long, value_name = "LIST", value_delimiter = ',', ignore_case = true, hide_possible_values = true,
        value_parser = known(FindingType::KNOWN, FindingType::as_str))]
    finding_type: Vec<FindingType<'static>>,

    /// Statuses: active, suppressed, closed
    #[arg(long, value_name = "LIST", value_delimiter = ',', ignore_case = true, hide_possible_values = true,
        value_parser = known(Status::KNOWN, Status::as_str))]
    status: Vec<Status<'static>>,

    /// Resource types, such as AWS_EC2_INSTANCE
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    resource_type: Vec<String>,

    /// Account ids
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    account: Vec<String>,

    /// Regions
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    region: Vec<String>,

    /// Machine images of EC2 instances
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    ami: Vec<String>,

    /// Container images, by repository, tag, repository:tag or digest
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    image: Vec<String>,

    /// Lambda functions, by name
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    function: Vec<String>,

    /// Vulnerability ids
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    vulnerability: Vec<String>,

    /// A tag of the resource, or its key alone; give it again for another
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag)]
    tag: Vec<(String, Option<String>)>,

    /// Whether an exploit is known: yes, no
    #[arg(long, value_name = "YES|NO", ignore_case = true, hide_possible_values = true,
        value_parser = known(ExploitAvailable::KNOWN, ExploitAvailable::as_str))]
    exploit_available: Option<ExploitAvailable<'static>>,

    /// Priorities: act-now, soon, planned, routine, watch
    #[arg(long, value_name = "LIST", value_delimiter = ',', ignore_case = true, hide_possible_values = true,
        value_parser = known(&Priority::ALL, Priority::as_str))]
    priority: Vec<Priority>,

    /// The least Inspector score, 0 to 10
    #[arg(long, value_name = "SCORE", value_parser = |text: &str| number(text, 10.0))]
    min_score: Option<f64>,

    /// The least EPSS score, 0 to 1
    #[arg(long, value_name = "SCORE", value_parser = |text: &str| number(text, 1.0))]
    min_epss: Option<f64>,
}

impl From<Filters> for Filter {
    fn from(filters: Filters) -> Filter {
        Filter {
            severity: filters.severity,
            fix_available: filters.fix_available,
            finding_type: filters.finding_type,
            status: filters.status,
            exploit_available: filters.exploit_available,
            resource_type: filters.resource_type,
            account: filters.account,
            region: filters.region,
            ami: filters.ami,
            image: filters.image,
            function: filters.function,
            vulnerability: filters.vulnerability,
            tag: filters.tag,
            priority: filters.priority,
            min_score: filters.min_score,
            min_epss: filters.min_epss,
        }
    }
}

/// Reads what outputs are divided by. The owner was once named by its tag.
fn split_by_parser() -> impl TypedValueParser<Value = SplitBy> {
    let name = |by: &SplitBy| match by {
        SplitBy::Owner => PossibleValue::new(by.as_str()).alias("owner-tag"),
        _ => PossibleValue::new(by.as_str()),
    };
    PossibleValuesParser::new(SplitBy::ALL.iter().map(name).collect::<Vec<_>>()).try_map(|name| {
        let name = if name == "owner-tag" { "owner" } else { &name };
        SplitBy::ALL.iter().copied().find(|by| by.as_str() == name).ok_or("account, region, owner or resource-type")
    })
}

fn format_parser() -> impl TypedValueParser<Value = &'static dyn Format> {
    formats_parser(|_| true)
}

fn trend_format_parser() -> impl TypedValueParser<Value = &'static dyn Format> {
    formats_parser(|format| format.has_trends())
}

/// Reads the name of a format that is one of these.
fn formats_parser(is_one: fn(&dyn Format) -> bool) -> impl TypedValueParser<Value = &'static dyn Format> {
    let formats = FORMATS.iter().filter(|format| is_one(**format));
    let names = formats.map(|c| PossibleValue::new(c.name()).aliases(c.metadata().aliases).help(c.metadata().about));
    PossibleValuesParser::new(names.collect::<Vec<_>>())
        .try_map(|name| format(&name).ok_or_else(|| format!("{name} was not compiled in")))
}

/// A name for outputs, which must not lead into another folder.
fn lang_parser() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::code)).map(|code| {
        let lang = Lang::ALL.into_iter().find(|lang| lang.code() == code);
        lang.unwrap_or_default()
    })
}

/// The value of a setting, and the file that it was read from, if it was.
#[derive(Clone, Debug)]
pub(crate) struct SettingValue {
    pub(crate) text: String,
    file: Option<PathBuf>,
}

/// Reads the value of a setting, or with a `@` the file that has it.
fn setting_value(setting: &Setting, text: &str) -> Result<SettingValue, String> {
    let file = text.strip_prefix('@').map(PathBuf::from);
    let value = match &file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?,
        None => text.to_owned(),
    };
    let text = value.trim_start_matches('\u{feff}').to_owned();
    (setting.check)(&text).map(|()| SettingValue { text, file })
}

/// Reads one of the known values of an enumeration, in any case.
fn known<T: Copy + Send + Sync + 'static>(
    values: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let names = values.iter().map(|value| PossibleValue::new(name(*value)));
    PossibleValuesParser::new(names.collect::<Vec<_>>()).try_map(move |text| {
        let found = values.iter().copied().find(|value| name(*value).eq_ignore_ascii_case(&text));
        found.ok_or("no such value")
    })
}

/// A pattern for paths below a folder. One without a slash is for names, wherever they are.
fn glob(text: &str) -> Result<globset::Glob, String> {
    let pattern = match text.trim_end_matches('/') {
        name if !name.contains('/') => format!("**/{name}"),
        path => path.trim_start_matches("./").to_owned(),
    };
    globset::GlobBuilder::new(&pattern).literal_separator(true).build().map_err(|error| error.kind().to_string())
}

fn encoding(text: &str) -> Result<&'static Encoding, String> {
    let none = || "no such encoding; the names are those of the WHATWG Encoding Standard".to_owned();
    // What Japanese Windows and its programs call it.
    let name = if text.eq_ignore_ascii_case("cp932") { "shift_jis" } else { text };
    Encoding::for_label(name.as_bytes()).ok_or_else(none)
}

/// A name for a report that has none.
fn plain_name(text: &str) -> Result<String, String> {
    match text.contains(['/', '\\']) {
        true => Err("a name without folders; --output says where".to_owned()),
        false => safe_name(text).ok_or_else(|| "not a name for a file".to_owned()),
    }
}

fn zone(text: &str) -> Result<(TimeZone, String), String> {
    timestamp::zone(text).ok_or_else(|| "no such zone; names are those of IANA, such as Europe/Berlin".to_owned())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if text.eq_ignore_ascii_case("tab") || text == "\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\r' | b'\n') => {
            Ok(*byte)
        }
        _ => Err("one character such as , or ; or the word tab".to_owned()),
    }
}

fn number(text: &str, most: f64) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| format!("not a number from 0 to {most}"))?;
    if (0.0..=most).contains(&number) { Ok(number) } else { Err(format!("not a number from 0 to {most}")) }
}

fn tag(text: &str) -> Result<(String, Option<String>), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("there is no key before the `=`".to_owned()),
        Some((key, value)) => Ok((key.to_owned(), Some(value.to_owned()))),
        None => Ok((text.to_owned(), None)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
