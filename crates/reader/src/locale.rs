//! Numbers and dates as spreadsheets of other countries save them: in which form a file has them, where that is certain.
//!
//! Dates that end with the year have the day or the month first; where the year has two digits, it may be first itself. An
//! order is certain where a date of the file is one in no other: a number over 12 is no month, one over 31 is a year, and
//! a year has two or four digits. A spreadsheet saves all dates of a file in one order, so all columns of times with the
//! same separator tell it together, unless they tell the opposite: then each column is taken by itself. With dots it is
//! the day that is first, or nothing is certain. What is not certain stays text.
//!
//! A decimal comma is read where the delimiter is none, and so is the point between thousands of whole numbers where the
//! scores of the file have decimal commas.

use inspector_report_model::{
    Column, ForeignForms, Header, Kind,
    timestamp::{self, DateOrder, DateOrders, NumericDate},
    value,
};

/// The columns of numbers that hold whole ones.
const WHOLE_NUMBERS: [Column; 2] = [Column::AgeDays, Column::ImageInUseCount];

/// In which form cells of some columns are read.
#[derive(Debug, Default)]
pub(super) struct Forms {
    dates: Vec<Dates>,
    numbers: Vec<(usize, Number)>,
    /// The columns that were seen to have numbers of another form.
    changed: Vec<usize>,
}

/// The order of dates with this separator in a column.
#[derive(Debug)]
struct Dates {
    place: usize,
    separator: char,
    order: DateOrder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    /// With a decimal comma.
    Comma,
    /// Whole, with this mark between thousands.
    Thousands(char),
}

impl Forms {
    /// The forms that are certain from what could not be read.
    pub(super) fn of(found: &ForeignForms, header: &Header, delimiter: u8) -> Forms {
        let dates = found.dates.iter().filter_map(|dates| {
            let all = found.dates.iter().filter(|other| other.separator == dates.separator);
            let all = all.fold(DateOrders::default(), |orders, other| orders.and(other.orders));
            let order = order(dates.separator, dates.orders, all)?;
            Some(Dates { place: dates.place, separator: dates.separator, order })
        });
        let columns = header.columns().iter().enumerate().filter_map(|(place, column)| Some((place, column.column?)));
        let columns: Vec<(usize, Column)> = columns.filter(|(_, column)| column.kind() == Kind::Number).collect();
        let is_whole = |column: Column| WHOLE_NUMBERS.contains(&column);
        let has_commas = |(place, column): &(usize, Column)| !is_whole(*column) && found.commas.contains(place);
        let decimal_commas = delimiter != b',' && columns.iter().any(has_commas);
        let number = |(place, column): (usize, Column)| match is_whole(column) {
            _ if decimal_commas => Some((place, if is_whole(column) { Number::Thousands('.') } else { Number::Comma })),
            true if delimiter != b';' && found.commas.contains(&place) => Some((place, Number::Thousands(','))),
            _ => None,
        };
        let numbers: Vec<(usize, Number)> = columns.into_iter().filter_map(number).collect();
        let is_read = |place: &usize| numbers.iter().any(|(known, _)| known == place);
        let mut changed: Vec<usize> = found.commas.iter().copied().filter(is_read).collect();
        changed.sort_unstable();
        Forms { dates: dates.collect(), numbers, changed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dates.is_empty() && self.numbers.is_empty()
    }

    /// The cells of a row that are in such a form, as Inspector writes them.
    pub(super) fn read<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Vec<(usize, String)> {
        let date = |dates: &Dates| {
            let date = NumericDate::new(cell(dates.place)).filter(|date| date.separator == dates.separator)?;
            Some((dates.place, timestamp::write(date.read(dates.order)?)))
        };
        let number = |(place, number): &(usize, Number)| {
            let text = cell(*place);
            let read = match number {
                Number::Comma => value::with_decimal_point(text),
                Number::Thousands(mark) => value::without_thousands(text, *mark).or_else(|| {
                    let whole = text.trim().trim_end_matches('0').strip_suffix(',').filter(|_| *mark == '.')?;
                    value::number(whole).filter(|number| number.fract() == 0.0).map(|_| whole.to_owned())
                }),
            };
            Some((*place, read?))
        };
        self.dates.iter().filter_map(date).chain(self.numbers.iter().filter_map(number)).collect()
    }

    /// What is to be said of it: sentences for the terminal.
    pub(super) fn notes(&self, header: &Header) -> Vec<String> {
        let name = |place: &usize| header.columns().get(*place).map_or("", |column| column.heading.as_ref());
        let list = |places: &[usize]| places.iter().map(name).collect::<Vec<_>>().join(", ");
        let mut notes = Vec::new();
        let mut forms: Vec<(DateOrder, char)> = Vec::new();
        for Dates { order, separator, .. } in &self.dates {
            if !forms.contains(&(*order, *separator)) {
                forms.push((*order, *separator));
            }
        }
        for (order, separator) in forms {
            let of = self.dates.iter().filter(|dates| (dates.order, dates.separator) == (order, separator));
            let places: Vec<usize> = of.map(|dates| dates.place).collect();
            let form = order.as_str().replace('/', &separator.to_string());
            notes.push(format!("times in {} are read as {form}, in UTC", list(&places)));
        }
        if !self.changed.is_empty() {
            let what = match self.numbers.iter().any(|(_, number)| *number == Number::Comma) {
                true => "with decimal commas",
                false => "without the commas between thousands",
            };
            notes.push(format!("numbers in {} are read {what}", list(&self.changed)));
        }
        notes
    }
}

/// The order of the dates of a column, from what they tell themselves and what those of all columns tell together. `None`
/// where more than one is possible, or none is.
fn order(separator: char, own: DateOrders, all: DateOrders) -> Option<DateOrder> {
    if separator == '.' {
        let is_certain = all.contain(DateOrder::DayFirst) || own.only() == Some(DateOrder::DayFirst);
        return is_certain.then_some(DateOrder::DayFirst);
    }
    all.only().or_else(|| own.only())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use inspector_report_model::{ForeignDates, ReportBuilder};

    use super::*;

    const HEADINGS: [&str; 5] = ["First Seen", "Last Seen", "Inspector Score", "Age (Days)", "Epss Score"];

    fn read(found: &ForeignForms, delimiter: u8, row: [&str; 5]) -> [String; 5] {
        let forms = Forms::of(found, &Header::new(HEADINGS), delimiter);
        let mut cells = row.map(str::to_owned);
        forms.read(|place| row[place]).into_iter().for_each(|(place, text)| cells[place] = text);
        cells
    }

    /// What becomes of the dates of two columns: in which order each is read.
    fn orders(first: &[&str], last: &[&str]) -> [Option<DateOrder>; 2] {
        let mut builder = ReportBuilder::new(Arc::new(Header::new(HEADINGS)));
        for row in 0..first.len().max(last.len()) {
            let cell = |place: usize| [first, last].get(place)?.get(row).copied();
            builder.push(row as u64, |place| cell(place).unwrap_or(""));
        }
        let forms = Forms::of(builder.foreign_forms(), &Header::new(HEADINGS), b',');
        [0, 1].map(|place| forms.dates.iter().find(|dates| dates.place == place).map(|dates| dates.order))
    }

    #[test]
    fn dates_are_read_in_the_order_that_their_columns_prove() {
        let (day, month, year) = (Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst), Some(DateOrder::YearFirst));
        for (first, last, expected) in [
            // One column tells it for all.
            (&["4/1/2026", "4/20/2026"][..], &["5/1/2026"][..], [month, month]),
            (&["4/1/2026"], &["5/1/26", "20/5/2026"], [day, day]),
            // Two tell the opposite: each is taken by itself.
            (&["4/20/2026", "4/1/2026"], &["20/4/2026"], [month, day]),
            (&["4/20/2026", "20/4/2026"], &["5/1/2026"], [None, None]),
            (&["4/1/2026"], &["5/1/2026"], [None, None]),
            // Another separator tells nothing.
            (&["20-4-2026"], &["5/1/2026"], [day, None]),
            // A year of two digits may be first.
            (&["25/3/20", "25/12/31"], &[], [None, None]),
            (&["25-03-20 14:05", "24-12-31"], &[], [None, None]),
            (&["20/03/25", "01/04/25"], &[], [None, None]),
            (&["03/04/25 14:05:33"], &[], [None, None]),
            (&["25/3/20", "25/12/31"], &["25/3/2"], [year, year]),
            (&["25/3/20", "99/3/20"], &[], [year, None]),
            (&["25/3/20", "32/3/20"], &[], [year, None]),
            (&["20/03/25", "01/04/99"], &[], [day, None]),
            (&["20/3/25", "1/4/25"], &[], [day, None]),
            (&["03/20/25", "03/04/25"], &[], [month, None]),
            (&["03/20/25"], &["20/03/25", "03/04/25"], [month, None]),
            (&["25/3/20", "3/20/25"], &[], [None, None]),
            // With dots the day is first, unless something tells otherwise.
            (&["01.02.2026 09:07"], &[], [day, None]),
            (&["20.03.26"], &["1.4.26"], [day, day]),
            (&["03.20.2025 14:05", "01.02.2026 09:07"], &[], [None, None]),
            (&["03.20.2025 14:05"], &["01.02.2026 09:07"], [None, None]),
            (&["03.20.2025 14:05"], &["20.03.2025", "01.02.2026"], [None, day]),
            (&["25.3.2", "25.03.20"], &[], [None, None]),
        ] {
            assert_eq!(orders(first, last), expected, "{first:?} {last:?}");
        }
    }

    #[test]
    fn dates_are_written_as_inspector_writes_them() {
        let orders = DateOrders::of(|order| order == DateOrder::MonthFirst);
        let dates = [0, 1].map(|place| ForeignDates { place, separator: '/', orders }).to_vec();
        let found = ForeignForms { dates, commas: Vec::new() };
        let [first, last, ..] = read(&found, b',', ["4/1/2026", "4/1/26 9:07 PM", "", "", ""]);
        assert_eq!((first.as_str(), last.as_str()), ("2026-04-01T00:00:00.000Z", "2026-04-01T21:07:00.000Z"));
    }

    #[test]
    fn commas_and_points_of_numbers_are_read_where_they_are_certain() {
        let row = ["", "", "7,5", "1.234", "0,01644"];
        let found = |commas: &[usize]| ForeignForms { dates: Vec::new(), commas: commas.to_vec() };
        assert_eq!(read(&found(&[2, 4]), b';', row), ["", "", "7.5", "1234", "0.01644"]);
        assert_eq!(read(&found(&[2]), b',', row), row, "the comma is the delimiter");
        assert_eq!(read(&found(&[]), b';', row), row, "no score says that the file has decimal commas");
        assert_eq!(read(&found(&[3]), b',', ["", "", "7.5", "1,234", ""]), ["", "", "7.5", "1234", ""]);
        let uncertain = ["", "", "", "1,234", ""];
        assert_eq!(read(&found(&[3]), b';', uncertain), uncertain);
        assert_eq!(read(&found(&[2]), b';', ["", "", "", "195,0", ""])[3], "195");
        let header = Header::new(HEADINGS);
        let notes = Forms::of(&found(&[4, 2]), &header, b';').notes(&header);
        assert_eq!(notes, ["numbers in Inspector Score, Epss Score are read with decimal commas"]);
    }
}
