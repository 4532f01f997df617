//! Where a finding or a document begins, as its first bytes show.

use super::*;

/// What the bytes say of objects, whether they are in a string or not.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// The last byte, and the last one that is not blank.
    pub(super) last: u8,
    pub(super) before: u8,
    /// A line break came behind that one.
    pub(super) has_break: bool,
    pub(super) open: Option<Seen>,
    pub(super) in_key: bool,
}

/// An object with the name of its first field.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) start: Start,
    /// The name stands in the same line.
    pub(super) is_compact: bool,
    pub(super) key: Vec<u8>,
}

impl Shape {
    /// Takes the next byte; gives an object at the end of its first name.
    pub(super) fn next(&mut self, byte: u8, at: u64) -> Option<Seen> {
        let last = std::mem::replace(&mut self.last, byte);
        if self.in_key {
            let open = self.open.as_mut()?;
            match byte {
                b'"' => {
                    self.in_key = false;
                    self.before = byte;
                    return self.open.take();
                }
                // No name goes on in the next line: what is cut is one of the start of a line at most.
                b'\n' | b'\r' => {
                    (self.in_key, self.has_break) = (false, true);
                    return self.open.take();
                }
                b'\\' | b'{' => self.in_key = false,
                _ if open.key.len() < MOST_KEY => open.key.push(byte),
                _ => self.in_key = false,
            }
        }
        match byte {
            b'{' => {
                // The value of a field; a writer does not break the line before it.
                let is_value = self.before == b':' && !self.has_break;
                let start = Start { at, of_line: matches!(last, b'\n' | b'\r') };
                self.open = (!is_value).then(|| Seen { start, is_compact: true, key: Vec::new() });
            }
            b'"' if self.open.is_some() && self.before == b'{' => self.in_key = true,
            b'\n' | b'\r' => self.open.iter_mut().for_each(|open| open.is_compact = false),
            byte if byte.is_ascii_whitespace() || self.in_key => {}
            _ => self.open = None,
        }
        match byte {
            b'\n' | b'\r' => self.has_break = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => (self.before, self.has_break) = (byte, false),
        }
        None
    }
}

impl Seen {
    pub(super) fn is_finding(&self) -> bool {
        FIRST_KEYS.iter().any(|key| self.key.eq_ignore_ascii_case(key.as_bytes()))
    }

    pub(super) fn is_document(&self) -> bool {
        self.key == FINDINGS
    }
}

/// The bytes that matter deep inside an element.
pub(super) const DEEP: [bool; 256] = {
    let mut deep = [false; 256];
    let mut i = 0;
    while i < 256 {
        deep[i] = matches!(i as u8, b'"' | b'{' | b'}' | b'[' | b']');
        i += 1;
    }
    deep
};
