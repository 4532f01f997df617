//! The seal of a workbook, by which one that is as we wrote it is told from one that someone has worked on since.
//!
//! It is a custom property of the document (ECMA-376 part 1, 22.3) that holds a hash over the names, sizes and CRC-32 of
//! all other parts, as the package lists them. Excel, LibreOffice and openpyxl write parts anew when they save, so the
//! seal does not fit any more, whether they keep the property or not.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use flate2::read::DeflateDecoder;
use inspector_report_format::Standing;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};

use crate::package::{self, Listed, Package, Part};

/// The part with the seal.
pub(crate) const PART: &str = "docProps/custom.xml";

/// The part that says who made the workbook, and when.
const CORE: &str = "docProps/core.xml";

/// The name of the property.
pub(crate) const PROPERTY: &str = "inspector-report seal";

/// The placeholder of the seal until all other parts are written.
pub(crate) const BLANK: &str = "00000000000000000000000000000000";

/// More than the parts with properties take.
const MOST: u64 = 64 << 10;

/// The seal of a package with these parts, in any order.
pub(crate) fn of(mut parts: Vec<Listed>) -> String {
    parts.retain(|part| part.name != PART);
    parts.sort();
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.name.len() as u64).to_le_bytes());
        hasher.update(part.name.as_bytes());
        hasher.update(&part.size.to_le_bytes());
        hasher.update(&part.crc.to_le_bytes());
    }
    hasher.finalize().to_hex().chars().take(BLANK.len()).collect()
}

/// Writes a package that is complete, with its seal.
pub(crate) fn write(bytes: &[u8], output: impl Write, level: u8) -> io::Result<()> {
    let archive = package::open(bytes)?;
    let parts = package::parts(&archive)?;
    let mut package = Package::new(output, level);
    for part in parts.iter().filter(|part| part.name != PART) {
        package.copy(part)?;
    }
    finish(package, &parts)
}

/// Ends a package with the part that has its seal, which comes last; it is made of that of `frame`.
pub(crate) fn finish<W: Write>(mut package: Package<W>, frame: &[Part<'_>]) -> io::Result<()> {
    let text = sealed(frame, &of(package.take_listed()))?;
    package.write(PART, 1, |_, out| out.extend_from_slice(text.as_bytes()))?;
    package.finish()
}

/// The text of the part with the seal, which is now known.
fn sealed(parts: &[Part<'_>], seal: &str) -> io::Result<String> {
    let part = parts.iter().find(|part| part.name == PART);
    let part = part.ok_or_else(|| io::Error::other("the workbook has no custom properties"))?;
    Ok(part.text()?.replacen(BLANK, seal, 1))
}

/// What a file is that stands where a workbook is to go. A file without anything in it is nobody's.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn standing(file: File) -> io::Result<Standing> {
    if file.metadata()?.len() == 0 {
        return Ok(Standing::AsWritten);
    }
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    // What is no archive may be a workbook with a password, or anything else that is not ours.
    let Ok(archive) = ZipArchive::from_file(file, &mut buffer) else { return Ok(Standing::Foreign) };
    let mut listed = Vec::new();
    let (mut core, mut custom) = (None, None);
    let mut entries = archive.entries(&mut buffer);
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(_) => return Ok(Standing::Foreign),
        };
        let name = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        match name.as_str() {
            PART => custom = Some((entry.wayfinder(), entry.compression_method())),
            CORE => core = Some((entry.wayfinder(), entry.compression_method())),
            _ => {}
        }
        listed.push(Listed { name, size: entry.uncompressed_size_hint(), crc: entry.crc32() });
    }
    let text = |part: Option<_>| -> Option<String> {
        let (wayfinder, method) = part?;
        let entry = archive.get_entry(wayfinder).ok()?;
        let mut text = String::new();
        let read = match method {
            CompressionMethod::STORE => entry.reader().take(MOST).read_to_string(&mut text),
            _ => DeflateDecoder::new(entry.reader()).take(MOST).read_to_string(&mut text),
        };
        read.ok().map(|_| text)
    };
    let Some(core) = text(core).filter(|core| element(core, "dc:creator") == Some("inspector-report")) else {
        return Ok(Standing::Foreign);
    };
    let fits = match text(custom).as_deref().and_then(seal) {
        Some(seal) => seal == of(listed),
        // One of before there were seals; or whoever saved it keeps no such properties, and says that it was modified.
        None => {
            let by_us = element(&core, "cp:lastModifiedBy").is_none_or(|name| name == "inspector-report");
            by_us && element(&core, "dcterms:created") == element(&core, "dcterms:modified")
        }
    };
    Ok(if fits { Standing::AsWritten } else { Standing::Edited })
}

/// The seal in the text of the part that has it.
fn seal(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(PROPERTY)?;
    let (property, _) = rest.split_once("</property>").unwrap_or((rest, ""));
    element(property, "vt:lpwstr")
}

/// What is in an element.
fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{name}"))?;
    let (_, rest) = rest.split_once('>')?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Seek, SeekFrom};

    use inspector_report_format::Context;
    use inspector_report_localizer::Lang;
    use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
    use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn workbook(properties: &DocProperties) -> Vec<u8> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write(0, 0, "a text").unwrap();
        workbook.set_properties(properties);
        workbook.save_to_buffer().unwrap()
    }

    fn standing_of(bytes: &[u8]) -> Standing {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        standing(file).unwrap()
    }

    /// The workbook written anew by another program, which does `change` to each part.
    fn saved(bytes: &[u8], change: impl Fn(&str, String) -> Option<String>) -> Vec<u8> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for place in 0..archive.len() {
            let mut part = archive.by_index(place).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            if let Some(text) = change(&name, text) {
                out.start_file(name, SimpleFileOptions::default()).unwrap();
                out.write_all(text.as_bytes()).unwrap();
            }
        }
        out.finish().unwrap().into_inner()
    }

    #[test]
    fn a_seal_fits_until_a_part_is_another() {
        let mut ours = Vec::new();
        let texts = crate::localizer(Lang::En);
        let properties = crate::properties("t", "s", None, &Context::new(&texts, "1"));
        write(&workbook(&properties), &mut ours, 3).unwrap();
        assert_eq!(standing_of(&ours), Standing::AsWritten);
        assert_eq!(standing_of(&saved(&ours, |_, text| Some(text))), Standing::AsWritten, "packed again, and no more");
        for part in ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "docProps/app.xml"] {
            let edited = saved(&ours, |name, text| Some(if name == part { text + " " } else { text }));
            assert_eq!(standing_of(&edited), Standing::Edited, "{part}");
        }
        assert_eq!(
            standing_of(&saved(&ours, |name, text| (name != "docProps/app.xml").then_some(text))),
            Standing::Edited
        );
    }

    #[test]
    fn without_a_seal_it_counts_whether_it_was_modified() {
        let at = ExcelDateTime::from_timestamp(0).unwrap();
        let properties = DocProperties::new().set_author("inspector-report").set_creation_datetime(&at);
        let before = workbook(&properties);
        assert_eq!(standing_of(&before), Standing::AsWritten);
        let with = |old: &'static str, new: &'static str| {
            standing_of(&saved(&before, |name, text| Some(if name == CORE { text.replace(old, new) } else { text })))
        };
        assert_eq!(
            with("1970-01-01T00:00:00Z</dcterms:modified>", "2026-01-01T00:00:00Z</dcterms:modified>"),
            Standing::Edited
        );
        assert_eq!(with("inspector-report</cp:last", "Mai</cp:last"), Standing::Edited);
        assert_eq!(with("inspector-report</dc:creator>", "Mai</dc:creator>"), Standing::Foreign);
    }

    #[test]
    fn what_is_no_workbook_is_someone_elses_and_nothing_is_nobodys() {
        assert_eq!(standing_of(b""), Standing::AsWritten);
        assert_eq!(standing_of(b"\xd0\xcf\x11\xe0 a workbook with a password"), Standing::Foreign);
        assert_eq!(standing_of(&workbook(&DocProperties::new().set_author("Mai"))), Standing::Foreign);
    }
}
