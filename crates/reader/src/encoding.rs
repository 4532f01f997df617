//! Encodings of text: which one a file is in, and the same file in UTF-8.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Watch, error::ReadErrorKind, headings};
use crate::location::{Bytes, Opened};

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

/// UTF-32, which hardly any program writes, and no library here reads: by its mark, or by its zeros, three of four bytes
/// of the headings. Gives whether the low byte comes first.
pub(crate) fn utf_32(start: &[u8]) -> Option<ByteOrder> {
    if start.starts_with(&[0xff, 0xfe, 0, 0]) {
        return Some(ByteOrder::Little);
    }
    if start.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Some(ByteOrder::Big);
    }
    let units = start.as_chunks::<4>().0;
    let are_characters = |read: fn([u8; 4]) -> u32| {
        units.len() >= 16 && units.iter().take(64).all(|unit| char::from_u32(read(*unit)).is_some_and(|c| c != '\0'))
    };
    // Two units of UTF-16 are no character of UTF-32.
    match (are_characters(u32::from_le_bytes), are_characters(u32::from_be_bytes)) {
        (true, _) => Some(ByteOrder::Little),
        (_, true) => Some(ByteOrder::Big),
        _ => None,
    }
}

/// In which order the bytes of a unit stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

/// How much of the text that is not ASCII is looked at to tell its encoding.
const SAMPLE: usize = 256 << 10;

/// How much of a file is looked through for it.
const SAMPLED: u64 = 64 << 20;

/// Guesses the encoding of some bytes that are not UTF-8.
pub(crate) fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    choose(&detector, bytes, false)
}

/// Chooses the encoding of a text by a sample of it. The statistics of the detector need some sentences; a report in
/// English may have one name in Japanese, of which they make Chinese or Russian. So Japanese is looked for first, by what
/// its text must be; and a guess in which bytes of the text have no meaning is not taken.
fn choose(detector: &EncodingDetector, sample: &[u8], expects_japanese: bool) -> &'static Encoding {
    if let Some(encoding) = by_headings(sample) {
        return encoding;
    }
    let reads = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(whole_lines(sample)).is_some()
    };
    let guess = detector.guess(None, Utf8Detection::Deny);
    if [SHIFT_JIS, EUC_JP, ISO_2022_JP].contains(&guess) && reads(guess) {
        return guess;
    }
    let fit = shift_jis_fit(whole_lines(sample));
    if fit == Fit::Certain {
        return SHIFT_JIS;
    }
    let japanese = detector.guess(Some(b"jp"), Utf8Detection::Deny);
    let is_japanese = [SHIFT_JIS, EUC_JP, ISO_2022_JP].contains(&japanese) && reads(japanese);
    match expects_japanese {
        true if is_japanese && (japanese != SHIFT_JIS || fit != Fit::None) => japanese,
        true if fit == Fit::Possible => SHIFT_JIS,
        _ if reads(guess) => guess,
        _ if is_japanese => japanese,
        // Every byte has a meaning in it.
        _ => WINDOWS_1252,
    }
}

/// A sample without a last line that is cut.
fn whole_lines(sample: &[u8]) -> &[u8] {
    match memchr::memrchr(b'\n', sample) {
        Some(end) => &sample[..=end],
        None => sample,
    }
}

/// The encoding in which the first lines have the headings of a Japanese report.
fn by_headings(sample: &[u8]) -> Option<&'static Encoding> {
    let lines = || sample.split(|byte| *byte == b'\n').take(50);
    [SHIFT_JIS, EUC_JP].into_iter().find(|encoding| {
        lines().filter(|line| line.len() < 64 << 10).any(|line| {
            let text = encoding.decode_without_bom_handling_and_without_replacement(line);
            text.is_some_and(|text| {
                let cells = text.split([',', ';', '\t', '|']).filter(|cell| !cell.is_ascii());
                headings::known(cells) >= headings::FEWEST
            })
        })
    })
}

/// Whether a text may be Japanese in the code page of Windows (CP932).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    None,
    Possible,
    Certain,
}

/// Looks at what the characters of a text would be in CP932, one stretch without ASCII after the other.
///
/// It speaks for Japanese that a voiced mark of half-width kana stands behind a letter that it can voice, and that several
/// characters in a row begin with 81 to 9F, which are punctuation in Windows' Western and Cyrillic, and hardly used in
/// Chinese and Korean. Against it speak marks in other places, characters that are rare in Japanese, and one alone among
/// Latin letters, which is how an accented letter or a curly quote looks (`don稚`).
fn shift_jis_fit(text: &[u8]) -> Fit {
    let mut fit = Fit::None;
    let mut at = 0;
    while let Some(start) = text[at..].iter().position(|byte| !byte.is_ascii()).map(|i| at + i) {
        let Some((stretch, end)) = Stretch::read(text, start) else { return Fit::None };
        if !stretch.may_be_japanese() {
            return Fit::None;
        }
        let is_certain = stretch.voiced > 0 || (stretch.wide > 1 && stretch.low == stretch.wide);
        fit = match is_certain || fit == Fit::Certain {
            true => Fit::Certain,
            false => Fit::Possible,
        };
        at = end;
    }
    fit
}

/// What is counted in some characters in a row that are not ASCII, in CP932.
#[derive(Default)]
struct Stretch {
    /// Characters of two bytes, and those of them that begin with 81 to 9F.
    wide: usize,
    low: usize,
    /// Characters of the second level, which are rare, and those without any agreed meaning.
    rare: usize,
    private: usize,
    /// Half-width kana, marks that voice one, and marks and small letters where none can be.
    kana: usize,
    voiced: usize,
    misplaced: usize,
    /// Whether the first character ends with an ASCII letter, and one stands right before or behind the stretch.
    is_among_letters: bool,
}

impl Stretch {
    /// Reads from a byte that is not ASCII; gives where the stretch ends. `None` where the bytes have no meaning.
    fn read(text: &[u8], start: usize) -> Option<(Stretch, usize)> {
        let mut stretch = Stretch::default();
        let (mut at, mut before) = (start, None);
        let mut ends_with_letter = false;
        while let Some(lead) = text.get(at).copied().filter(|byte| !byte.is_ascii()) {
            match lead {
                0xa1..=0xdf => {
                    stretch.kana += 1;
                    let can_be_voiced = matches!(before, Some(0xb3 | 0xb6..=0xc4 | 0xca..=0xce));
                    match lead {
                        0xde if can_be_voiced => stretch.voiced += 1,
                        0xdf if matches!(before, Some(0xca..=0xce)) => stretch.voiced += 1,
                        0xde | 0xdf => stretch.misplaced += 1,
                        0xa7..=0xaf if before.is_none() => stretch.misplaced += 1,
                        _ => {}
                    }
                    (before, at) = (Some(lead), at + 1);
                }
                0x81..=0x9f | 0xe0..=0xfc => {
                    let trail = text.get(at + 1).copied()?;
                    if !matches!(trail, 0x40..=0x7e | 0x80..=0xfc) {
                        return None;
                    }
                    stretch.wide += 1;
                    stretch.low += usize::from(lead < 0xa0);
                    stretch.private += usize::from((0xf0..=0xf9).contains(&lead));
                    let is_second_level = matches!((lead, trail), (0x98, 0x9f..) | (0x99..=0x9f | 0xe0.., _));
                    stretch.rare += usize::from(is_second_level);
                    ends_with_letter = trail.is_ascii_alphabetic();
                    (before, at) = (Some(lead), at + 2);
                }
                _ => return None,
            }
        }
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let has_letter = is_letter(start.checked_sub(1).and_then(|i| text.get(i))) || is_letter(text.get(at));
        stretch.is_among_letters = ends_with_letter && has_letter;
        Some((stretch, at))
    }

    fn may_be_japanese(&self) -> bool {
        let is_alone = self.wide == 1 && self.kana == 0 && self.is_among_letters;
        let is_mixed = self.kana > 0 && self.rare > 0;
        let is_rare = 2 * self.rare > self.wide;
        self.private == 0 && self.misplaced == 0 && !is_alone && !is_mixed && !is_rare
    }
}

/// The lines of a file that are not ASCII, up to some size.
fn sample(file: Opened) -> io::Result<Vec<u8>> {
    let mut lines = BufReader::new(file.take(SAMPLED));
    let (mut sample, mut line) = (Vec::new(), Vec::new());
    while sample.len() < SAMPLE && lines.read_until(b'\n', &mut line)? > 0 {
        if !line.is_ascii() {
            sample.extend_from_slice(&line);
        }
        line.clear();
    }
    Ok(sample)
}

/// Finds out the encoding of a file that is not all UTF-8; `None` when most of it is, and some bytes of it are broken.
/// `expects_japanese` tips the guess.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn of_file(mut file: Opened, expects_japanese: bool) -> io::Result<Option<&'static Encoding>> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut buffer = vec![0; BUFFER];
    let (mut held, mut good, mut wide, mut bad) = (0, 0u64, 0u64, 0u64);
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
            wide += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count() as u64;
            rest += chunk.valid().len();
            // A character may be cut by the end of what was read.
            if rest + chunk.invalid().len() == bytes.len() && chunk.invalid().len() < 4 && length > 0 {
                break;
            }
            rest += chunk.invalid().len();
            // A character that the end of the file cuts is no sign of another encoding.
            let is_cut = length == 0
                && rest == bytes.len()
                && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            bad += u64::from(!chunk.invalid().is_empty() && !is_cut);
        }
        if length == 0 {
            break;
        }
        buffer.copy_within(rest..held + length, 0);
        held = held + length - rest;
    }
    // Text in another encoding is hardly ever UTF-8 by chance.
    // Half-width kana are, two by two, letters of UTF-8 by chance; nothing in Japanese is UTF-8 of three bytes.
    let may_be_kana = bad > 0 && wide == 0;
    if bad <= good && !may_be_kana {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(0))?;
    let chosen = choose(&detector, &sample(file)?, expects_japanese);
    Ok((bad > good || chosen == SHIFT_JIS).then_some(chosen))
}

/// A file in UTF-8.
pub(crate) struct Converted {
    pub(crate) bytes: Bytes,
    /// How many stretches of bytes had no meaning, and were replaced by U+FFFD.
    pub(crate) replaced: u64,
    /// The line of the first of them, from 1.
    pub(crate) first_line: u64,
}

/// Converts a file to UTF-8.
pub(crate) fn to_utf8(
    mut file: Opened,
    encoding: &'static Encoding,
    watch: &Watch,
) -> Result<Converted, ReadErrorKind> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut temporary = file.scratch()()?;
    let mut out = BufWriter::with_capacity(BUFFER, &mut temporary);
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
    Ok(Converted { bytes: temporary.finish(), replaced, first_line })
}

/// Converts a file in UTF-32 to UTF-8.
pub(crate) fn utf_32_to_utf8(file: Opened, order: ByteOrder, watch: &Watch) -> Result<Converted, ReadErrorKind> {
    let mut temporary = file.scratch()()?;
    let mut file = BufReader::with_capacity(BUFFER, file);
    let mut out = BufWriter::with_capacity(BUFFER, &mut temporary);
    let (mut replaced, mut line, mut first_line, mut is_first) = (0, 1u64, 0, true);
    loop {
        if watch.is_stopped() {
            return Err(ReadErrorKind::Interrupted);
        }
        let mut block = Vec::with_capacity(BUFFER);
        if file.by_ref().take(BUFFER as u64).read_to_end(&mut block)? == 0 {
            break;
        }
        watch.add(block.len());
        for unit in block.chunks(4) {
            let code = <[u8; 4]>::try_from(unit).ok().map(|unit| match order {
                ByteOrder::Little => u32::from_le_bytes(unit),
                ByteOrder::Big => u32::from_be_bytes(unit),
            });
            let c = code.and_then(char::from_u32);
            if c.is_none() {
                first_line = if replaced == 0 { line } else { first_line };
                replaced += 1;
            }
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            line += u64::from(c == '\n');
            if !(std::mem::take(&mut is_first) && c == '\u{feff}') {
                out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
    }
    out.flush()?;
    drop(out);
    Ok(Converted { bytes: temporary.finish(), replaced, first_line })
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;
    use proptest::prelude::*;

    use super::*;

    fn file(bytes: &[u8]) -> Opened {
        Bytes::Memory(bytes.into()).open().unwrap()
    }

    fn text_of(converted: &Converted) -> String {
        let mut text = String::new();
        converted.bytes.open().unwrap().read_to_string(&mut text).unwrap();
        text
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
            assert_eq!(of_file(file(&encoding.encode(TEXT).0), false).unwrap(), Some(encoding));
        }
        assert_eq!(of_file(file(b"Severity,Owner\nHIGH,caf\xe9 R\xe9gie\n"), false).unwrap(), Some(WINDOWS_1252));
    }

    #[test]
    fn short_japanese_text_is_known() {
        let of = |text: &str, expects_japanese| {
            let text = format!("Severity,Title,Resource ID,Owner\r\nHIGH,a,i-1,x\r\nHIGH,a,i-1,{text}\r\n");
            of_file(file(&SHIFT_JIS.encode(&text).0), expects_japanese).unwrap()
        };
        for text in ["ｶﾌﾞｼｷｶﾞｲｼｬ", "Ⅲ㎝", "基盤", "アプリ", "ｼｽﾃﾑﾌﾞ", "運用チーム", "開発部", "株式会社サンプル"]
        {
            assert_eq!(of(text, false), Some(SHIFT_JIS), "{text}");
        }
        // Too little to tell, unless Japanese is expected.
        for text in ["ｶﾈｺ", "髙橋", "東"] {
            assert_eq!(of(text, true), Some(SHIFT_JIS), "{text}");
        }
        let headings = "重大度,タイトル,リソース ID\nHIGH,a,i-1\n";
        for encoding in [SHIFT_JIS, EUC_JP] {
            assert_eq!(by_headings(&encoding.encode(headings).0), Some(encoding));
        }
    }

    #[test]
    fn other_text_is_not_taken_for_japanese() {
        for (encoding, text) in [
            (WINDOWS_1252, "don’t “stop” – Müller & Söhne, Größe, Régie, naïve café, señor"),
            (WINDOWS_1252, "Inspector’s report"),
            (encoding_rs::WINDOWS_1251, "Петров, отдел безопасности"),
            (encoding_rs::GBK, "信息安全部门，开发团队"),
            (encoding_rs::EUC_KR, "보안팀 인프라 운영"),
            (encoding_rs::BIG5, "資訊安全部門，開發團隊"),
        ] {
            let bytes = encoding.encode(text).0;
            assert_ne!(shift_jis_fit(&bytes), Fit::Certain, "{text}");
            assert_ne!(guess(&bytes), SHIFT_JIS, "{text}");
        }
    }

    #[test]
    fn utf_32_is_known_and_converted() {
        let text = "Severity,Title,Resource ID\r\nHIGH,\u{3042}\u{1F512},i-1\r\n";
        for (order, bytes) in
            [(ByteOrder::Little, u32::to_le_bytes as fn(u32) -> [u8; 4]), (ByteOrder::Big, u32::to_be_bytes)]
        {
            for mark in ["", "\u{feff}"] {
                let encoded: Vec<u8> = format!("{mark}{text}").chars().flat_map(|c| bytes(u32::from(c))).collect();
                assert_eq!(utf_32(&encoded), Some(order));
                let converted = utf_32_to_utf8(file(&encoded), order, &Watch::new()).unwrap();
                assert_eq!(converted.replaced, 0);
                assert_eq!(text_of(&converted), text);
            }
            let cut: Vec<u8> = bytes(0x41).into_iter().chain(bytes(0xd800)).chain([0, 0]).collect();
            let converted = utf_32_to_utf8(file(&cut), order, &Watch::new()).unwrap();
            assert_eq!((converted.replaced, converted.first_line), (2, 1));
        }
        assert_eq!(utf_32(&utf16(&"Severity,Title".repeat(9), u16::to_le_bytes)), None);
        assert_eq!(utf_32(text.as_bytes()), None);
    }

    #[test]
    fn utf_8_with_broken_bytes_stays_utf_8() {
        let broken = [TEXT.as_bytes(), b"\xe3\x81", TEXT.as_bytes()].concat();
        assert_eq!(of_file(file(&broken), false).unwrap(), None);
        assert_eq!(of_file(file(TEXT.repeat(20_000).as_bytes()), false).unwrap(), None);
        assert_eq!(of_file(file(b"Severity,Title\nHIGH,caf\xc3"), false).unwrap(), None);
    }

    #[test]
    fn bytes_without_meaning_are_replaced_and_counted() {
        let bytes = [SHIFT_JIS.encode(TEXT).0.as_ref(), b"a\x81\n\xff"].concat();
        let converted = to_utf8(file(&bytes), SHIFT_JIS, &Watch::new()).unwrap();
        assert_eq!((converted.replaced, converted.first_line), (2, 3));
        assert_eq!(text_of(&converted), format!("{TEXT}a\u{fffd}\n\u{fffd}"));
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
                prop_assert_eq!(text_of(&converted), text.clone());
            }
        }
    }
}
