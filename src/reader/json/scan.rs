//! Where the findings are in a JSON report, found without parsing it.
//!
//! What surrounds findings differs: `{"findings": [...]}` as the export and the AWS CLI write it, also several of these
//! one after another (the pages of `list-findings`), a bare array, one finding, one finding a line (NDJSON). All are
//! one rule: *the elements of an array that is a whole document, or that a document has under the name `findings`, are
//! elements; so is a document that is an object without such an array.*
//!
//! Only strings and brackets matter for that, so this runs at several times the speed of a parser, and what is between
//! the brackets of an element may be broken without harm to the next.

use std::ops::Range;

use memchr::memchr2;

/// The name under which a report has its findings.
const FINDINGS: &[u8] = b"findings";

/// The longest name of a field that is remembered, and the most of them.
const MOST_KEY: usize = 64;
const MOST_KEYS: usize = 40;

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

/// The names of the fields of the first document: what it is, when it is no report.
pub(crate) type Keys = Vec<String>;

/// Finds elements in bytes that come block by block.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    /// How many bytes came before the present block.
    offset: u64,
    depth: u32,
    string: Option<InString>,
    document: Option<Document>,
    /// The depth at which elements begin, while inside the array that holds them.
    elements: Option<u32>,
    /// Where the present element begins.
    element: Option<u64>,
    /// The present element is a number or a name (`null`), which no bracket or quote ends.
    bare: bool,
    /// The first byte that belongs to no document.
    stray: Option<u64>,
    key: Key,
    keys: Keys,
    documents: u64,
    arrays: u64,
}

#[derive(Debug, Clone, Copy)]
struct InString {
    /// The last byte was a backslash that is not escaped itself.
    escape: bool,
    /// The string may be the name of a field of a document.
    is_key: bool,
}

#[derive(Debug)]
struct Document {
    start: u64,
    /// It has its findings in an array, and is no element itself.
    is_wrapper: bool,
}

/// The last string at the first level of a document.
#[derive(Debug, Default)]
struct Key {
    text: Vec<u8>,
    /// A colon came behind it, and its value has not begun.
    before_value: bool,
}

impl Scanner {
    /// Looks through a block, which follows the one before, and calls `found` for each element that ends in it.
    pub(crate) fn scan(&mut self, block: &[u8], mut found: impl FnMut(Range<u64>)) {
        let mut at = 0;
        while at < block.len() {
            if self.string.is_some() {
                at = self.scan_string(block, at, &mut found);
                continue;
            }
            // Deep inside an element nothing but strings and brackets matters.
            let floor = self.elements.unwrap_or(1);
            if self.depth > floor {
                match block[at..].iter().position(|byte| DEEP[*byte as usize]) {
                    Some(i) => at += i,
                    None => break,
                }
            }
            self.scan_byte(block[at], self.offset + at as u64, &mut found);
            at += 1;
        }
        self.offset += block.len() as u64;
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
        } else if self.elements == Some(self.depth) {
            // A string among the elements.
            self.end_element(self.offset + at as u64 + 1, found);
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
        if self.bare && matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'[' | b'"') {
            self.bare = false;
            self.end_element(at, found);
        }
        match byte {
            b'"' => {
                let is_key = self.depth == 1 && self.elements.is_none();
                if is_key {
                    self.key.text.clear();
                    self.key.before_value = false;
                }
                if among_elements {
                    self.element = Some(at);
                }
                self.string = Some(InString { escape: false, is_key });
                if self.depth == 0 {
                    self.stray.get_or_insert(at);
                }
            }
            b'{' | b'[' => {
                if self.depth == 0 {
                    self.documents += 1;
                    self.document = Some(Document { start: at, is_wrapper: byte == b'[' });
                    if byte == b'[' {
                        self.elements = Some(1);
                        self.arrays += 1;
                    }
                } else if among_elements {
                    self.element = Some(at);
                } else if self.depth == 1 && byte == b'[' && self.key.before_value && self.key.text == FINDINGS {
                    self.elements = Some(2);
                    self.arrays += 1;
                    self.document.iter_mut().for_each(|document| document.is_wrapper = true);
                }
                self.key.before_value = false;
                self.depth += 1;
            }
            b'}' | b']' => self.close(at, found),
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
                self.stray.get_or_insert(at);
            }
            _ if among_elements && self.element.is_none() => {
                self.element = Some(at);
                self.bare = true;
            }
            _ => {}
        }
    }

    fn close(&mut self, at: u64, found: &mut impl FnMut(Range<u64>)) {
        if self.depth == 0 {
            self.stray.get_or_insert(at);
            return;
        }
        self.depth -= 1;
        if self.elements == Some(self.depth) {
            self.end_element(at + 1, found);
        } else if self.elements == Some(self.depth + 1) {
            self.elements = None;
        }
        if self.depth == 0
            && let Some(document) = self.document.take()
            && !document.is_wrapper
        {
            found(document.start..at + 1);
        }
    }

    fn end_element(&mut self, end: u64, found: &mut impl FnMut(Range<u64>)) {
        if let Some(start) = self.element.take() {
            found(start..end);
        }
    }

    /// Whether the input ended where it should.
    pub(crate) fn end(&self) -> End {
        match (&self.document, self.element) {
            _ if self.depth == 0 => End::Whole,
            (_, Some(start)) => End::InElement(start),
            (Some(document), None) if !document.is_wrapper => End::InElement(document.start),
            _ => End::InDocument,
        }
    }

    /// The first byte that belongs to no document.
    pub(crate) fn stray(&self) -> Option<u64> {
        self.stray
    }

    /// The names of the first document's fields, in their order.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whether there was an array of findings, were it empty.
    pub(crate) fn has_array(&self) -> bool {
        self.arrays > 0
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
        for block in text.as_bytes().chunks(block) {
            scanner.scan(block, |range| found.push(text[range.start as usize..range.end as usize].to_owned()));
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

    proptest! {
        /// Any bytes give the same elements, however they are cut into blocks, and no panic.
        #[test]
        fn blocks_do_not_matter(text in "[\\[\\]{}\",:\\\\a1 \n]{0,60}", block in 1usize..20) {
            let (whole, one) = scan(&text, 1000);
            let (parts, many) = scan(&text, block);
            prop_assert_eq!(whole, parts);
            prop_assert_eq!(one.end(), many.end());
            prop_assert_eq!(one.stray(), many.stray());
            prop_assert_eq!(one.keys(), many.keys());
        }
    }
}
