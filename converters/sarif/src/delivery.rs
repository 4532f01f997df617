//! Files: as many runs in each as GitHub takes in one upload.

use std::{collections::VecDeque, io};

use inspector_report_format::{ConvertError, Outputs};

use crate::{limits, plan::Runs, run::Run};

/// The schema that GitHub documents, and that its upload action checks against.
const HEAD: &str = "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[\n";

const TAIL: &str = "\n]}\n";

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) files: u64,
    pub(crate) runs: u64,
    pub(crate) results: u64,
}

/// Writes the runs, in order, each into the file of the one before as long as it fits.
///
/// While some are written, the next are made.
pub(crate) fn write(runs: &mut Runs<'_, '_>, outputs: &mut dyn Outputs) -> Result<Delivered, ConvertError> {
    let mut delivered = Delivered::default();
    let mut waiting = VecDeque::from(runs.next()?);
    while !waiting.is_empty() {
        let mut file = outputs.create()?;
        delivered.files += 1;
        file.write_all(HEAD.as_bytes())?;
        let (mut in_file, mut size) = (0, 0);
        loop {
            let mut count = 0;
            while let Some(run) = waiting.get(count).filter(|run| fits(run, in_file + count, size)) {
                size += run.compressed;
                count += 1;
            }
            let fitting: Vec<Run> = waiting.drain(..count).collect();
            if fitting.is_empty() {
                break;
            }
            let mut next = Ok(Vec::new());
            rayon::in_place_scope(|scope| -> io::Result<()> {
                if waiting.is_empty() {
                    scope.spawn(|_| next = runs.next());
                }
                for run in fitting {
                    if in_file > 0 {
                        file.write_all(b",\n")?;
                    }
                    run.json.iter().try_for_each(|piece| file.write_all(piece))?;
                    in_file += 1;
                    delivered.runs += 1;
                    delivered.results += run.results;
                }
                Ok(())
            })?;
            waiting.extend(next?);
        }
        file.write_all(TAIL.as_bytes())?;
        file.flush()?;
    }
    Ok(delivered)
}

/// Whether a run fits into a file with so many runs, of such a size compressed. The first always does.
fn fits(run: &Run, in_file: usize, size: u64) -> bool {
    in_file == 0 || (in_file < limits::RUNS_A_FILE && size + run.compressed <= limits::BYTES_A_FILE)
}
