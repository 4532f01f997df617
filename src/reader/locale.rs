//! Numbers and dates as spreadsheets of other countries save them: in which form a file has them, where that is certain.
//!
//! Dates that end with the year have the day or the month first. With dots it is the day. With `/` or `-` a number over 12
//! is a day; a spreadsheet saves all dates of a file in one order, so one such date in any column of times tells it for
//! all, unless another one tells the opposite: then each column is taken by itself. What is not certain stays text.
//!
//! A decimal comma is read where the delimiter is none, and so is the point between thousands of whole numbers where the
//! scores of the file have decimal commas.

use inspector_report_core::{
    Column, ForeignDates, ForeignForms, Header, Kind,
    timestamp::{self, DateOrder, NumericDate},
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
            let order = order(found.dates.iter().filter(|other| other.separator == dates.separator))
                .or_else(|| order(std::iter::once(dates)))?;
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

/// The order that some dates tell; `None` when they tell none, or both.
fn order<'a>(dates: impl Iterator<Item = &'a ForeignDates>) -> Option<DateOrder> {
    let (day_first, month_first) =
        dates.fold((false, false), |(day, month), dates| (day || dates.day_first, month || dates.month_first));
    match (day_first, month_first) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [&str; 5] = ["First Seen", "Last Seen", "Inspector Score", "Age (Days)", "Epss Score"];

    fn dates(place: usize, separator: char, day_first: bool, month_first: bool) -> ForeignDates {
        ForeignDates { place, separator, day_first, month_first }
    }

    fn read(found: &ForeignForms, delimiter: u8, row: [&str; 5]) -> [String; 5] {
        let forms = Forms::of(found, &Header::new(HEADINGS), delimiter);
        let mut cells = row.map(str::to_owned);
        forms.read(|place| row[place]).into_iter().for_each(|(place, text)| cells[place] = text);
        cells
    }

    #[test]
    fn one_column_tells_the_order_for_all_unless_another_one_tells_the_opposite() {
        let row = ["4/1/2026", "4/1/26 9:07 PM", "", "", ""];
        let of = |all: Vec<ForeignDates>| {
            let [first, last, ..] = read(&ForeignForms { dates: all, commas: Vec::new() }, b',', row);
            (first, last)
        };
        let april = ("2026-04-01T00:00:00.000Z".to_owned(), "2026-04-01T21:07:00.000Z".to_owned());
        let january = ("2026-01-04T00:00:00.000Z".to_owned(), "2026-01-04T21:07:00.000Z".to_owned());
        let text = (row[0].to_owned(), row[1].to_owned());
        assert_eq!(of(vec![dates(0, '/', false, true), dates(1, '/', false, false)]), april);
        assert_eq!(of(vec![dates(0, '/', false, false), dates(1, '/', true, false)]), january);
        assert_eq!(of(vec![dates(0, '/', true, false), dates(1, '/', false, true)]), (january.0, april.1));
        assert_eq!(of(vec![dates(0, '/', true, true), dates(1, '/', false, false)]), text);
        assert_eq!(of(vec![dates(0, '/', false, false), dates(1, '/', false, false)]), text);
        assert_eq!(of(vec![dates(0, '-', true, false), dates(1, '/', false, false)]), text);
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
