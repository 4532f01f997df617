//! Cells that differ in nearly every row, in few bytes, and as they were written.

use std::{borrow::Cow, cmp::Ordering};

use jiff::Timestamp;

use crate::{column::Kind, intern::Interner, timestamp};

/// A time, a whole number or a text in eight bytes.
///
/// The upper eight bits tell which; the rest is the value. Only a text that the value gives back to the byte is packed
/// as a value, every other one is kept in the interner: no cell changes by being stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed(u64);

const VALUE_BITS: u32 = 56;
const EMPTY: u64 = 0;
const TEXT: u64 = 1;
const INTEGER: u64 = 2;
const MILLISECOND: u64 = 3;
/// The earliest time that is packed as a value: 0000-01-01, so that the value is never negative.
const FIRST_MILLISECOND: i64 = -62_167_219_200_000;

impl Packed {
    pub(crate) fn new(text: &str, texts: &mut Interner) -> Packed {
        if text.is_empty() {
            return Packed(EMPTY);
        }
        let millisecond = timestamp::canonical_millisecond(text).and_then(|ms| ms.checked_sub(FIRST_MILLISECOND));
        if let Some(value) = millisecond.and_then(|value| u64::try_from(value).ok()) {
            return Packed(MILLISECOND << VALUE_BITS | value);
        }
        if let Some(value) = canonical_integer(text) {
            return Packed(INTEGER << VALUE_BITS | value);
        }
        Packed(TEXT << VALUE_BITS | u64::from(texts.intern(text).0))
    }

    fn tag(self) -> u64 {
        self.0 >> VALUE_BITS
    }

    fn value(self) -> u64 {
        self.0 & ((1 << VALUE_BITS) - 1)
    }

    /// Whether it is blank or packed as a value of this kind, so that nothing can be wrong with it.
    pub(crate) fn is(self, kind: Kind) -> bool {
        matches!((self.tag(), kind), (EMPTY, _) | (MILLISECOND, Kind::Timestamp) | (INTEGER, Kind::Number))
    }

    /// The number of the text in the interner, when it is kept there.
    pub(crate) fn text_id(self) -> Option<u32> {
        (self.tag() == TEXT).then(|| self.value() as u32)
    }

    /// The same cell, its text under another number.
    pub(crate) fn with_text_id(id: u32) -> Packed {
        Packed(TEXT << VALUE_BITS | u64::from(id))
    }

    /// The cell as it was written.
    pub(crate) fn text(self, texts: &Interner) -> Cow<'_, str> {
        match self.tag() {
            TEXT => Cow::Borrowed(texts.get(self.value() as u32)),
            INTEGER => Cow::Owned(self.value().to_string()),
            MILLISECOND => Cow::Owned(timestamp::write_canonical(self.millisecond())),
            _ => Cow::Borrowed(""),
        }
    }

    /// The cell as a point in time.
    pub(crate) fn timestamp(self, texts: &Interner) -> Option<Timestamp> {
        match self.tag() {
            MILLISECOND => Timestamp::from_millisecond(self.millisecond()).ok(),
            EMPTY => None,
            _ => timestamp::parse(&self.text(texts)),
        }
    }

    /// The cell as a number.
    pub(crate) fn number(self, texts: &Interner) -> Option<f64> {
        match self.tag() {
            INTEGER => Some(self.value() as f64),
            TEXT => crate::value::number(texts.get(self.value() as u32)),
            _ => None,
        }
    }

    fn millisecond(self) -> i64 {
        self.value() as i64 + FIRST_MILLISECOND
    }
}

/// A whole number written the one way in which it is written back: digits alone, no zero in front, at most 15 of them.
fn canonical_integer(text: &str) -> Option<u64> {
    let plain = text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// The ARN of a finding in 20 bytes: what stands before the last `/`, which findings of one account and Region share,
/// and the 128 bits that 32 hexadecimal digits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PackedArn {
    prefix: u32,
    id: [u8; 16],
}

/// The bytes of the shortest ARN of a finding: with anything in front of it, it is longer.
const SHORTEST_ARN: usize = 82;

/// Set in `prefix` when the interned text is the whole ARN.
const WHOLE: u32 = 1 << 31;

impl PackedArn {
    /// That of a text. `texts` keeps what cannot be packed.
    pub fn new(text: &str, texts: &mut Interner) -> PackedArn {
        if let Some((prefix, id)) = split_arn(text) {
            return PackedArn { prefix: texts.intern(prefix).0, id };
        }
        PackedArn { prefix: texts.intern(text).0 | WHOLE, id: [0; 16] }
    }

    /// Whether a text is what is left of two ARNs of findings, or one with more in it: longer than one can be. A text that
    /// is packed and of a usual length needs no look.
    pub(crate) fn has_run_together(self, text: &str) -> bool {
        if self.prefix & WHOLE == 0 && text.len() <= SHORTEST_ARN {
            return false;
        }
        let Some(rest) = text.strip_prefix("arn:").filter(|rest| rest.contains(":inspector2:")) else { return false };
        rest.contains("arn:") || rest.rsplit('/').next().is_some_and(|id| id.len() > 32)
    }

    /// The text. `texts` must be those that it was made with.
    pub fn text(self, texts: &Interner) -> Cow<'_, str> {
        let prefix = texts.get(self.prefix & !WHOLE);
        if self.prefix & WHOLE != 0 {
            return Cow::Borrowed(prefix);
        }
        let mut text = String::with_capacity(prefix.len() + 32);
        text.push_str(prefix);
        for byte in self.id {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(digit), 16));
            }
        }
        Cow::Owned(text)
    }

    /// The same for equal ARNs, and hardly ever for others: the id is random.
    pub(crate) fn key(self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.id;
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) ^ u64::from(self.prefix).rotate_left(32)
    }

    /// In some order, for texts of the same interner.
    pub(crate) fn parts(self) -> (u32, [u8; 16]) {
        (self.prefix, self.id)
    }

    /// An order of ARNs that does not depend on their numbers: by id, then by what stands before it.
    pub fn compare(self, texts: &Interner, other: PackedArn, others: &Interner) -> Ordering {
        let prefix = |arn: PackedArn, texts: &'_ Interner| texts.get(arn.prefix & !WHOLE).to_owned();
        self.id.cmp(&other.id).then_with(|| prefix(self, texts).cmp(&prefix(other, others)))
    }

    /// The same ARN with the numbers of another interner.
    pub(crate) fn renumbered(self, new: impl Fn(u32) -> u32) -> PackedArn {
        PackedArn { prefix: new(self.prefix & !WHOLE) | (self.prefix & WHOLE), id: self.id }
    }
}

/// Splits `arn:aws:inspector2:REGION:ACCOUNT:finding/0123456789abcdef0123456789abcdef` behind the slash.
fn split_arn(text: &str) -> Option<(&str, [u8; 16])> {
    let (prefix, digits) = text.split_at_checked(text.len().checked_sub(32)?)?;
    if !prefix.ends_with('/') || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    Some((prefix, u128::from_str_radix(digits, 16).ok()?.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC{0,40}|[0-9]{0,20}|-?[0-9]{1,3}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z") {
            let mut texts = Interner::default();
            let packed = Packed::new(&text, &mut texts);
            prop_assert_eq!(packed.text(&texts), text.as_str());
            prop_assert_eq!(packed.timestamp(&texts), if text.is_empty() { None } else { timestamp::parse(&text) });
        }

        #[test]
        fn every_arn_comes_back(text in "\\PC{0,60}|arn:aws:inspector2:us-east-1:000123456789:finding/[0-9a-f]{32}|(x/)?[0-9a-fA-F]{31,33}") {
            let mut texts = Interner::default();
            prop_assert_eq!(PackedArn::new(&text, &mut texts).text(&texts), text);
        }
    }

    #[test]
    fn arns_that_have_run_together_are_known() {
        let id = "0123456789abcdef0123456789abcdef";
        let arn = format!("arn:aws:inspector2:us-east-1:000123456789:finding/{id}");
        let mut texts = Interner::default();
        let mut is = |text: &str| PackedArn::new(text, &mut texts).has_run_together(text);
        for good in [
            &arn,
            "",
            "-",
            "arn:1",
            "arn:aws:inspector2:us-east-1:000123456789:finding/a",
            &arn.to_uppercase(),
            &arn[1..],
        ] {
            assert!(!is(good), "{good}");
        }
        for bad in
            [format!("{arn}ab"), format!("arn:aws:insp{arn}"), format!("{}{arn}", &arn[..60]), format!("{arn}{arn}")]
        {
            assert!(is(&bad), "{bad}");
        }
    }

    #[test]
    fn a_leap_second_and_a_leading_zero_are_kept_as_written() {
        let mut texts = Interner::default();
        for text in ["2016-12-31T23:59:60.000Z", "007", "0", "9007199254740993", "0000-01-01T00:00:00.000Z"] {
            assert_eq!(Packed::new(text, &mut texts).text(&texts), text);
        }
    }
}
