//! Files: as many runs in each as GitHub takes in one upload.

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
pub(crate) fn write(runs: &mut Runs<'_, '_>, outputs: &mut dyn Outputs) -> Result<Delivered, ConvertError> {
    let mut delivered = Delivered::default();
    let mut next = runs.next()?;
    while next.is_some() {
        let mut file = outputs.create()?;
        delivered.files += 1;
        file.write_all(HEAD.as_bytes())?;
        let (mut in_file, mut size) = (0, 0);
        while let Some(run) = next.take_if(|run| fits(run, in_file, size)) {
            if in_file > 0 {
                file.write_all(b",\n")?;
            }
            run.json.iter().try_for_each(|piece| file.write_all(piece))?;
            in_file += 1;
            size += run.compressed;
            delivered.runs += 1;
            delivered.results += run.results;
            drop(run);
            next = runs.next()?;
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
