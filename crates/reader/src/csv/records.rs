//! Single records of bytes at hand, read by the rules of the csv crate.

use csv_core::{ReadFieldResult, ReadRecordResult};

use super::*;

/// Reads records that stand alone, one after another, without building the tables of the parser for each.
pub(super) struct Records {
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    pub(super) fn new(delimiter: u8) -> Records {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Records { core, text: vec![0; 4 << 10], ends: vec![0; 128] }
    }

    /// The first record of some bytes, and how many of them it takes. Without any, it has no field.
    pub(super) fn first(&mut self, bytes: &[u8], record: &mut ByteRecord) -> usize {
        self.core.reset();
        record.clear();
        let (mut read, mut written, mut fields) = (0, 0, 0);
        loop {
            let rest = bytes.get(read..).unwrap_or_default();
            let (text, ends) = (&mut self.text[written..], &mut self.ends[fields..]);
            let (result, more_read, more_written, more_fields) = self.core.read_record(rest, text, ends);
            read += more_read;
            written += more_written;
            fields += more_fields;
            match result {
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                // Asked once more without any bytes, it knows that there are none.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        let mut start = 0;
        for end in &self.ends[..fields] {
            record.push_field(&self.text[start..*end]);
            start = *end;
        }
        read
    }

    /// How many fields the record has that stands in these bytes of a file, without holding any.
    pub(super) fn count_fields(&mut self, file: &mut Opened, bytes: Range<u64>) -> io::Result<usize> {
        self.core.reset();
        let mut at = bytes.start;
        let (mut block, mut used, mut fields) = (Vec::new(), 0, 0);
        loop {
            if used == block.len() && at < bytes.end {
                block = split::bytes(file, at..bytes.end.min(at + BUFFER as u64))?;
                (at, used) = (at + block.len() as u64, 0);
            }
            let (result, read, _) = self.core.read_field(&block[used..], &mut self.text);
            used += read;
            match result {
                ReadFieldResult::Field { record_end: false } => fields += 1,
                ReadFieldResult::Field { record_end: true } => return Ok(fields + 1),
                ReadFieldResult::End => return Ok(fields),
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            }
        }
    }
}
