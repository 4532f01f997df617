//! Compressed files and archives, unpacked into temporary files.
//!
//! What a file is, its content tells, not its name. A member of an archive never chooses where anything is written: it
//! is unpacked under a name of the operating system's choosing, and deleted when it has been read.
//!
//! Of what is cut off or has a wrong checksum so much is read as can be unpacked, and whoever reads it is told that it is
//! not all. Members of one name are all read: in a tar archive the later would take the place of the earlier when it is
//! unpacked, but an archive of reports is a record of them, and which one counts the findings in them tell.

use std::{
    cell::Cell,
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
};

use bytesize::ByteSize;
use encoding_rs::Encoding;
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};
use zip::{
    ZipArchive,
    ZipReadOptions,
    read::Config,
    result::ZipError,
    // `ZipArchive` has one member of each name; this has all.
    unstable::read::ZipIterable,
};

use super::{Watch, encoding, error::ReadErrorKind};
use crate::location::{Bytes, Opened, Scratch};

/// How much is read at a time.
const BUFFER: usize = 256 << 10;

/// The most memory that a file may make its decompressor take, as much as zstd itself takes unless it is told otherwise
/// (`ZSTD_WINDOWLOG_LIMIT_DEFAULT`). The programs that write these formats stay below unless they are told otherwise, too
/// (`zstd --ultra --long=31`).
const MOST_WINDOW: u64 = 128 << 20;

/// The most that may stand between two members of a tar archive: their headers, of which one may hold a name of any length
/// (POSIX pax, "path"), and is read into memory. File systems take names of a few kilobytes.
const MOST_HEADERS: u64 = 1 << 20;

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// One file, compressed.
    Compressed(Compression),
    /// Several files in one, or a workbook, which is a zip archive too.
    Zip,
    Tar,
    /// Anything else.
    Plain,
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// Tells what a file is that begins with these bytes: at least 262, if it has so many.
pub(crate) fn content(start: &[u8]) -> Content {
    // RFC 1952; RFC 8878, with a frame to be skipped in front; bzip2; the .xz file format; APPNOTE.TXT, also of an
    // archive without members; POSIX ustar.
    if start.starts_with(b"\x1f\x8b") {
        Content::Compressed(Compression::Gzip)
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") || (start.get(1..4) == Some(b"\x2a\x4d\x18") && start[0] >> 4 == 5)
    {
        Content::Compressed(Compression::Zstd)
    } else if start.starts_with(b"BZh") && start.get(4..10) == Some(b"\x31\x41\x59\x26\x53\x59") {
        Content::Compressed(Compression::Bzip2)
    } else if start.starts_with(b"\xfd7zXZ\0") {
        Content::Compressed(Compression::Xz)
    } else if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        Content::Zip
    } else if start.get(257..262) == Some(b"ustar") {
        Content::Tar
    } else {
        Content::Plain
    }
}

/// How much an input may still unpack to, all that is in it together.
#[derive(Debug)]
pub(crate) struct Budget {
    most: ByteSize,
    left: Cell<u64>,
}

impl Budget {
    pub(crate) fn new(most: ByteSize) -> Budget {
        Budget { most, left: Cell::new(most.as_u64()) }
    }
}

/// What could be unpacked.
#[derive(Debug)]
pub(crate) struct Unpacked {
    pub(crate) bytes: Bytes,
    length: u64,
    /// Why it is not all, or not as it was packed.
    pub(crate) damage: Option<String>,
}

impl Unpacked {
    /// Says what is wrong if it has not the size that it should have.
    fn of_size(mut self, size: u64) -> Unpacked {
        if self.damage.is_none() && self.length != size {
            let cut = self.length < size;
            let what = if cut { "it is cut off" } else { "it has another size than the archive says" };
            self.damage = Some(what.to_owned());
        }
        self
    }
}

/// A member of an archive.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name in the archive; of several with one name all but the first have a number in it.
    pub(crate) name: String,
    pub(crate) content: Result<Unpacked, ReadErrorKind>,
}

/// Unpacks a compressed file.
pub(crate) fn decompress(
    compression: Compression,
    file: Opened,
    budget: &Budget,
    watch: &Watch,
) -> Result<Unpacked, ReadErrorKind> {
    let to = file.scratch()()?;
    let input = BufReader::with_capacity(BUFFER, Counted { inner: file, watch });
    match compression {
        Compression::Gzip => spool(flate2::bufread::MultiGzDecoder::new(input), to, budget, watch),
        Compression::Zstd => spool(Zstd::new(input), to, budget, watch),
        Compression::Bzip2 => spool(bzip2::bufread::MultiBzDecoder::new(input), to, budget, watch),
        Compression::Xz => {
            let most = u32::try_from(MOST_WINDOW >> 10).unwrap_or(u32::MAX);
            spool(lzma_rust2::XzReader::new_mem_limit(input, true, most), to, budget, watch)
        }
    }
}

/// Unpacks an archive, and gives each file in it to `each`, under its name.
///
/// Folders, and what programs hide (`__MACOSX/`, names that begin with a dot), are no members. Those that are left out,
/// since they are no files or `wants` does not want them, are given back by name, with why.
///
/// # Errors
/// When the archive is damaged, or members may be missing; those before the damage have been given to `each`.
pub(crate) fn members(
    content: Content,
    file: Opened,
    budget: &Budget,
    watch: &Watch,
    wants: impl Fn(&str) -> bool,
    mut each: impl FnMut(Member),
) -> Result<Vec<(String, ReadErrorKind)>, ReadErrorKind> {
    let mut left_out = Vec::new();
    let mut names = HashMap::new();
    let mut sort = |name: String, kind: Kind| {
        if kind == Kind::Folder || is_hidden(&name) {
            return None;
        }
        let why = match kind {
            _ if !wants(&name) => ReadErrorKind::NotByName,
            Kind::Other => ReadErrorKind::NotAFile,
            _ => return Some(distinct(name, &mut names)),
        };
        left_out.push((name, why));
        None
    };
    // Whether to go on: what ends the reading of one member for these reasons would end that of the others.
    let mut give = |name, content: Result<Unpacked, ReadErrorKind>| {
        let goes_on = !matches!(content, Err(ReadErrorKind::TooLarge(_) | ReadErrorKind::Interrupted));
        each(Member { name, content });
        goes_on
    };
    let scratch = file.scratch();
    if content == Content::Zip {
        let file = BufReader::with_capacity(BUFFER, file);
        let mut archive = ZipIterable::try_new(file, Config::default()).map_err(zip_error)?;
        let entries = archive.files().map_err(zip_error)?;
        while let Some(entry) = entries.next() {
            if watch.is_stopped() {
                return Err(ReadErrorKind::Interrupted);
            }
            let entry = entry.map_err(zip_error)?;
            let kind = match (entry.is_dir(), entry.is_file()) {
                (true, _) => Kind::Folder,
                (_, true) => Kind::File,
                _ => Kind::Other,
            };
            let Some(name) = sort(name(entry.name_raw()), kind) else { continue };
            // The list of members needs no password; what is in them may.
            let unpacked = if entry.encrypted() {
                Err(ReadErrorKind::Damaged("it is locked with a password".to_owned()))
            } else {
                let size = entry.size();
                let member = entry.with_reader(entries.reader_mut(), ZipReadOptions::new()).map_err(zip_error);
                member
                    .and_then(|member| spool(member, scratch()?, budget, watch))
                    .map(|unpacked| unpacked.of_size(size))
            };
            if !give(name, unpacked) {
                break;
            }
        }
    } else {
        let file = BufReader::with_capacity(BUFFER, Counted { inner: file, watch });
        let allowed = Cell::new(MOST_HEADERS);
        let mut archive = tar::Archive::new(Ending { inner: file, is_reached: false, allowed: &allowed });
        let mut is_broken_off = false;
        for entry in archive.entries().map_err(damaged)? {
            if watch.is_stopped() {
                return Err(ReadErrorKind::Interrupted);
            }
            let entry = entry.map_err(|error| missing_members(&error.to_string()))?;
            let kind = entry.header().entry_type();
            let size = entry.size();
            // What is read until the next member is given: this one, whether it is wanted or not, and the headers of the next.
            // A sparse file has fewer bytes in the archive than it says.
            let packed = if kind.is_gnu_sparse() { entry.header().entry_size().map_err(damaged)? } else { size };
            allowed.set(packed.saturating_add(MOST_HEADERS));
            let Some(name) = sort(name(&entry.path_bytes()), Kind::of_tar(kind)) else { continue };
            let unpacked = scratch()
                .map_err(ReadErrorKind::from)
                .and_then(|to| spool(entry, to, budget, watch))
                .map(|unpacked| unpacked.of_size(size));
            if !give(name, unpacked) {
                is_broken_off = true;
                break;
            }
        }
        // Blocks of zeros stand behind the last member (POSIX pax).
        if archive.into_inner().is_reached && !is_broken_off {
            return Err(missing_members("it has no end"));
        }
    }
    Ok(left_out)
}

/// What a member of an archive is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    /// A folder, or what an archive says of itself.
    Folder,
    /// A link, a device or a pipe.
    Other,
}

impl Kind {
    /// A type that is not known is a file (POSIX pax, typeflag); so is a sparse one, whose holes the crate fills.
    fn of_tar(kind: tar::EntryType) -> Kind {
        use tar::EntryType as T;
        match kind {
            T::Directory | T::XGlobalHeader => Kind::Folder,
            T::Link | T::Symlink | T::Char | T::Block | T::Fifo => Kind::Other,
            _ => Kind::File,
        }
    }
}

fn missing_members(what: &str) -> ReadErrorKind {
    ReadErrorKind::Damaged(format!("{what}; members may be missing behind those that were read"))
}

/// The name of a member, with a number where another one has that name: `may/report (2).csv`.
fn distinct(name: String, names: &mut HashMap<String, usize>) -> String {
    let start = name.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let stem = start + crate::source::stem(&name[start..]).len();
    let mut other = name.clone();
    // Where many have one name, the search goes on where it ended for the one before.
    let mut number = names.get(&name).copied().unwrap_or(0);
    while names.contains_key(&other) {
        number += 1;
        other = format!("{} ({number}){}", &name[..stem], &name[stem..]);
    }
    names.insert(other.clone(), 1);
    names.insert(name, number.max(1));
    other
}

/// What a zip archive is, if it is the file of an office program and no archive that people make.
pub(crate) enum Office {
    Workbook,
    Other(&'static str),
}

/// Whether a zip archive is a document (ECMA-376 part 2, OpenDocument 1.2 part 3).
pub(crate) fn office(file: Opened) -> Result<Option<Office>, ReadErrorKind> {
    let archive = ZipArchive::new(BufReader::new(file)).map_err(zip_error)?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    Ok(if has("xl/workbook.xml") {
        Some(Office::Workbook)
    } else if has("xl/workbook.bin") {
        Some(Office::Other("a binary Excel workbook (.xlsb)"))
    } else if has("word/document.xml") {
        Some(Office::Other("a Word document"))
    } else if has("mimetype") && has("content.xml") {
        Some(Office::Other("an OpenDocument file"))
    } else {
        None
    })
}

/// Copies a reader to its end, or to where it is damaged.
fn spool(mut from: impl Read, mut to: Scratch, budget: &Budget, watch: &Watch) -> Result<Unpacked, ReadErrorKind> {
    let mut buffer = vec![0; BUFFER];
    let mut total = 0;
    let damage = loop {
        if watch.is_stopped() {
            return Err(ReadErrorKind::Interrupted);
        }
        // What the operating system says of the file to read comes through the decompressor, too.
        let length = match from.read(&mut buffer) {
            Ok(0) => break None,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => match damaged(error) {
                ReadErrorKind::Damaged(what) if total > 0 => break Some(what),
                error => return Err(error),
            },
        };
        total += length as u64;
        let left = budget.left.get().checked_sub(length as u64).ok_or(ReadErrorKind::TooLarge(budget.most))?;
        budget.left.set(left);
        to.write_all(&buffer[..length])?;
    };
    Ok(Unpacked { bytes: to.finish(), length: total, damage })
}

fn damaged(error: io::Error) -> ReadErrorKind {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ReadErrorKind::Damaged("it is cut off".to_owned()),
        _ if error.raw_os_error().is_some() => ReadErrorKind::Io(error),
        _ => ReadErrorKind::Damaged(error.to_string()),
    }
}

fn zip_error(error: ZipError) -> ReadErrorKind {
    match error {
        ZipError::Io(error) => damaged(error),
        ZipError::UnsupportedArchive(what) => ReadErrorKind::Damaged(what.to_string()),
        other => ReadErrorKind::Damaged(other.to_string()),
    }
}

/// The name of a member. Programs on Japanese Windows write names in CP932 without saying so.
fn name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => {
            let encoding: &Encoding = encoding::guess(bytes);
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
    }
}

fn is_hidden(name: &str) -> bool {
    name.split(['/', '\\']).any(|part| part == "__MACOSX" || (part.starts_with('.') && !matches!(part, "." | "..")))
}

/// Shows how much of the packed file has been read.
struct Counted<'a> {
    inner: Opened,
    watch: &'a Watch,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.watch.add(length);
        Ok(length)
    }
}

/// Knows whether a reader has come to its end, and gives no more than is allowed.
struct Ending<'a, R> {
    inner: R,
    is_reached: bool,
    allowed: &'a Cell<u64>,
}

impl<R: Read> Read for Ending<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        match self.allowed.get().checked_sub(length as u64) {
            Some(left) => self.allowed.set(left),
            None => {
                let most = ByteSize::b(MOST_HEADERS);
                return Err(io::Error::other(format!("the name of a member is longer than {most}")));
            }
        }
        self.is_reached |= length == 0 && !buffer.is_empty();
        Ok(length)
    }
}

/// Reads Zstandard: frame after frame, as parallel compressors and `cat a.zst b.zst` put them.
struct Zstd<R> {
    input: R,
    decoder: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Zstd<R> {
    fn new(input: R) -> Zstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MOST_WINDOW);
        Zstd { input, decoder, inside: false }
    }

    /// Begins a frame, or skips one that is there to be skipped (RFC 8878, section 3.1.2).
    fn begin(&mut self) -> io::Result<()> {
        match self.decoder.init(&mut self.input) {
            Ok(()) => self.inside = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let length = u64::from(length);
                if io::copy(&mut (&mut self.input).take(length), &mut io::sink())? < length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            Err(error) => return Err(io::Error::other(error.to_string())),
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.inside {
                if self.input.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.begin()?;
                continue;
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder
                    .decode_blocks(&mut self.input, one)
                    .map_err(|error| io::Error::other(error.to_string()))?;
            }
            let length = self.decoder.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            let written = self.decoder.get_checksum_from_data();
            if written.is_some() && written != self.decoder.get_calculated_checksum() {
                return Err(io::Error::other("its checksum is wrong"));
            }
            self.inside = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Zstd::new(bytes).read_to_end(&mut out)?;
        Ok(out)
    }

    /// A frame of one raw block, by hand from RFC 8878, and one to be skipped.
    #[test]
    fn zstandard_frames_follow_each_other() {
        let frame = b"\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00a";
        let skip = b"\x50\x2a\x4d\x18\x02\x00\x00\x00zz";
        let all = [&frame[..], skip, frame].concat();
        assert_eq!(read(&all).unwrap(), b"aa");
        assert_eq!(content(skip), Content::Compressed(Compression::Zstd));
        for end in 1..all.len() {
            assert!(end == frame.len() || end == frame.len() + skip.len() || read(&all[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn hidden_members_are_known() {
        assert!(["__MACOSX/a/._b.csv", ".git/x.csv", "a\\.b.csv"].iter().all(|name| is_hidden(name)));
        assert!(["a/b.csv", "./a.csv", "../a.csv"].iter().all(|name| !is_hidden(name)));
    }

    #[test]
    fn members_of_one_name_are_told_apart() {
        let mut names = HashMap::new();
        let distinct = |name: &str| distinct(name.to_owned(), &mut names);
        assert_eq!(
            ["a/r.csv", "a/r.csv", "a/r (2).csv", "a/r.csv", "r.tar.gz", "r.tar.gz", ".csv", ".csv", "", ""]
                .map(distinct),
            [
                "a/r.csv",
                "a/r (2).csv",
                "a/r (2) (2).csv",
                "a/r (3).csv",
                "r.tar.gz",
                "r (2).tar.gz",
                ".csv",
                ".csv (2)",
                "",
                " (2)"
            ]
        );
    }

    #[test]
    fn names_in_the_code_page_of_japanese_windows_are_read() {
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode("脆弱性レポート.csv");
        assert_eq!(name(&bytes), "脆弱性レポート.csv");
        assert_eq!(name("脆弱性.csv".as_bytes()), "脆弱性.csv");
    }
}
