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

use std::ops::Range;

use memchr::memchr2;

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

    /// What may be broken at the present place, and where it begins.
    fn unit(&self) -> Option<(Unit, Start)> {
        if self.elements.is_some() {
            return self.element.map(|start| (Unit::Element, start));
        }
        self.document.as_ref().map(|document| match document.is_wrapper {
            true => (Unit::Rest, Start { at: document.settled, of_line: false }),
            false => (Unit::Document, document.start),
        })
    }

    /// Whether the innermost bracket is that of an object; `None` where it is too deep to know.
    fn in_object(&self) -> Option<bool> {
        let level = self.depth.checked_sub(1).filter(|level| *level < 64)?;
        Some(self.objects >> level & 1 == 1)
    }

    /// Looks whether JSON can have this byte behind the one before. Gives the place to begin again from, where not.
    #[inline]
    fn check(&mut self, byte: u8, at: u64) -> Option<u64> {
        let in_object = self.in_object();
        // Between elements anything may stand, each an element.
        if self.depth == 0 || self.elements == Some(self.depth) {
            let is_stray = byte == b'}' && in_object == Some(false);
            return if is_stray { self.check_pending(at) } else { None };
        }
        let is_right = match byte {
            b'{' | b'[' => match self.before {
                b':' => in_object != Some(false),
                b',' => in_object != Some(true),
                before => before == b'[',
            },
            b'"' => matches!(self.before, b':' | b',' | b'[' | b'{'),
            b'}' => in_object != Some(false) && !matches!(self.before, b',' | b':' | b'['),
            b']' => in_object != Some(true) && !matches!(self.before, b',' | b':' | b'{'),
            _ => true,
        };
        if is_right {
            return None;
        }
        self.is_wrong = true;
        self.begin_again(at)
    }

    /// Goes back to the start of what is broken, as `at` shows, and gives the place; not always, so that no input takes
    /// for ever.
    fn begin_again(&mut self, at: u64) -> Option<u64> {
        let (unit, start) = self.unit()?;
        self.broken = true;
        self.shape = Shape::default();
        if !self.may_begin_again(at) {
            return None;
        }
        while self.damages.last().is_some_and(|damage| damage.bytes.start >= start.at) {
            self.damages.pop();
        }
        match unit {
            Unit::Element => self.depth = self.elements.unwrap_or_default(),
            Unit::Document => {
                self.depth = 0;
                self.document = None;
                self.documents -= 1;
                if self.documents == 0 {
                    self.keys.clear();
                }
            }
            Unit::Rest => self.depth = 1,
        }
        Some(self.go_back(start))
    }

    fn may_begin_again(&mut self, at: u64) -> bool {
        self.retries = if at > self.broken_at { 0 } else { self.retries + 1 };
        self.broken_at = self.broken_at.max(at);
        self.retries <= MOST_RETRIES
    }

    /// Goes back to the element before, as `at` shows that brackets do not come out even: others may be in it.
    fn check_pending(&mut self, at: u64) -> Option<u64> {
        let pending = self.pending.take_if(|pending| !pending.is_checked)?;
        if !self.may_begin_again(at) {
            self.pending = Some(Pending { is_checked: true, ..pending });
            return None;
        }
        while self.damages.last().is_some_and(|damage| damage.bytes.start >= pending.start.at) {
            self.damages.pop();
        }
        self.broken = true;
        self.shape = Shape::default();
        Some(self.go_back(pending.start))
    }

    fn give_pending(&mut self, found: &mut impl FnMut(Range<u64>)) {
        if let Some(pending) = self.pending.take() {
            found(pending.start.at..pending.end);
        }
    }

    fn go_back(&mut self, to: Start) -> u64 {
        self.string = None;
        self.element = None;
        self.bare = false;
        self.key = Key::default();
        self.before = 0;
        self.last = if to.of_line { b'\n' } else { 0 };
        self.offset = to.at;
        to.at
    }

    /// Looks for a place where another finding begins inside something broken, and goes there.
    fn look_for_shape(&mut self, byte: u8, at: u64, found: &mut impl FnMut(Range<u64>)) -> Option<u64> {
        let shape = self.shape.next(byte, at)?;
        let Some((unit, start)) = self.unit() else {
            self.unseparated = false;
            return None;
        };
        if self.unseparated && !self.broken {
            self.unseparated = false;
            // A document behind another one that has no end.
            return if shape.start.at == start.at && shape.is_document() {
                Some(self.cut(unit, start, shape, found))
            } else {
                None
            };
        }
        let is_line = shape.start.of_line && shape.is_compact && start.of_line;
        let is_usual = || self.keys.first().is_some_and(|key| key.as_bytes() == shape.key);
        let is_like_it = unit == Unit::Document && (is_line || is_usual());
        let is_behind = shape.start.at > start.at || unit == Unit::Rest;
        let begins = is_behind && (shape.is_finding() || shape.is_document() || is_like_it);
        begins.then(|| self.cut(unit, start, shape, found))
    }

    /// Ends what is broken where a finding or a document begins.
    fn cut(&mut self, unit: Unit, start: Start, shape: Seen, found: &mut impl FnMut(Range<u64>)) -> u64 {
        let what = match unit {
            Unit::Document if start.of_line && shape.start.of_line => Damaged::Line,
            Unit::Element | Unit::Document if shape.start.at > start.at => Damaged::Element,
            _ => Damaged::Between,
        };
        self.damages.push(Damage { bytes: start.at..shape.start.at.max(start.at + 1), what });
        self.broken = false;
        self.is_wrong = false;
        self.unseparated = false;
        let stays = unit == Unit::Element && !shape.is_document();
        let ends_array = unit == Unit::Element && !stays && what == Damaged::Element;
        if stays {
            self.depth = self.elements.unwrap_or_default();
        } else {
            self.give_pending(found);
            self.depth = 0;
            self.document = None;
            self.elements = None;
        }
        if ends_array {
            self.damages.push(Damage { bytes: shape.start.at..shape.start.at + 1, what: Damaged::Between });
        }
        let at = self.go_back(shape.start);
        self.before = b',';
        at
    }

    /// Passes over text outside of all documents that seems to be the end of a broken one: up to the end of the line, or
    /// to a finding.
    fn scan_tail(&mut self, byte: u8, at: u64) -> Option<u64> {
        let shape = self.shape.next(byte, at).filter(|shape| shape.is_finding() || shape.is_document());
        if shape.is_none() && !matches!(byte, b'\n' | b'\r') {
            return None;
        }
        self.end_tail(shape.as_ref().map_or(at, |shape| shape.start.at));
        self.last = byte;
        self.before = b',';
        shape.map(|shape| {
            let at = self.go_back(shape.start);
            self.before = b',';
            at
        })
    }

    fn begin_tail(&mut self, at: u64) {
        let at = self.loose.take().unwrap_or(at);
        if self.damages.last().is_some_and(|damage| damage.bytes.start == at) {
            self.damages.pop();
        }
        self.stray.get_or_insert(at);
        self.tail = Some(at);
        self.shape = Shape::default();
    }

    fn end_tail(&mut self, end: u64) {
        if let Some(start) = self.tail.take() {
            let what = if self.depth == 0 { Damaged::Text } else { Damaged::Between };
            self.damages.push(Damage { bytes: start..end.max(start + 1), what });
        }
    }

    /// Whether a byte among the elements shows that the string before it was none: its quote closes another string, or
    /// stands alone. Gives the place of that string, to look for findings behind its quote.
    fn check_text(&mut self, byte: u8) -> Option<u64> {
        let is_separator = byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}');
        if self.elements != Some(self.depth) || self.before != b'"' || is_separator {
            return None;
        }
        let start = self.pending.take_if(|pending| pending.is_text)?.start;
        self.tail = Some(start.at);
        self.shape = Shape::default();
        Some(self.go_back(start))
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

/// What the bytes say of objects, whether they are in a string or not.
#[derive(Debug, Default)]
struct Shape {
    /// The last byte, and the last one that is not blank.
    last: u8,
    before: u8,
    /// A line break came behind that one.
    has_break: bool,
    open: Option<Seen>,
    in_key: bool,
}

/// An object with the name of its first field.
#[derive(Debug, Clone)]
struct Seen {
    start: Start,
    /// The name stands in the same line.
    is_compact: bool,
    key: Vec<u8>,
}

impl Shape {
    /// Takes the next byte; gives an object at the end of its first name.
    fn next(&mut self, byte: u8, at: u64) -> Option<Seen> {
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
    fn is_finding(&self) -> bool {
        FIRST_KEYS.iter().any(|key| self.key.eq_ignore_ascii_case(key.as_bytes()))
    }

    fn is_document(&self) -> bool {
        self.key == FINDINGS
    }
}

/// The bytes that matter deep inside an element.
const DEEP: [bool; 256] = {
    let mut deep = [false; 256];
    let mut i = 0;
    while i < 256 {
        deep[i] = matches!(i as u8, b'"' | b'{' | b'}' | b'[' | b']');
        i += 1;
    }
    deep
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scan(text: &str, block: usize) -> (Vec<String>, Scanner) {
        let mut scanner = Scanner::default();
        let mut found = Vec::new();
        let mut at = 0;
        loop {
            let bytes = &text.as_bytes()[at..];
            let bytes = &bytes[..bytes.len().min(block)];
            let mut push = |range: Range<u64>| {
                let bytes = &text.as_bytes()[range.start as usize..range.end as usize];
                found.push(String::from_utf8_lossy(bytes).into_owned());
            };
            match if bytes.is_empty() { scanner.finish(&mut push) } else { scanner.scan(bytes, &mut push) } {
                Some(again) => at = again as usize,
                None if bytes.is_empty() => break,
                None => at += bytes.len(),
            }
        }
        (found, scanner)
    }

    #[test]
    fn findings_are_found_in_every_shape() {
        let a = r#"{"findings":"[","x":{"findings":[1]},"y":"\"}]\\"}"#;
        let b = r#"{"b":[{},[]]}"#;
        for (text, expected) in [
            (format!(r#"{{"findings":[{a},{b}]}}"#), vec![a, b]),
            (format!(r#" {{ "nextToken" : "findings", "findings" : [ {a} , {b} ], "z": [{b}] }} "#), vec![a, b]),
            (format!("[{a},\n{b}]"), vec![a, b]),
            (format!("{a}\n{b}\n"), vec![a, b]),
            (a.to_owned(), vec![a]),
            (format!(r#"{{"findings":[{a}]}}{{"findings":[]}}[{b}]{a}"#), vec![a, b, a]),
            (format!(r#"[1,"]",null,{b},[{a}]]"#), vec!["1", r#""]""#, "null", b, &format!("[{a}]")]),
            (r#"{"findings":[]}"#.to_owned(), vec![]),
            (r#"{"findings":{"a":1}}"#.to_owned(), vec![r#"{"findings":{"a":1}}"#]),
            (r#"{"a":"findings","b":[1]}"#.to_owned(), vec![r#"{"a":"findings","b":[1]}"#]),
            (String::new(), vec![]),
            (format!("\u{feff}{a}\n\u{feff}[{b}]"), vec![a, b]),
        ] {
            for block in [1, 2, 3, 7, 1000] {
                let (found, scanner) = scan(&text, block);
                assert_eq!(found, expected, "{text}");
                assert_eq!((scanner.end(), scanner.stray()), (End::Whole, None), "{text}");
            }
        }
    }

    #[test]
    fn an_input_that_is_cut_off_is_known() {
        let end = |text: &str| scan(text, 3).1.end();
        assert_eq!(end(r#"{"findings":[{"a":1},{"b"#), End::InElement(21));
        assert_eq!(end(r#"{"findings":[{"a":1},"#), End::InDocument);
        assert_eq!(end(r#"{"findings":[{"a":1}]"#), End::InDocument);
        assert_eq!(end(r#"{"a":[1"#), End::InElement(0));
        assert_eq!(end(r#"["#), End::InDocument);
    }

    #[test]
    fn what_belongs_to_no_document_is_known() {
        assert_eq!(scan("  x{}", 9).1.stray(), Some(2));
        assert_eq!(scan("{}]", 9).1.stray(), Some(2));
        assert_eq!(scan("\"{\"", 9).1.stray(), Some(0));
    }

    #[test]
    fn the_names_of_the_first_document_are_remembered() {
        assert_eq!(scan(r#"{"a":{"b":1},"c":"d","e":[]}{"f":1}"#, 2).1.keys(), &["a", "c", "e"]);
    }

    /// What is found in a damaged input: elements, and what is between them.
    fn damaged(text: &str) -> (Vec<String>, Vec<(Damaged, String)>, End) {
        let (found, scanner) = scan(text, 1000);
        for block in [1, 2, 3, 7] {
            let (other, of) = scan(text, block);
            assert_eq!((&other, of.damages(), of.end()), (&found, scanner.damages(), scanner.end()), "{text} {block}");
        }
        let slice = |bytes: &Range<u64>| {
            String::from_utf8_lossy(&text.as_bytes()[bytes.start as usize..bytes.end as usize]).into_owned()
        };
        let damages = scanner.damages().iter().map(|damage| (damage.what, slice(&damage.bytes))).collect();
        (found, damages, scanner.end())
    }

    const A: &str = r#"{"findingArn":"a","resources":[{"id":"i-1","x":{"type":"{"}}],"severity":"HIGH"}"#;
    const B: &str = r#"{"findingArn":"b","severity":"LOW"}"#;
    const C: &str = r#"{"findingArn":"c","resources":[{"id":"i-1"}]}"#;

    #[test]
    fn a_line_that_is_cut_costs_one_line() {
        for end in 1..A.len() {
            let cut = &A[..end];
            let (found, damages, whole) = damaged(&format!("{B}\n{cut}\n{C}\n{B}\n"));
            assert_eq!(found, [B, C, B], "{cut}");
            assert_eq!(damages, [(Damaged::Line, format!("{cut}\n"))], "{cut}");
            assert_eq!(whole, End::Whole, "{cut}");
            // Two of them, and one at the end. A bracket alone may be the first line of a document.
            let expected = if end == 1 { 1 } else { 2 };
            let (found, damages, whole) = damaged(&format!("{B}\n{cut}\n{cut}\n{C}\n{cut}"));
            assert_eq!((found.as_slice(), damages.len()), (&[B.to_owned(), C.to_owned()][..], expected), "{cut}");
            assert!(matches!(whole, End::InElement(_)));
        }
    }

    #[test]
    fn a_line_whose_beginning_is_missing_costs_one_line() {
        for start in 1..A.len() {
            let cut = &A[start..];
            let (found, damages, whole) = damaged(&format!("{B}\n{cut}\n{C}\n{B}\n"));
            let others: Vec<&String> = found.iter().filter(|found| ![B, C].contains(&found.as_str())).collect();
            assert_eq!(found.len() - others.len(), 3, "{cut}: {found:?}");
            assert!(damages.len() + others.len() >= 1 && whole == End::Whole, "{cut} {damages:?}");
        }
    }

    #[test]
    fn a_finding_that_is_cut_costs_one_finding() {
        for end in 1..A.len() {
            let cut = &A[..end];
            for (start, separator, stop) in [
                ("{\"findings\":[", ",", "]}"),
                ("[", "", "]"),
                ("{\"findings\": [\n  ", ",\n  ", "\n]}\n"),
                ("[", " ", "],"),
            ] {
                let text = format!("{start}{B}{separator}{cut}{separator}{C}{separator}{B}{stop}");
                let (found, damages, whole) = damaged(&text);
                // Cut behind a colon it may hold the one behind it.
                let swallowed = cut.ends_with(':') && !separator.contains('\n');
                let others: Vec<&String> = found.iter().filter(|found| ![B, C].contains(&found.as_str())).collect();
                assert_eq!(
                    found.len() - others.len() + usize::from(swallowed && found.len() < 3),
                    3,
                    "{text}: {found:?}"
                );
                assert!(damages.len() + others.len() > 0, "{text}");
                assert_eq!(whole, End::Whole, "{text}");
            }
            // Two files in one, the first of which is cut off.
            let page = format!("{{\"findings\":[{B},{C}]}}");
            let (found, damages, whole) = damaged(&format!("{{\"findings\":[{B},{cut}{page}"));
            assert_eq!(
                (found.as_slice(), whole),
                (&[B.to_owned(), B.to_owned(), C.to_owned()][..], End::Whole),
                "{cut}"
            );
            assert_eq!(damages[0].0, Damaged::Element);
        }
    }

    #[test]
    fn stray_brackets_and_quotes_cost_nothing_behind_them() {
        for stray in ["}", "{", "]", "[", "\"", "}}", "{\"a\":1,", "\0\0\0", "\"a\":1},", ",,", "null,", "\"x\n"] {
            for (start, separator, stop) in [("{\"findings\":[", ",", "]}"), ("[", ",\n", "]"), ("", "\n", "\n")] {
                let text = format!("{start}{B}{separator}{stray}{C}{separator}{A}{separator}{B}{stop}");
                let (found, damages, end) = damaged(&text);
                let seen: Vec<&str> =
                    [B, C, A, B].into_iter().filter(|one| found.iter().any(|found| found == one)).collect();
                assert_eq!(seen, [B, C, A, B], "{text}: {found:?} {damages:?}");
                let is_nothing = stray == ",,";
                assert!(is_nothing || found.len() + damages.len() > 4 || end != End::Whole, "{text}");
                // Inside an element it is that one that is lost.
                let broken = format!("{}{stray}{}", &A[..30], &A[30..]);
                let text = format!("{start}{B}{separator}{broken}{separator}{C}{separator}{B}{stop}");
                let (found, damages, _) = damaged(&text);
                let seen = found.iter().filter(|found| [B, C].contains(&found.as_str())).count();
                assert_eq!(seen, 3, "{text}: {found:?} {damages:?}");
                assert!(found.len() + damages.len() > 3, "{text}: {found:?}");
            }
        }
    }

    #[test]
    fn a_missing_end_is_known_where_another_document_begins() {
        let text = format!("{{\"findings\":[{A},{B}\n{{\"findings\":[{C}]}}");
        let (found, damages, end) = damaged(&text);
        assert_eq!((found.as_slice(), end), (&[A.to_owned(), B.to_owned(), C.to_owned()][..], End::Whole));
        assert_eq!(damages.len(), 1);
        let (found, damages, end) = damaged(&format!("[{A},{B}}}\n"));
        assert_eq!((found.len(), damages.len(), end), (2, 1, End::InDocument));
        let (found, _, end) = damaged(&format!("{{\"findings\":[{A}],\"nextToken\":\"ab{{\"findings\":[{B}]}}"));
        assert_eq!((found.as_slice(), end), (&[A.to_owned(), B.to_owned()][..], End::Whole));
    }

    #[test]
    fn no_input_takes_for_ever() {
        for part in
            ["{\"severity\":[", "{\"findingArn\":\n", "[", "{", "{\"findings\":[", "\"{\"severity\":1,", "{\"a\n"]
        {
            let text = part.repeat(200_000 / part.len());
            let started = std::time::Instant::now();
            let (_, scanner) = scan(&text, 1 << 20);
            assert!(started.elapsed().as_secs() < 10, "{part}");
            assert!(scanner.end() != End::Whole || !scanner.damages().is_empty(), "{part}");
        }
    }

    #[test]
    fn the_last_page_says_whether_there_are_more() {
        let token = |text: &str| scan(text, 3).1.next_token();
        assert_eq!(token(r#"{"findings":[],"nextToken":"a"}"#), Some(27));
        assert_eq!(token(r#"{"NextToken": "a\"", "findings":[{"a":1}]}"#), Some(14));
        for none in [
            r#"{"findings":[],"nextToken":null}"#,
            r#"{"findings":[],"nextToken":""}"#,
            r#"{"findings":[{"nextToken":"a"}]}"#,
            r#"{"findings":[],"x":"nextToken","y":"a"}"#,
            r#"{"findings":[],"nextToken":"a"}{"findings":[]}"#,
            r#"{"nextToken":"a"}"#,
        ] {
            assert_eq!(token(none), None, "{none}");
        }
        assert!(token(r#"{"findings":[]}{"findings":[],"nextToken":"b""#).is_some());
    }

    /// Any JSON, written in one of several ways: its elements, and the text.
    mod written {
        use super::*;

        fn value() -> impl Strategy<Value = String> {
            let string = prop_oneof![
                "[a-z{}\\[\\]:, ]{0,8}",
                prop::sample::select(vec![
                    "findings",
                    "findingArn",
                    "severity",
                    "{\"findingArn\":\"",
                    "\n{\"a\":1}",
                    "},{",
                    "\\",
                    "\"",
                ])
                .prop_map(str::to_owned),
            ];
            let string = string.prop_map(|text| serde_json::Value::from(text).to_string());
            let leaf = prop_oneof![
                string.clone(),
                prop::sample::select(vec!["1", "-1.5e3", "null", "true", "[]", "{}", "\"\""]).prop_map(str::to_owned),
            ];
            let blank = || prop::sample::select(vec!["", " ", "\n", "\r\n  "]);
            leaf.prop_recursive(4, 24, 4, move |inner| {
                let field = (string.clone(), blank(), inner.clone());
                prop_oneof![
                    (prop::collection::vec(inner, 0..4), blank())
                        .prop_map(|(all, blank)| format!("[{blank}{}{blank}]", all.join(&format!("{blank},{blank}")))),
                    (prop::collection::vec(field, 0..4), blank()).prop_map(|(all, between)| {
                        let fields: Vec<String> =
                            all.iter().map(|(key, blank, value)| format!("{key}{blank}:{blank}{value}")).collect();
                        format!("{{{between}{}{between}}}", fields.join(&format!("{between},{between}")))
                    }),
                ]
            })
        }

        fn object() -> impl Strategy<Value = String> {
            prop::collection::vec(("findingArn|severity|a|detail|version", value()), 0..4).prop_map(|fields| {
                let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", fields.join(","))
            })
        }

        /// A document with its elements.
        fn document() -> impl Strategy<Value = (String, Vec<String>)> {
            let elements = prop::collection::vec(prop_oneof![object(), value()], 0..5);
            let blank = prop::sample::select(vec!["", " ", "\n"]);
            (elements, object(), value(), blank, 0..4).prop_map(|(elements, object, other, blank, kind)| {
                let list = elements.join(&format!("{blank},{blank}"));
                match kind {
                    0 => (format!("[{blank}{list}{blank}]"), elements),
                    1 => (format!("{{{blank}\"findings\":{blank}[{blank}{list}{blank}]{blank}}}"), elements),
                    2 => (format!("{{\"a\":{other},\"findings\":[{list}],{blank}\"z\":{other}}}"), elements),
                    _ => (object.clone(), vec![object]),
                }
            })
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(4_000))]

            /// What is not damaged has the elements that it was written with, and nothing beside them.
            #[test]
            fn no_json_is_taken_for_damaged(
                documents in prop::collection::vec(document(), 0..4),
                between in prop::sample::select(vec!["", "\n", " ", "\r\n\r\n"]),
                block in 1usize..40,
            ) {
                let text: Vec<&str> = documents.iter().map(|(text, _)| text.as_str()).collect();
                let text = text.join(between);
                let expected: Vec<String> = documents.iter().flat_map(|(_, elements)| elements.clone()).collect();
                let (found, scanner) = scan(&text, block);
                prop_assert_eq!(found, expected, "{}", text);
                prop_assert_eq!(scanner.damages(), &[][..], "{}", text);
                prop_assert_eq!((scanner.end(), scanner.stray()), (End::Whole, None));
            }
        }
    }

    proptest! {
        /// Any bytes give the same elements, however they are cut into blocks, and no panic.
        #[test]
        fn blocks_do_not_matter(text in "[\\[\\]{}\",:\\\\a1 \n]{0,60}", block in 1usize..20) {
            let (whole, one) = scan(&text, 1000);
            let (parts, many) = scan(&text, block);
            prop_assert_eq!(whole, parts);
            prop_assert_eq!(one.end(), many.end());
            prop_assert_eq!(one.damages(), many.damages());
            prop_assert_eq!(one.next_token(), many.next_token());
            prop_assert_eq!(one.stray(), many.stray());
            prop_assert_eq!(one.keys(), many.keys());
        }
    }
}
