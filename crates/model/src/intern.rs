//! Texts and tuples of texts, each kept once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Distinct texts, numbered from 0 in the order in which they first came.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    arena: String,
    ends: Vec<u64>,
    index: HashTable<(u64, u32)>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// Gives the number of a text, and whether the text is new.
    ///
    /// Numbers are 32 bits wide: past four thousand million distinct texts the last number is given again.
    /// A machine runs out of memory long before.
    pub fn intern(&mut self, text: &str) -> (u32, bool) {
        self.intern_hashed(text, self.hasher.hash_one(text))
    }

    fn intern_hashed(&mut self, text: &str, hash: u64) -> (u32, bool) {
        let (arena, ends) = (&self.arena, &self.ends);
        if let Some((_, id)) = self.index.find(hash, |(h, id)| *h == hash && slice(arena, ends, *id) == text) {
            return (*id, false);
        }
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.arena.push_str(text);
        self.ends.push(self.arena.len() as u64);
        self.index.insert_unique(hash, (hash, id), |(h, _)| *h);
        (id, true)
    }

    /// The text with this number; empty when there is none.
    pub fn get(&self, id: u32) -> &str {
        slice(&self.arena, &self.ends, id)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Takes in the texts of another interner, and gives for each of its numbers the number here and whether it is new.
    pub(crate) fn append(&mut self, other: &Interner) -> Vec<(u32, bool)> {
        (0..other.len() as u32).map(|id| self.intern(other.get(id))).collect()
    }

    /// Gives back the memory that only further interning needs.
    pub(crate) fn freeze(&mut self) {
        self.index = HashTable::new();
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The bytes of memory held.
    pub(crate) fn memory(&self) -> usize {
        self.arena.capacity() + self.ends.capacity() * size_of::<u64>() + self.index.allocation_size()
    }
}

fn slice<'a>(arena: &'a str, ends: &[u64], id: u32) -> &'a str {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends.get(id - 1).copied().unwrap_or(0) as usize };
    let end = ends.get(id).copied().unwrap_or(start as u64) as usize;
    arena.get(start..end).unwrap_or("")
}

/// Distinct rows of a fixed number of texts.
///
/// A row is one text: each cell behind its length in bytes. Lengths are written in base 64, low digits first, as
/// characters below 128 (a digit that is followed by another has bit 6 set), so that the whole is valid UTF-8 and a
/// cell can be had back as `&str` without a check or a copy. In front of rows that are long stands where every 8th cell
/// begins, in [`MARK`] digits each, so that the time to find a cell does not grow with the number of columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tuples {
    rows: Interner,
    buffer: String,
    /// Where every [`STEP`]th cell of the row at hand begins.
    marks: Vec<usize>,
}

/// Cells from one mark to the next.
const STEP: usize = 8;

/// Digits of a mark: enough for the longest row.
const MARK: usize = 6;

impl Tuples {
    /// Gives the number of a row, and whether it is new.
    pub(crate) fn intern<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> (u32, bool) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.marks.clear();
        push_length(&mut buffer, 0);
        let front = buffer.len();
        for (place, cell) in cells.enumerate() {
            if place > 0 && place % STEP == 0 {
                self.marks.push(buffer.len() - front);
            }
            push_length(&mut buffer, cell.len());
            buffer.push_str(cell);
        }
        if !self.marks.is_empty() {
            let mut marks = String::with_capacity(front + self.marks.len() * MARK);
            push_length(&mut marks, self.marks.len());
            for mark in &self.marks {
                marks.extend((0..MARK).map(|digit| char::from((mark >> (6 * digit) & 63) as u8)));
            }
            buffer.replace_range(..front, &marks);
        }
        let result = self.rows.intern(&buffer);
        self.buffer = buffer;
        result
    }

    /// A cell of a row; empty when there is no such row or cell.
    pub(crate) fn cell(&self, row: u32, cell: usize) -> &str {
        let Some((marks, cells)) = self.split(row) else { return "" };
        let mark = (cell / STEP).min(marks.len() / MARK);
        let digits = mark.checked_sub(1).and_then(|mark| marks.as_bytes().get(mark * MARK..(mark + 1) * MARK));
        let start = digits.map_or(0, |digits| {
            digits.iter().enumerate().map(|(at, digit)| usize::from(*digit) << (6 * at)).sum::<usize>()
        });
        nth(cells, start, cell - mark * STEP).unwrap_or("")
    }

    /// The marks of a row, and its cells.
    fn split(&self, row: u32) -> Option<(&str, &str)> {
        let (marks, rest) = split_length(self.rows.get(row))?;
        rest.split_at_checked(marks * MARK)
    }

    /// The cells of a row.
    #[cfg(test)]
    pub(crate) fn cells(&self, row: u32) -> impl Iterator<Item = &str> {
        each(self.split(row).map_or("", |(_, cells)| cells))
    }

    /// Whether a cell is empty in every row.
    pub(crate) fn is_blank(&self, cell: usize) -> bool {
        (0..self.len() as u32).all(|row| self.cell(row, cell).is_empty())
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn append(&mut self, other: &Tuples) -> Vec<(u32, bool)> {
        self.rows.append(&other.rows)
    }

    pub(crate) fn freeze(&mut self) {
        self.buffer = String::new();
        self.rows.freeze();
    }

    pub(crate) fn memory(&self) -> usize {
        self.rows.memory()
    }
}

/// The cell behind so many others from a place on. Those are passed over by their lengths alone, for this is asked of each
/// finding many times.
fn nth(text: &str, mut at: usize, cell: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    for _ in 0..cell {
        let (length, begin) = length_at(bytes, at)?;
        at = begin + length;
    }
    let (length, begin) = length_at(bytes, at)?;
    text.get(begin..begin.checked_add(length)?)
}

/// The length of the cell at a place, and where its text begins.
fn length_at(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut length, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        length |= usize::from(byte & 63) << shift;
        if byte & 64 == 0 {
            return Some((length, at));
        }
        shift += 6;
    }
}

/// The cells in a text.
#[cfg(test)]
fn each(mut rest: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (length, text) = split_length(rest)?;
        let (cell, after) = text.split_at_checked(length)?;
        rest = after;
        Some(cell)
    })
}

fn push_length(out: &mut String, mut length: usize) {
    while length >= 64 {
        out.push(char::from(64 | (length & 63) as u8));
        length >>= 6;
    }
    out.push(char::from(length as u8));
}

fn split_length(text: &str) -> Option<(usize, &str)> {
    let (length, begin) = length_at(text.as_bytes(), 0)?;
    Some((length, text.get(begin..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cells_come_back_as_they_were(rows in prop::collection::vec(prop::collection::vec("\\PC{0,80}|(a|\u{3042}){60,70}|x{4090,4100}", 5), 0..20), wide in prop::collection::vec("a{0,70}|\u{3042}", 0..200)) {
            let rows: Vec<Vec<String>> = rows.into_iter().chain([wide]).collect();
            let mut tuples = Tuples::default();
            let ids: Vec<u32> = rows.iter().map(|row| tuples.intern(row.iter().map(String::as_str)).0).collect();
            for (row, id) in rows.iter().zip(ids) {
                prop_assert!(tuples.cells(id).eq(row.iter().map(String::as_str)));
                for (at, cell) in row.iter().enumerate() {
                    prop_assert_eq!(tuples.cell(id, at), cell);
                }
                prop_assert_eq!(tuples.cell(id, row.len()), "");
            }
        }

        #[test]
        fn equal_rows_share_a_number_and_others_do_not(a in prop::collection::vec("[ab]{0,2}", 3), b in prop::collection::vec("[ab]{0,2}", 3)) {
            let mut tuples = Tuples::default();
            let (first, new) = tuples.intern(a.iter().map(String::as_str));
            prop_assert!(new);
            let (second, new) = tuples.intern(b.iter().map(String::as_str));
            prop_assert_eq!(first == second, a == b);
            prop_assert_eq!(new, a != b);
        }
    }

    #[test]
    fn appending_keeps_numbers_of_the_first_and_maps_those_of_the_second() {
        let (mut a, mut b) = (Interner::default(), Interner::default());
        a.intern("x");
        b.intern("y");
        b.intern("x");
        assert_eq!(a.append(&b), [(1, true), (0, false)]);
        assert_eq!((a.get(0), a.get(1), a.get(2)), ("x", "y", ""));
    }
}
