//! The command `upload`, and `convert --upload`.

use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime},
};

use inspector_report::{
    VERSION, Watch,
    batch::{self, ConvertOptions, Ending, Events, Host, Request, Shown, clean, write_file},
};
use inspector_report_sarif::{UploadState, UploadTarget};
use inspector_report_upload::{Client, Given, SarifFile, Target, Token, deliver, resolve};

use super::args;

/// How long the program sleeps at most before it looks whether it is to stop.
const NAP: Duration = Duration::from_millis(100);

/// Uploads the files that the arguments name.
pub(super) fn upload(args: args::Upload, host: &Host) -> Ending {
    let terminal = Terminal { host, is_quiet: args.verbosity.quiet };
    let state = args.sarif_state.as_deref();
    send(&args.files, &args.target, state, args.dry_run, &terminal)
}

/// Converts, and uploads the SARIF that was written.
pub(super) fn convert(request: Request, options: ConvertOptions, target: args::Target, host: Host) -> Ending {
    const SARIF: &str = "sarif";
    let settings = &request.settings;
    if !request.formats.iter().any(|format| format.name() == SARIF) {
        return host.usage("--upload is for SARIF, which is not among the formats");
    }
    if settings.get("sarif-profile") == Some("full") {
        return host.usage("--upload is not for --sarif-profile full: GitHub would show what is suppressed as open");
    }
    if options.split_by.is_some() {
        return host.usage("--upload is not for --split-by: upload the parts apart, each to its repository");
    }
    if request.output.is_standard_output() {
        return host.usage("--upload is for files: name a folder with --output");
    }
    let state = settings.get("sarif-state").map(PathBuf::from);
    if let Some(path) = &state {
        expect_upload(path);
    }
    let is_quiet = request.verbosity.quiet;
    let written = Arc::new(Written { events: Arc::clone(&host.events), sarif: Mutex::default() });
    let converting = Host { stop: Arc::clone(&host.stop), events: Arc::clone(&written) as Arc<dyn Events> };
    let converted = batch::convert(request, options, converting);
    if !matches!(converted, Ending::Success | Ending::Partial | Ending::Findings) {
        return converted;
    }
    let mut files = std::mem::take(&mut *written.sarif.lock().unwrap_or_else(PoisonError::into_inner));
    files.retain(|path| Some(path) != state.as_ref());
    let terminal = Terminal { host: &host, is_quiet };
    if files.is_empty() {
        terminal.tell("there is no SARIF file, and nothing to upload");
        return converted;
    }
    match send(&files, &target, state.as_deref(), false, &terminal) {
        Ending::Success => converted,
        other => other,
    }
}

/// Lets a state know that what is written from now on is uploaded by this program: it has not arrived until that says so,
/// whatever becomes of this run. A state that cannot be read is for the conversion to tell.
fn expect_upload(path: &Path) {
    let Ok(bytes) = fs::read(path) else { return };
    let Ok(mut state) = UploadState::new(&bytes) else { return };
    state.record(None, &BTreeMap::new());
    if let Some(json) = state.to_json().ok().filter(|json| *json != bytes) {
        // Where it cannot be written, the conversion cannot write it either, and says so.
        let _ = write_file(path, &json);
    }
}

/// What is told, and which SARIF files were written.
struct Written {
    events: Arc<dyn Events>,
    sarif: Mutex<Vec<PathBuf>>,
}

impl Events for Written {
    fn say(&self, lines: &str) {
        self.events.say(lines);
    }

    fn reading(&self, name: &str, watch: &Arc<Watch>) -> Option<Shown> {
        self.events.reading(name, watch)
    }

    fn writing(&self, formats: &str) -> Option<Shown> {
        self.events.writing(formats)
    }

    fn inputs(&self, count: usize) -> Option<Shown> {
        self.events.inputs(count)
    }

    fn input_done(&self) {
        self.events.input_done();
    }

    fn written(&self, format: &str, paths: &[PathBuf]) {
        if format == "sarif" {
            self.sarif.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(paths);
        }
        self.events.written(format, paths);
    }

    fn standard_output(&self) -> Box<dyn Write + '_> {
        self.events.standard_output()
    }
}

/// Where an upload waits and tells.
struct Terminal<'a> {
    host: &'a Host,
    is_quiet: bool,
}

impl Terminal<'_> {
    fn line(&self, line: &str) {
        self.host.events.say(&format!("{}\n", clean(line)));
    }

    fn tell(&self, line: &str) {
        if !self.is_quiet {
            self.line(line);
        }
    }

    fn error(&self, line: &str) {
        self.line(&format!("error: {line}"));
    }
}

impl inspector_report_upload::Host for Terminal<'_> {
    fn wait(&self, time: Duration) -> bool {
        let started = Instant::now();
        while !self.host.is_stopped() {
            match time.checked_sub(started.elapsed()) {
                Some(rest) if !rest.is_zero() => thread::sleep(rest.min(NAP)),
                _ => return true,
            }
        }
        false
    }

    fn now(&self) -> u64 {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn say(&self, line: &str) {
        self.tell(line);
    }
}

/// Uploads files, and brings the state up to date.
fn send(
    paths: &[PathBuf],
    target: &args::Target,
    state: Option<&Path>,
    is_dry: bool,
    terminal: &Terminal<'_>,
) -> Ending {
    let given = Given {
        repository: target.repo.clone(),
        reference: target.reference.clone(),
        commit: target.commit.clone(),
        api: target.api_url.clone(),
    };
    let allow_incomplete = target.allow_incomplete;
    let target = match Target::new(&given, &|name| env::var(name).ok()) {
        Ok(target) => target,
        Err(what) => return terminal.host.usage(&what),
    };
    let mut state = match state.map(State::read).transpose() {
        Ok(state) => state,
        Err(what) => {
            terminal.error(&format!("{what}; nothing is sent"));
            return Ending::Failure;
        }
    };
    let is_guarded = |file: &SarifFile| {
        let guards = |state: &State<'_>| file.runs().iter().all(|run| state.known.guards(&run.category));
        allow_incomplete || state.as_ref().is_some_and(guards)
    };
    let Some(files) = read(paths, &is_guarded, terminal) else { return Ending::Failure };
    if is_dry {
        tell(&files, &target, terminal);
        return Ending::Success;
    }
    // From here on, what no upload speaks of may have arrived or not, whatever becomes of this one.
    if let Some(state) = &mut state {
        state.known.record(None, &BTreeMap::new());
        if let Err(what) = state.write() {
            terminal.error(&format!("{what}; nothing is sent"));
            return Ending::Failure;
        }
    }
    let Some(token) = token(&target.api) else {
        terminal
            .error("there is no token: set GITHUB_TOKEN or GH_TOKEN, or sign in with `gh auth login`; nothing is sent");
        return Ending::Failure;
    };
    let client = Client::new(VERSION);
    let delivery = match resolve(&target, &token, &client, terminal) {
        Ok(target) => {
            let place =
                UploadTarget { repository: target.address(), reference: target.reference.clone().unwrap_or_default() };
            if let Some(what) = state.as_ref().and_then(|state| state.is_of_another(&place)) {
                terminal.error(&format!("{what}; nothing is sent"));
                return Ending::Failure;
            }
            let delivery = deliver(&files, &target, &token, &client, terminal);
            if let Some(state) = &mut state {
                state.known.record(Some(place), &delivery.categories);
            }
            delivery
        }
        Err(delivery) => *delivery,
    };
    delivery.errors.iter().for_each(|error| terminal.error(error));
    let ending = match delivery.ending {
        inspector_report_upload::Ending::Arrived => Ending::Success,
        inspector_report_upload::Ending::Unknown => Ending::Partial,
        inspector_report_upload::Ending::Refused => Ending::Refused,
        inspector_report_upload::Ending::Stopped => Ending::Interrupted,
    };
    match state.map(|state| state.write()) {
        Some(Err(what)) => {
            terminal.error(&what);
            if ending == Ending::Success { Ending::Partial } else { ending }
        }
        _ => ending,
    }
}

/// The file of `--sarif-state`.
struct State<'p> {
    path: &'p Path,
    known: UploadState,
}

impl<'p> State<'p> {
    fn read(path: &'p Path) -> Result<State<'p>, String> {
        let named = |what: String| format!("{}: {what}", path.display());
        let bytes = fs::read(path).map_err(|error| named(format!("cannot be read: {error}")))?;
        Ok(State { path, known: UploadState::new(&bytes).map_err(named)? })
    }

    /// What is wrong, if what it knows is of another repository or ref.
    fn is_of_another(&self, place: &UploadTarget) -> Option<String> {
        let known = self.known.target()?;
        let is_same = known.repository.eq_ignore_ascii_case(&place.repository) && known.reference == place.reference;
        (!is_same).then(|| {
            format!(
                "{}: knows the alerts of {} on {}, and the upload is to {} on {}: keep a state for each (if the repository \
                 or the branch was renamed, change `target` in the file)",
                self.path.display(),
                known.repository,
                known.reference,
                place.repository,
                place.reference
            )
        })
    }

    fn write(&self) -> Result<(), String> {
        let written =
            self.known.to_json().and_then(|json| write_file(self.path, &json).map_err(|error| error.to_string()));
        written.map_err(|error| format!("{}: cannot be brought up to date: {error}", self.path.display()))
    }
}

/// Reads files; `None` where one of them may not be sent, which is told. What is not whole may, where `is_guarded` says so.
fn read(paths: &[PathBuf], is_guarded: &dyn Fn(&SarifFile) -> bool, terminal: &Terminal<'_>) -> Option<Vec<SarifFile>> {
    let mut files = Vec::new();
    let mut is_wrong = false;
    let mut of_category: BTreeMap<String, &Path> = BTreeMap::new();
    for path in paths {
        let name = path.display().to_string();
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                terminal.error(&format!("{name}: cannot be read: {error}"));
                is_wrong = true;
                continue;
            }
        };
        let file = match SarifFile::new(&name, &bytes) {
            Ok(file) => file,
            Err(what) => {
                terminal.error(&format!("{name}: {what}; nothing is sent"));
                is_wrong = true;
                continue;
            }
        };
        if file.is_incomplete() && !is_guarded(&file) {
            terminal.error(&format!(
                "{name}: the report could not be read whole, and to upload it closes the alerts of what is missing; \
                 --sarif-state prevents that as soon as it knows of an earlier upload, and --allow-incomplete does it \
                 all the same; nothing is sent"
            ));
            is_wrong = true;
        }
        for run in file.runs() {
            if let Some(other) = of_category.insert(run.category.clone(), path) {
                terminal.error(&format!(
                    "{name}: category {:?} is in {} too, and one would replace the other; nothing is sent",
                    run.category,
                    other.display()
                ));
                is_wrong = true;
            }
        }
        files.push(file);
    }
    (!is_wrong).then_some(files)
}

/// Tells what would be sent where.
fn tell(files: &[SarifFile], target: &Target, terminal: &Terminal<'_>) {
    for file in files {
        terminal.line(&format!(
            "{}: {} results in {} runs, {} bytes compressed",
            file.name(),
            file.results(),
            file.runs().len(),
            file.compressed()
        ));
    }
    let reference = target.reference.as_deref().unwrap_or("the default branch");
    let commit = target.commit.as_deref().unwrap_or("its newest commit");
    terminal.line(&format!(
        "{} files would be sent to {} at {} for {reference}, {commit}; nothing was sent",
        files.len(),
        target.repository,
        target.api
    ));
}

/// The token of the environment, else that of the program `gh`.
fn token(api: &str) -> Option<Token> {
    let of_variable = |name: &str| Token::new(&env::var(name).ok()?);
    ["GITHUB_TOKEN", "GH_TOKEN"].into_iter().find_map(of_variable).or_else(|| {
        // The host of the pages, as `gh` knows it: `api.` is of github.com and of *.ghe.com alone.
        let host = api.split("://").nth(1)?.split(['/', ':']).next()?;
        let host = host.strip_prefix("api.").unwrap_or(host);
        let gh = Command::new("gh").args(["auth", "token", "--hostname", host]).stdin(Stdio::null()).output().ok()?;
        gh.status.success().then(|| Token::new(&String::from_utf8_lossy(&gh.stdout))).flatten()
    })
}
