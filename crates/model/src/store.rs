//! Where the cells of a report are kept: what many findings share once, in columns.

use std::borrow::Cow;

use crate::{
    column::{Column, Part},
    intern::{Interner, Tuples},
    packed::{Packed, PackedArn},
};

/// Where cells are kept. One vector for each thing that a finding has, all of the same length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(crate) vulnerabilities: Tuples,
    pub(crate) resources: Tuples,
    pub(crate) packages: Tuples,
    pub(crate) assessments: Tuples,
    /// The cells of columns that are not Inspector's.
    pub(crate) extras: Tuples,
    /// Texts of cells in `arns` and `own`.
    pub(crate) texts: Interner,

    pub(crate) vulnerability: Vec<u32>,
    pub(crate) resource: Vec<u32>,
    pub(crate) package: Vec<u32>,
    pub(crate) assessment: Vec<u32>,
    pub(crate) extra: Vec<u32>,
    pub(crate) arns: Vec<PackedArn>,
    /// One vector for each column of [`Part::Own`], empty when the report lacks the column.
    pub(crate) own: Vec<Vec<Packed>>,
}

/// The number at a row; 0 past the end.
pub(crate) fn at(numbers: &[u32], row: usize) -> u32 {
    numbers.get(row).copied().unwrap_or(0)
}

impl Store {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.assessment.len()
    }

    /// The cell of one of Inspector's columns.
    pub(crate) fn known(&self, row: usize, column: Column) -> Cow<'_, str> {
        match column.part() {
            Part::Arn => self.arns.get(row).map_or(Cow::Borrowed(""), |arn| arn.text(&self.texts)),
            Part::Own => self.own(row, column).text(&self.texts),
            _ => Cow::Borrowed(self.shared(row, column)),
        }
    }

    /// The cell of a column that findings share; empty for the columns of the ARN and of times.
    pub(crate) fn shared(&self, row: usize, column: Column) -> &str {
        let (tuples, ids) = match column.part() {
            Part::Vulnerability => (&self.vulnerabilities, &self.vulnerability),
            Part::Resource => (&self.resources, &self.resource),
            Part::Packages => (&self.packages, &self.package),
            Part::Assessment => (&self.assessments, &self.assessment),
            Part::Arn | Part::Own => return "",
        };
        tuples.cell(at(ids, row), column.slot())
    }

    /// The cell of a column of [`Part::Own`].
    pub(crate) fn own(&self, row: usize, column: Column) -> Packed {
        self.own.get(column.slot()).and_then(|cells| cells.get(row)).copied().unwrap_or_default()
    }

    /// Whether no finding has anything in one of Inspector's columns.
    pub(crate) fn is_blank(&self, column: Column) -> bool {
        let slot = column.slot();
        match column.part() {
            Part::Vulnerability => self.vulnerabilities.is_blank(slot),
            Part::Resource => self.resources.is_blank(slot),
            Part::Packages => self.packages.is_blank(slot),
            Part::Assessment => self.assessments.is_blank(slot),
            Part::Arn => self.arns.is_empty(),
            Part::Own => self.own.get(slot).is_none_or(|cells| cells.iter().all(|cell| *cell == Packed::default())),
        }
    }

    /// Puts the findings in this order; those that are not named go.
    pub(crate) fn reorder(&mut self, rows: &[u32]) {
        for numbers in
            [&mut self.vulnerability, &mut self.resource, &mut self.package, &mut self.assessment, &mut self.extra]
        {
            *numbers = pick(numbers, rows);
        }
        self.arns = pick(&self.arns, rows);
        self.own.iter_mut().for_each(|cells| *cells = pick(cells, rows));
    }

    /// The cell of the account of a resource as it was written, where that was repaired.
    pub(crate) fn account_as_written(&self, resource: u32) -> &str {
        self.resources.cell(resource, Part::Resource.columns().count())
    }

    /// A store with some of the findings. What findings share comes along whole, under its numbers.
    pub(crate) fn part(&self, rows: &[u32]) -> Store {
        Store {
            vulnerabilities: self.vulnerabilities.clone(),
            resources: self.resources.clone(),
            packages: self.packages.clone(),
            assessments: self.assessments.clone(),
            extras: self.extras.clone(),
            texts: self.texts.clone(),
            vulnerability: pick(&self.vulnerability, rows),
            resource: pick(&self.resource, rows),
            package: pick(&self.package, rows),
            assessment: pick(&self.assessment, rows),
            extra: pick(&self.extra, rows),
            arns: pick(&self.arns, rows),
            own: self.own.iter().map(|cells| pick(cells, rows)).collect(),
        }
    }

    /// Takes in the findings of another store behind its own; gives the new numbers of the other's tuples.
    pub(crate) fn append(&mut self, other: &Store) -> Renumbered {
        let new = Renumbered {
            vulnerabilities: self.vulnerabilities.append(&other.vulnerabilities),
            resources: self.resources.append(&other.resources),
            packages: self.packages.append(&other.packages),
            assessments: self.assessments.append(&other.assessments),
        };
        let extras = self.extras.append(&other.extras);
        let texts = self.texts.append(&other.texts);
        for (numbers, others, map) in [
            (&mut self.vulnerability, &other.vulnerability, &new.vulnerabilities),
            (&mut self.resource, &other.resource, &new.resources),
            (&mut self.package, &other.package, &new.packages),
            (&mut self.assessment, &other.assessment, &new.assessments),
            (&mut self.extra, &other.extra, &extras),
        ] {
            numbers.extend(others.iter().map(|id| renumber(map, *id).0));
        }
        self.arns.extend(other.arns.iter().map(|arn| arn.renumbered(|id| renumber(&texts, id).0)));
        for (cells, others) in self.own.iter_mut().zip(&other.own) {
            cells.extend(others.iter().map(|cell| match cell.text_id() {
                Some(id) => Packed::with_text_id(renumber(&texts, id).0),
                None => *cell,
            }));
        }
        new
    }

    pub(crate) fn freeze(&mut self) {
        for tuples in [
            &mut self.vulnerabilities,
            &mut self.resources,
            &mut self.packages,
            &mut self.assessments,
            &mut self.extras,
        ] {
            tuples.freeze();
        }
        self.texts.freeze();
        for numbers in
            [&mut self.vulnerability, &mut self.resource, &mut self.package, &mut self.assessment, &mut self.extra]
        {
            numbers.shrink_to_fit();
        }
        self.arns.shrink_to_fit();
        self.own.iter_mut().for_each(Vec::shrink_to_fit);
    }

    pub(crate) fn memory(&self) -> usize {
        let tuples = [&self.vulnerabilities, &self.resources, &self.packages, &self.assessments, &self.extras]
            .map(Tuples::memory);
        let numbers =
            [&self.vulnerability, &self.resource, &self.package, &self.assessment, &self.extra].map(Vec::capacity);
        tuples.iter().sum::<usize>()
            + self.texts.memory()
            + numbers.iter().sum::<usize>() * size_of::<u32>()
            + self.arns.capacity() * size_of::<PackedArn>()
            + self.own.iter().map(Vec::capacity).sum::<usize>() * size_of::<Packed>()
    }
}

/// The new numbers of tuples that were taken in, and whether each is new.
pub(crate) struct Renumbered {
    pub(crate) vulnerabilities: Vec<(u32, bool)>,
    pub(crate) resources: Vec<(u32, bool)>,
    pub(crate) packages: Vec<(u32, bool)>,
    pub(crate) assessments: Vec<(u32, bool)>,
}

pub(crate) fn renumber(map: &[(u32, bool)], id: u32) -> (u32, bool) {
    map.get(id as usize).copied().unwrap_or((id, false))
}

/// The values at these places; of a column that is not there, none.
pub(crate) fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().filter_map(|row| values.get(*row as usize)).copied().collect()
}
