//! What cells that could not be read tell of the country that a spreadsheet saved them for.

use crate::{
    ProblemCode,
    timestamp::{self, DateOrders},
    value,
};

/// What cells that could not be read tell of the country that a spreadsheet saved them for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignForms {
    /// Dates whose order the column must tell, for each column and separator.
    pub dates: Vec<ForeignDates>,
    /// The places of columns of numbers that have decimal commas.
    pub commas: Vec<usize>,
}

/// Dates of one column, without a year of four digits in front, that have one separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignDates {
    /// The place of the column.
    pub place: usize,
    /// What stands between their numbers.
    pub separator: char,
    /// The orders in which all of them are dates.
    pub orders: DateOrders,
}

impl ForeignForms {
    /// Takes in a cell that is not what its column should hold.
    pub(crate) fn see(&mut self, code: ProblemCode, place: usize, text: &str) {
        match code {
            ProblemCode::NotATime | ProblemCode::AmbiguousTime => {
                let Some(date) = timestamp::NumericDate::new(text) else { return };
                self.see_dates(ForeignDates { place, separator: date.separator, orders: date.orders() });
            }
            ProblemCode::NotANumber => {
                let is_new = !self.commas.contains(&place) && value::with_decimal_point(text).is_some();
                self.commas.extend(is_new.then_some(place));
            }
            _ => {}
        }
    }

    fn see_dates(&mut self, dates: ForeignDates) {
        let key = |dates: &ForeignDates| (dates.place, dates.separator);
        match self.dates.binary_search_by_key(&key(&dates), key) {
            Ok(at) => self.dates[at].orders = self.dates[at].orders.and(dates.orders),
            Err(at) => self.dates.insert(at, dates),
        }
    }

    pub(crate) fn append(&mut self, other: ForeignForms) {
        other.dates.into_iter().for_each(|dates| self.see_dates(dates));
        self.commas.extend(other.commas);
        self.commas.sort_unstable();
        self.commas.dedup();
    }
}
