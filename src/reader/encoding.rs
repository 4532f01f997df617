//! Encodings of text: which one a file is in, and the same file in UTF-8.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_16BE, UTF_16LE};
use tempfile::{NamedTempFile, TempPath};

use super::{Watch, error::ReadErrorKind};

/// How much is read at a time.
const BUFFER: usize = 256 << 10;

/// The encoding that a byte order mark names.
pub(crate) fn of_mark(start: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(start).map(|(encoding, _)| encoding)
}

/// UTF-16 without a mark: every second byte of the headings is zero.
pub(crate) fn of_zeros(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).take(64).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 16..) => Some(UTF_16LE),
        (16.., 0) => Some(UTF_16BE),
        _ => None,
    }
}

/// Guesses the encoding of some bytes that are not UTF-8.
pub(crate) fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Finds out the encoding of a file that is not all UTF-8; `None` when most of it is, and some bytes of it are broken.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn of_file(mut file: File) -> io::Result<Option<&'static Encoding>> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut buffer = vec![0; BUFFER];
    let (mut held, mut good, mut bad) = (0, 0u64, 0u64);
    loop {
        let length = match file.read(&mut buffer[held..]) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        detector.feed(&buffer[held..held + length], length == 0);
        let bytes = &buffer[..held + length];
        let mut rest = 0;
        for chunk in bytes.utf8_chunks() {
            good += chunk.valid().chars().filter(|c| !c.is_ascii()).count() as u64;
            rest += chunk.valid().len();
            // A character may be cut by the end of what was read.
            if rest + chunk.invalid().len() == bytes.len() && chunk.invalid().len() < 4 && length > 0 {
                break;
            }
            rest += chunk.invalid().len();
            bad += u64::from(!chunk.invalid().is_empty());
        }
        if length == 0 {
            break;
        }
        buffer.copy_within(rest..held + length, 0);
        held = held + length - rest;
    }
    // Text in another encoding is hardly ever UTF-8 by chance.
    Ok((bad > good).then(|| detector.guess(None, Utf8Detection::Deny)))
}

/// A file in UTF-8.
pub(crate) struct Converted {
    pub(crate) path: TempPath,
    /// How many stretches of bytes had no meaning, and were replaced by U+FFFD.
    pub(crate) replaced: u64,
    /// The line of the first of them, from 1.
    pub(crate) first_line: u64,
}

/// Converts a file to UTF-8.
pub(crate) fn to_utf8(mut file: File, encoding: &'static Encoding, watch: &Watch) -> Result<Converted, ReadErrorKind> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let temporary = NamedTempFile::new()?;
    let mut out = BufWriter::with_capacity(BUFFER, temporary.as_file());
    let mut buffer = vec![0; BUFFER];
    let mut text = String::with_capacity(4 * BUFFER);
    let (mut replaced, mut line, mut first_line) = (0, 1u64, 0);
    loop {
        if watch.is_stopped() {
            return Err(ReadErrorKind::Interrupted);
        }
        let length = match file.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        watch.add(length);
        let mut rest = &buffer[..length];
        loop {
            text.clear();
            let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, length == 0);
            rest = &rest[read..];
            let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
            line += lines;
            out.write_all(text.as_bytes())?;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    out.write_all("\u{fffd}".as_bytes())?;
                    if replaced == 0 {
                        first_line = line;
                    }
                    replaced += 1;
                }
            }
        }
        if length == 0 {
            break;
        }
    }
    out.flush()?;
    drop(out);
    Ok(Converted { path: temporary.into_temp_path(), replaced, first_line })
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom};

    use encoding_rs::{EUC_JP, SHIFT_JIS, UTF_8, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    const TEXT: &str = "重大度,タイトル,所有者\r\nHIGH,細工されたリクエストによりサービス運用妨害となる可能性があります,基盤チーム\r\n";

    #[test]
    fn utf_16_is_known_by_its_mark_or_its_zeros() {
        let text = "AWS Account Id\tSeverity\tFix Available\tFinding Type\n";
        assert_eq!(of_mark(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)), Some(UTF_16LE));
        assert_eq!(of_mark(b"\xef\xbb\xbfSeverity"), Some(UTF_8));
        assert_eq!(of_zeros(&utf16(text, u16::to_le_bytes)), Some(UTF_16LE));
        assert_eq!(of_zeros(&utf16(text, u16::to_be_bytes)), Some(UTF_16BE));
        assert_eq!((of_mark(text.as_bytes()), of_zeros(text.as_bytes())), (None, None));
        assert_eq!((of_mark(b""), of_zeros(b"")), (None, None));
    }

    #[test]
    fn japanese_encodings_are_told_apart() {
        for encoding in [SHIFT_JIS, EUC_JP] {
            assert_eq!(of_file(file(&encoding.encode(TEXT).0)).unwrap(), Some(encoding));
        }
        assert_eq!(of_file(file(b"Severity,Owner\nHIGH,caf\xe9 R\xe9gie\n")).unwrap(), Some(WINDOWS_1252));
    }

    #[test]
    fn utf_8_with_broken_bytes_stays_utf_8() {
        let broken = [TEXT.as_bytes(), b"\xe3\x81", TEXT.as_bytes()].concat();
        assert_eq!(of_file(file(&broken)).unwrap(), None);
        assert_eq!(of_file(file(TEXT.repeat(20_000).as_bytes())).unwrap(), None);
    }

    #[test]
    fn bytes_without_meaning_are_replaced_and_counted() {
        let bytes = [SHIFT_JIS.encode(TEXT).0.as_ref(), b"a\x81\n\xff"].concat();
        let converted = to_utf8(file(&bytes), SHIFT_JIS, &Watch::new()).unwrap();
        assert_eq!((converted.replaced, converted.first_line), (2, 3));
        assert_eq!(std::fs::read_to_string(&converted.path).unwrap(), format!("{TEXT}a\u{fffd}\n\u{fffd}"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Text comes back whole, wherever the blocks cut it.
        #[test]
        fn text_comes_back(text in "[a-z\u{3042}\u{1F512}\n]{0,40}", repeat in 1usize..4000) {
            let text = text.repeat(repeat);
            for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
                let encoding = if bytes(1) == [1, 0] { UTF_16LE } else { UTF_16BE };
                let encoded = utf16(&format!("\u{feff}{text}"), bytes);
                let converted = to_utf8(file(&encoded), encoding, &Watch::new()).unwrap();
                prop_assert_eq!(converted.replaced, 0);
                prop_assert_eq!(std::fs::read_to_string(&converted.path).unwrap(), text.clone());
            }
        }
    }
}
