//! The command `check`: reads inputs, and says all that is wrong with them.

use std::time::Instant;

use crate::{
    ReadOptions, View,
    convert::interrupted,
    core::Loss,
    ending::Ending,
    host::Host,
    inputs,
    messages::{Messages, Verbosity},
    read_each,
    record::{self, Record, Status},
    request::Selection,
};

/// Reads what the arguments name, and says every problem.
pub fn check(selection: &Selection, reading: &ReadOptions, verbosity: Verbosity, host: &Host) -> Ending {
    let found = inputs::find(selection, None, None);
    let mut said = Messages::new(verbosity);
    let mut records = found.say(&mut said);
    host.say(said);
    for input in &found.inputs {
        if host.is_stopped() {
            break;
        }
        let mut shown = host.reading(&input.path);
        let mut started = Instant::now();
        read_each(input.location(), reading, &host.stop, |_, report| {
            drop(shown.take());
            let mut said = Messages::new(verbosity);
            match report {
                Ok(report) => {
                    said.notes(&report);
                    said.all_problems(&report, usize::MAX);
                    let view = View::of(report);
                    said.summary(&view, "", started.elapsed(), true);
                    let status = if view.loss() >= Loss::Rows { Status::Partial } else { Status::Converted };
                    records.push(Record { status, ..Record::default() });
                }
                Err(error) => {
                    records.extend(said.read_error(&error, selection.strict || input.is_named, host.is_stopped()));
                }
            }
            host.say(said);
            (shown, started) = (host.reading(&input.path), Instant::now());
        });
    }
    let mut said = Messages::new(verbosity);
    record::others(&records).iter().for_each(|line| said.tell(line));
    host.say(said);
    match host.is_stopped() {
        true => interrupted(host),
        false => record::exit(&records, None),
    }
}
