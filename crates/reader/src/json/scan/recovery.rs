//! What the scanner does where its input is no JSON: it goes back, and looks for findings by their shape.

use super::*;

impl Scanner {
    /// What may be broken at the present place, and where it begins.
    pub(super) fn unit(&self) -> Option<(Unit, Start)> {
        if self.elements.is_some() {
            return self.element.map(|start| (Unit::Element, start));
        }
        self.document.as_ref().map(|document| match document.is_wrapper {
            true => (Unit::Rest, Start { at: document.settled, of_line: false }),
            false => (Unit::Document, document.start),
        })
    }

    /// Whether the innermost bracket is that of an object; `None` where it is too deep to know.
    pub(super) fn in_object(&self) -> Option<bool> {
        let level = self.depth.checked_sub(1).filter(|level| *level < 64)?;
        Some(self.objects >> level & 1 == 1)
    }

    /// Looks whether JSON can have this byte behind the one before. Gives the place to begin again from, where not.
    #[inline]
    pub(super) fn check(&mut self, byte: u8, at: u64) -> Option<u64> {
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
    pub(super) fn begin_again(&mut self, at: u64) -> Option<u64> {
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

    pub(super) fn may_begin_again(&mut self, at: u64) -> bool {
        self.retries = if at > self.broken_at { 0 } else { self.retries + 1 };
        self.broken_at = self.broken_at.max(at);
        self.retries <= MOST_RETRIES
    }

    /// Goes back to the element before, as `at` shows that brackets do not come out even: others may be in it.
    pub(super) fn check_pending(&mut self, at: u64) -> Option<u64> {
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

    pub(super) fn give_pending(&mut self, found: &mut impl FnMut(Range<u64>)) {
        if let Some(pending) = self.pending.take() {
            found(pending.start.at..pending.end);
        }
    }

    pub(super) fn go_back(&mut self, to: Start) -> u64 {
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
    pub(super) fn look_for_shape(&mut self, byte: u8, at: u64, found: &mut impl FnMut(Range<u64>)) -> Option<u64> {
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
    pub(super) fn cut(&mut self, unit: Unit, start: Start, shape: Seen, found: &mut impl FnMut(Range<u64>)) -> u64 {
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
    pub(super) fn scan_tail(&mut self, byte: u8, at: u64) -> Option<u64> {
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

    pub(super) fn begin_tail(&mut self, at: u64) {
        let at = self.loose.take().unwrap_or(at);
        if self.damages.last().is_some_and(|damage| damage.bytes.start == at) {
            self.damages.pop();
        }
        self.stray.get_or_insert(at);
        self.tail = Some(at);
        self.shape = Shape::default();
    }

    pub(super) fn end_tail(&mut self, end: u64) {
        if let Some(start) = self.tail.take() {
            let what = if self.depth == 0 { Damaged::Text } else { Damaged::Between };
            self.damages.push(Damage { bytes: start..end.max(start + 1), what });
        }
    }

    /// Whether a byte among the elements shows that the string before it was none: its quote closes another string, or
    /// stands alone. Gives the place of that string, to look for findings behind its quote.
    pub(super) fn check_text(&mut self, byte: u8) -> Option<u64> {
        let is_separator = byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}');
        if self.elements != Some(self.depth) || self.before != b'"' || is_separator {
            return None;
        }
        let start = self.pending.take_if(|pending| pending.is_text)?.start;
        self.tail = Some(start.at);
        self.shape = Shape::default();
        Some(self.go_back(start))
    }
}
