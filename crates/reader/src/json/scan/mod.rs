//! Where the findings are in a JSON report, found without parsing it.
//!
//! What surrounds findings differs: `{"findings": [...]}` as the export and the AWS CLI write it, also several of these
//! one after another (the pages of `list-findings`), a bare array, one finding, one finding a line (NDJSON). All are
//! one rule: *the elements of an array that is a whole document, or that a document has under the name `findings`, are
//! elements; so is a document that is an object without such an array.*
//!
//! Only strings and brackets matter for that, so this runs at several times the speed of a parser, and what is between
//! the brackets of an element may be broken without harm to the next.
//!
//! A cut line or a stray bracket would be worse, for brackets never come out even behind it. So what stands before each
//! bracket and quote is looked at: JSON has few of these pairs. At one that JSON does not have, or at the end of the input
//! inside brackets, the element is broken; it is looked through again from its start, and it ends where its brackets
//! say, or at the first place before that where a finding begins *by its shape*: an object whose first field has one of
//! a finding's names, or one at the start of a line where the broken document began at the start of one. Quotes are not
//! needed to see that: inside a string the quote of a name would be escaped. Since nothing of this begins before the
//! input is certainly broken, it changes nothing about one that is not.

mod recovery;
mod shape;

use std::ops::Range;

use memchr::memchr2;

use shape::{DEEP, Seen, Shape};

/// The name under which a report has its findings.
const FINDINGS: &[u8] = b"findings";

/// The name under which a page says that there are more.
const NEXT_TOKEN: &[u8] = b"nextToken";

/// The longest name of a field that is remembered, and the most of them.
const MOST_KEY: usize = 64;
const MOST_KEYS: usize = 40;

/// The names of fields that a finding begins with: those that nothing inside a finding has.
const FIRST_KEYS: [&str; 14] = [
    "awsAccountId",
    "codeVulnerabilityDetails",
    "epss",
    "exploitAvailable",
    "exploitabilityDetails",
    "findingArn",
    "firstObservedAt",
    "fixAvailable",
    "inspectorScore",
    "inspectorScoreDetails",
    "lastObservedAt",
    "networkReachabilityDetails",
    "packageVulnerabilityDetails",
    "severity",
];

/// How often an element is looked through again for the same broken place. Each time it begins later.
const MOST_RETRIES: u32 = 16;

/// What a scan says about the end of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All documents are complete.
    Whole,
    /// The input ends inside an element, which begins here.
    InElement(u64),
    /// The input ends inside a document, behind its last complete element.
    InDocument,
}

/// A place of the input that is not as JSON is, and that belongs to no element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) bytes: Range<u64>,
    pub(crate) what: Damaged,
}

/// What such a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damaged {
    /// A line of NDJSON, which holds one element.
    Line,
    /// An element that goes over into another one: nothing tells what stood between them.
    Element,
    /// An element that ends where its brackets say, though not all between them can be: others may have been in it.
    Doubtful,
    /// A place between elements.
    Between,
    /// Text outside of all documents.
    Text,
}

/// The names of the fields of the first document: what it is, when it is no report.
pub(crate) type Keys = Vec<String>;

/// Finds elements in bytes that come block by block.
#[derive(Debug)]
pub(crate) struct Scanner {
    /// How many bytes came before the present block.
    offset: u64,
    /// The byte before the present one, where neither is deep inside an element.
    last: u8,
    /// The last byte that was neither blank nor in a string.
    before: u8,
    depth: u64,
    /// Which of the outermost brackets are those of objects, a bit for each.
    objects: u64,
    string: Option<InString>,
    document: Option<Document>,
    /// The depth at which elements begin, while inside the array that holds them.
    elements: Option<u64>,
    /// Where the present element begins.
    element: Option<Start>,
    /// The present element is a number or a name (`null`), which no bracket or quote ends.
    bare: bool,
    /// The present element, document or end of a document is broken, and looked through once more.
    broken: bool,
    /// What is broken shows in the present element itself, not behind it.
    is_wrong: bool,
    /// The present element stands behind another one without a comma; its first name is not known yet.
    unseparated: bool,
    /// What is seen of objects where something is broken.
    shape: Shape,
    /// The last place at which something was seen to be broken, and how often.
    broken_at: u64,
    retries: u32,
    /// Where text begins that is outside of all documents and elements, and seems to be the end of a broken one.
    tail: Option<u64>,
    /// Where plain text outside of all documents begins in this line.
    loose: Option<u64>,
    /// The last element of the array, which is given away when what comes next shows that it ended there.
    pending: Option<Pending>,
    /// The first byte that belongs to no document.
    stray: Option<u64>,
    damages: Vec<Damage>,
    key: Key,
    keys: Keys,
    documents: u64,
    /// How many of them begin at the start of a line.
    of_lines: u64,
    arrays: u64,
    /// Where the last document with findings says that there are more.
    next_token: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct InString {
    /// The last byte was a backslash that is not escaped itself.
    escape: bool,
    /// The string may be the name of a field of a document.
    is_key: bool,
}

#[derive(Debug, Clone, Copy)]
struct Start {
    at: u64,
    /// It is at the start of a line.
    of_line: bool,
}

/// An element that has ended, as its brackets say.
#[derive(Debug, Clone)]
struct Pending {
    start: Start,
    end: u64,
    /// It was looked through for others in it already.
    is_checked: bool,
    is_text: bool,
}

#[derive(Debug)]
struct Document {
    start: Start,
    /// It has its findings in an array, and is no element itself.
    is_wrapper: bool,
    /// Where the array ended.
    settled: u64,
    next_token: Option<u64>,
}

/// The last string at the first level of a document.
#[derive(Debug, Default)]
struct Key {
    text: Vec<u8>,
    /// A colon came behind it, and its value has not begun.
    before_value: bool,
    /// It is no name but the value of `nextToken`, and begins here.
    token: Option<u64>,
}

/// What may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Element,
    Document,
    /// What a document has behind its findings.
    Rest,
}

impl Default for Scanner {
    fn default() -> Self {
        Scanner {
            offset: 0,
            last: b'\n',
            before: 0,
            depth: 0,
            objects: 0,
            string: None,
            document: None,
            elements: None,
            element: None,
            bare: false,
            broken: false,
            is_wrong: false,
            unseparated: false,
            shape: Shape::default(),
            broken_at: 0,
            retries: 0,
            tail: None,
            loose: None,
            pending: None,
            stray: None,
            damages: Vec::new(),
            key: Key::default(),
            keys: Vec::new(),
            documents: 0,
            of_lines: 0,
            arrays: 0,
            next_token: None,
        }
    }
}

impl Scanner {
    /// Looks through a block, which follows the one before, and calls `found` for each element that ends in it. Gives the
    /// place from which the input must be given once more, where it is broken.
    #[must_use]
    pub(crate) fn scan(&mut self, block: &[u8], mut found: impl FnMut(Range<u64>)) -> Option<u64> {
        let mut at = 0;
        while at < block.len() {
            if self.tail.is_some() || self.broken || self.unseparated {
                if let Some(again) = self.scan_broken(block, &mut at, &mut found) {
                    return Some(again);
                }
                continue;
            }
            if self.string.is_some() {
                at = self.scan_string(block, at, &mut found);
                continue;
            }
            // Deep inside an element nothing but strings and brackets matters.
            let floor = self.elements.unwrap_or(1);
            let is_deep = self.depth > floor;
            if is_deep {
                let rest = &block[at..];
                let skipped = rest.iter().position(|byte| DEEP[*byte as usize]);
                let passed = &rest[..skipped.unwrap_or(rest.len())];
                if let Some(byte) = passed.iter().rev().find(|byte| !byte.is_ascii_whitespace()) {
                    self.before = *byte;
                }
                let Some(skipped) = skipped else { break };
                at += skipped;
            } else if let Some(last) = at.checked_sub(1) {
                self.last = block[last];
            }
            let (byte, place) = (block[at], self.offset + at as u64);
            let again = self.check(byte, place);
            if again.is_some() {
                return again;
            }
            if !is_deep && let Some(again) = self.check_text(byte) {
                return Some(again);
            }
            self.scan_byte(byte, place, &mut found);
            if !byte.is_ascii_whitespace() {
                self.before = byte;
            }
            at += 1;
        }
        self.last = block.last().copied().unwrap_or(self.last);
        self.offset += block.len() as u64;
        None
    }

    /// Goes on by one byte where something is broken.
    #[cold]
    fn scan_broken(&mut self, block: &[u8], at: &mut usize, found: &mut impl FnMut(Range<u64>)) -> Option<u64> {
        let (byte, place) = (block[*at], self.offset + *at as u64);
        if self.tail.is_some() {
            *at += 1;
            return self.scan_tail(byte, place);
        }
        if let Some(again) = self.look_for_shape(byte, place, found) {
            return Some(again);
        }
        if self.string.is_some() {
            *at = self.scan_string(&block[..=*at], *at, found);
            return None;
        }
        if let Some(last) = at.checked_sub(1) {
            self.last = block[last];
        }
        self.scan_byte(byte, place, found);
        if !byte.is_ascii_whitespace() {
            self.before = byte;
        }
        *at += 1;
        None
    }

    /// Says that no more bytes come. Gives the place from which the input must be given once more, if it ends inside
    /// brackets.
    #[must_use]
    pub(crate) fn finish(&mut self, mut found: impl FnMut(Range<u64>)) -> Option<u64> {
        self.end_tail(self.offset);
        let again = match self.unit() {
            _ if self.broken || self.bare || self.depth == 0 => None,
            Some(_) => self.begin_again(u64::MAX),
            None => self.check_pending(u64::MAX),
        };
        if again.is_none() {
            self.give_pending(&mut found);
        }
        again
    }

    /// Goes on inside a string, and gives the place behind what it has seen.
    fn scan_string(&mut self, block: &[u8], at: usize, found: &mut impl FnMut(Range<u64>)) -> usize {
        let Some(mut string) = self.string.take() else { return at };
        if string.escape {
            string.escape = false;
            self.remember(string, &block[at..=at]);
            self.string = Some(string);
            return at + 1;
        }
        let Some(i) = memchr2(b'"', b'\\', &block[at..]) else {
            self.remember(string, &block[at..]);
            self.string = Some(string);
            return block.len();
        };
        self.remember(string, &block[at..at + i]);
        let at = at + i;
        if block[at] == b'\\' {
            string.escape = true;
            self.string = Some(string);
            return at + 1;
        }
        self.before = b'"';
        if self.elements == Some(self.depth) {
            // A string among the elements.
            self.end_element(self.offset + at as u64 + 1, found);
            self.pending.iter_mut().for_each(|pending| pending.is_text = true);
        } else if string.is_key
            && let (Some(token), Some(document)) = (self.key.token.take(), &mut self.document)
        {
            document.next_token = (!self.key.text.is_empty()).then_some(token);
        }
        at + 1
    }

    fn remember(&mut self, string: InString, bytes: &[u8]) {
        if string.is_key && self.key.text.len() <= MOST_KEY {
            self.key.text.extend(bytes.iter().take(MOST_KEY + 1));
        }
    }

    fn scan_byte(&mut self, byte: u8, at: u64, found: &mut impl FnMut(Range<u64>)) {
        let among_elements = self.elements == Some(self.depth);
        let of_line = matches!(self.last, b'\n' | b'\r' | 0xbf);
        if self.bare && matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'[' | b'"') {
            self.bare = false;
            self.end_element(at, found);
        }
        if matches!(byte, b'\n' | b'\r' | b'{' | b'[') {
            self.loose = None;
        }
        match byte {
            b'"' if self.depth == 0 => self.begin_tail(at),
            b'"' => {
                let is_key = self.depth == 1 && self.elements.is_none();
                if is_key {
                    let is_token = self.key.before_value && self.key.text.eq_ignore_ascii_case(NEXT_TOKEN);
                    self.key.token = is_token.then_some(at);
                    self.key.text.clear();
                    self.key.before_value = false;
                }
                if among_elements {
                    self.element = Some(Start { at, of_line });
                }
                self.string = Some(InString { escape: false, is_key });
            }
            b'{' | b'[' => {
                if self.depth == 0 {
                    self.documents += 1;
                    self.of_lines += u64::from(of_line);
                    let start = Start { at, of_line };
                    self.document =
                        Some(Document { start, is_wrapper: byte == b'[', settled: at + 1, next_token: None });
                    if byte == b'[' {
                        (self.broken, self.is_wrong) = (false, false);
                        self.elements = Some(1);
                        self.arrays += 1;
                    }
                } else if among_elements {
                    self.element = Some(Start { at, of_line });
                    if !self.broken && !matches!(self.before, b',' | b'[') {
                        self.unseparated = true;
                        self.shape = Shape::default();
                        self.shape.next(byte, at);
                    }
                } else if self.depth == 1 && byte == b'[' && self.key.before_value && self.key.text == FINDINGS {
                    (self.broken, self.is_wrong) = (false, false);
                    self.elements = Some(2);
                    self.arrays += 1;
                    self.document.iter_mut().for_each(|document| document.is_wrapper = true);
                }
                self.key.before_value = false;
                if self.depth < 64 {
                    let bit = 1u64 << self.depth;
                    self.objects = if byte == b'{' { self.objects | bit } else { self.objects & !bit };
                }
                self.depth += 1;
            }
            b'}' | b']' => self.close(byte, at, found),
            b':' if self.depth == 1 && self.elements.is_none() => {
                self.key.before_value = true;
                if self.documents == 1 && self.keys.len() < MOST_KEYS && self.key.text.len() <= MOST_KEY {
                    self.keys.push(String::from_utf8_lossy(&self.key.text).into_owned());
                }
            }
            b',' if self.depth == 1 => self.key.before_value = false,
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
            // A byte order mark, at the start or where files were put together.
            0xef | 0xbb | 0xbf if self.depth == 0 => {}
            _ if self.depth == 0 => {
                self.loose.get_or_insert(at);
                if self.stray.is_none() {
                    self.stray = Some(at);
                    self.damages.push(Damage { bytes: at..at + 1, what: Damaged::Text });
                }
            }
            _ if among_elements && self.element.is_none() => {
                self.element = Some(Start { at, of_line });
                self.bare = true;
            }
            _ => {}
        }
    }

    fn close(&mut self, byte: u8, at: u64, found: &mut impl FnMut(Range<u64>)) {
        if self.depth == 0 {
            return self.begin_tail(at);
        }
        // A stray bracket ends neither the array of findings nor the document around it.
        let is_outside = self.elements == Some(self.depth)
            || (self.elements.is_none() && self.depth == 1 && self.document.as_ref().is_some_and(|of| of.is_wrapper));
        if is_outside && self.in_object() != Some(byte == b'}') {
            self.damages.push(Damage { bytes: at..at + 1, what: Damaged::Between });
            return;
        }
        self.depth -= 1;
        if self.elements == Some(self.depth) {
            self.end_element(at + 1, found);
        } else if self.elements == Some(self.depth + 1) {
            self.give_pending(found);
            self.elements = None;
            self.document.iter_mut().for_each(|document| document.settled = at + 1);
        }
        if self.depth == 0
            && let Some(document) = self.document.take()
        {
            (self.broken, self.is_wrong) = (false, false);
            if document.is_wrapper {
                self.next_token = document.next_token;
            } else {
                found(document.start.at..at + 1);
            }
        }
    }

    fn end_element(&mut self, end: u64, found: &mut impl FnMut(Range<u64>)) {
        let is_checked = std::mem::take(&mut self.broken);
        let is_wrong = std::mem::take(&mut self.is_wrong);
        self.unseparated = false;
        if let Some(start) = self.element.take() {
            if is_wrong {
                self.damages.push(Damage { bytes: start.at..end, what: Damaged::Doubtful });
            }
            self.give_pending(found);
            self.pending = Some(Pending { start, end, is_checked, is_text: false });
        }
    }

    /// Whether the input ended where it should.
    pub(crate) fn end(&self) -> End {
        match (&self.document, self.element) {
            _ if self.depth == 0 => End::Whole,
            (_, Some(start)) => End::InElement(start.at),
            (Some(document), None) if !document.is_wrapper => End::InElement(document.start.at),
            _ => End::InDocument,
        }
    }

    /// The first byte that belongs to no document.
    pub(crate) fn stray(&self) -> Option<u64> {
        self.stray
    }

    /// What is broken and in no element, in the input's order.
    pub(crate) fn damages(&self) -> &[Damage] {
        &self.damages
    }

    /// Where the last document with findings says that there are more of them on other pages.
    pub(crate) fn next_token(&self) -> Option<u64> {
        self.document.as_ref().map_or(self.next_token, |document| document.next_token)
    }

    /// The names of the first document's fields, in their order.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whether there were several documents, each on a line of its own.
    pub(crate) fn has_lines(&self) -> bool {
        self.documents > 1 && self.of_lines == self.documents
    }

    /// Whether there was an array of findings, were it empty.
    pub(crate) fn has_array(&self) -> bool {
        self.arrays > 0
    }
}

#[cfg(test)]
mod tests;
