//! The package that a workbook is (ECMA-376 part 2: a ZIP archive): parts copied as they are, and parts whose pieces are
//! made and compressed on all threads.

use std::io::{self, Write};

use flate2::{Compress, Compression, Crc, FlushCompress, Status, bufread::DeflateDecoder};
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchive, ZipArchiveWriter, ZipSliceArchive};
use rayon::prelude::*;

/// A part of a package that is in memory, as it is packed.
pub(crate) struct Part<'a> {
    pub(crate) name: String,
    method: CompressionMethod,
    packed: &'a [u8],
    size: u64,
    crc: u32,
}

impl Part<'_> {
    /// What it says.
    pub(crate) fn text(&self) -> io::Result<String> {
        let mut text = String::new();
        match self.method {
            CompressionMethod::STORE => io::Read::read_to_string(&mut &*self.packed, &mut text)?,
            _ => io::Read::read_to_string(&mut DeflateDecoder::new(self.packed), &mut text)?,
        };
        Ok(text)
    }
}

/// The parts of a package, in their order.
pub(crate) fn parts<'a>(archive: &'a ZipSliceArchive<&'a [u8]>) -> io::Result<Vec<Part<'a>>> {
    let mut entries = archive.entries();
    let mut parts = Vec::new();
    while let Some(entry) = entries.next_entry().map_err(io::Error::other)? {
        let packed = archive.get_entry(entry.wayfinder()).map_err(io::Error::other)?;
        parts.push(Part {
            name: String::from_utf8_lossy(entry.file_path().as_ref()).into_owned(),
            method: entry.compression_method(),
            packed: packed.data(),
            size: entry.uncompressed_size_hint(),
            crc: entry.crc32(),
        });
    }
    Ok(parts)
}

/// Opens a package.
pub(crate) fn open(bytes: &[u8]) -> io::Result<ZipSliceArchive<&[u8]>> {
    ZipArchive::from_slice(bytes).map_err(io::Error::other)
}

/// A part as packages list it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) crc: u32,
}

/// A package that is being written.
pub(crate) struct Package<W> {
    archive: ZipArchiveWriter<W>,
    level: Compression,
    /// The parts that are written.
    listed: Vec<Listed>,
}

impl<W: Write> Package<W> {
    /// A package whose parts are compressed at this level, 1 to 9.
    pub(crate) fn new(output: W, level: u8) -> Package<W> {
        Package {
            archive: ZipArchiveWriter::new(output),
            level: Compression::new(u32::from(level)),
            listed: Vec::new(),
        }
    }

    /// Writes a part as it is packed elsewhere.
    pub(crate) fn copy(&mut self, part: &Part<'_>) -> io::Result<()> {
        let file = self.archive.new_file(&part.name).compression_method(part.method);
        let (mut entry, _) = file.start().map_err(io::Error::other)?;
        entry.write_all(part.packed)?;
        entry.finish(DataDescriptorOutput::new(part.crc, part.size)).map_err(io::Error::other)?;
        self.listed.push(Listed { name: part.name.clone(), size: part.size, crc: part.crc });
        Ok(())
    }

    /// Writes a part of so many pieces, of which `piece` appends each to a buffer. Pieces are made in any order, and only
    /// few are in memory at a time.
    ///
    /// Each piece is compressed by itself up to a full flush, which ends at a whole byte and forgets what was before it
    /// (RFC 1951, section 3.2.4; zlib, `Z_FULL_FLUSH`): one after the other they are one stream.
    pub(crate) fn write(
        &mut self,
        name: &str,
        pieces: usize,
        piece: impl Fn(usize, &mut Vec<u8>) + Sync,
    ) -> io::Result<()> {
        let level = self.level;
        let file = self.archive.new_file(name).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, _) = file.start().map_err(io::Error::other)?;
        let (mut crc, mut size) = (Crc::new(), 0);
        let at_a_time = rayon::current_num_threads() * 4;
        for first in (0..pieces).step_by(at_a_time) {
            let packed: Vec<io::Result<Piece>> = (first..pieces.min(first + at_a_time))
                .into_par_iter()
                .map_init(Vec::new, |buffer, at| {
                    buffer.clear();
                    piece(at, buffer);
                    deflate(buffer, level, at + 1 == pieces)
                })
                .collect();
            for packed in packed {
                let piece = packed?;
                entry.write_all(&piece.packed)?;
                crc.combine(&piece.crc);
                size += piece.size;
            }
        }
        entry.finish(DataDescriptorOutput::new(crc.sum(), size)).map_err(io::Error::other)?;
        self.listed.push(Listed { name: name.to_owned(), size, crc: crc.sum() });
        Ok(())
    }

    /// The parts that were written.
    pub(crate) fn take_listed(&mut self) -> Vec<Listed> {
        std::mem::take(&mut self.listed)
    }

    /// Ends the package.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.archive.finish().map_err(io::Error::other)?;
        Ok(())
    }
}

/// A piece of a part.
struct Piece {
    packed: Vec<u8>,
    size: u64,
    crc: Crc,
}

fn deflate(bytes: &[u8], level: Compression, is_last: bool) -> io::Result<Piece> {
    let flush = if is_last { FlushCompress::Finish } else { FlushCompress::Full };
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut stream = Compress::new(level, false);
    let mut packed = Vec::with_capacity(bytes.len() / 4 + 1024);
    loop {
        let rest = bytes.get(stream.total_in() as usize..).unwrap_or_default();
        let status = stream.compress_vec(rest, &mut packed, flush).map_err(io::Error::other)?;
        // With room left nothing is held back any more (zlib, `deflate`).
        if status == Status::StreamEnd || (!is_last && packed.len() < packed.capacity()) {
            return Ok(Piece { packed, size: bytes.len() as u64, crc });
        }
        packed.reserve(bytes.len() / 4 + 1024);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    /// Text that compresses badly and well, of this length.
    fn text(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = |at: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if (at / 1000).is_multiple_of(2) { b'a' } else { (state >> 24) as u8 }
        };
        (0..length).map(&mut next).collect()
    }

    #[test]
    fn pieces_make_one_part_that_other_readers_read() {
        let whole = text(300_000);
        for size in [300_000, 100_000, 4096, 999] {
            let pieces: Vec<&[u8]> = whole.chunks(size).collect();
            let mut bytes = Vec::new();
            let mut package = Package::new(&mut bytes, 3);
            package.write("a/b.xml", pieces.len(), |at, out| out.extend_from_slice(pieces[at])).unwrap();
            package.write("empty", 1, |_, _| {}).unwrap();
            package.finish().unwrap();
            // A copy of a copy, as parts of one package go into another.
            let mut copied = Vec::new();
            let archive = open(&bytes).unwrap();
            let mut package = Package::new(&mut copied, 3);
            parts(&archive).unwrap().iter().for_each(|part| package.copy(part).unwrap());
            package.finish().unwrap();
            for bytes in [&bytes, &copied] {
                let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
                let names: Vec<_> = archive.file_names().map(Result::unwrap).collect();
                assert_eq!(names, ["a/b.xml", "empty"]);
                let mut read = Vec::new();
                // Reading to the end compares the checksum.
                archive.by_index(0).unwrap().read_to_end(&mut read).unwrap();
                assert_eq!((read == whole, archive.by_index(1).unwrap().size()), (true, 0), "pieces of {size}");
            }
        }
    }
}
