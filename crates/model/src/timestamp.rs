//! Points in time, in every form that findings reports are known to hold.
//!
//! Inspector's export writes `2024-02-02T16:30:33.045Z`; the AWS CLI, the console, SDKs and Excel each write their own.
//! A time without a zone is taken as UTC, which is what Inspector works in.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::strtime,
    tz::{Offset, TimeZone},
};

/// Reads a point in time; `None` when the text is in no known form.
///
/// ```
/// # use inspector_report_model::timestamp::parse;
/// let expected = "2023-10-11T05:13:49Z".parse().ok();
/// assert_eq!(parse("Oct 11, 2023, 5:13:49 AM"), expected);
/// assert_eq!(parse("2023-10-11 06:13:49+01:00"), expected);
/// assert_eq!(parse("1697001229"), expected);
/// assert_eq!(parse("soon"), None);
/// ```
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // RFC 3339 and its relatives: what Inspector, `aws inspector2 list-findings` and Python's `str(datetime)` write.
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return from_epoch(seconds);
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let iso = text.replace('/', "-");
        let datetime = iso
            .parse::<DateTime>()
            .or_else(|_| iso.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
            .ok()
            .or_else(|| year_first(text).and_then(not_too_early));
        return TimeZone::UTC.to_timestamp(datetime?).ok();
    }
    // Java's Instant and Date as the console and older exports print them.
    if let Ok(datetime) = DateTime::strptime("%b %d, %Y, %I:%M:%S %p", text) {
        return TimeZone::UTC.to_timestamp(not_too_early(datetime)?).ok();
    }
    let broken_down = strtime::parse("%a %b %d %H:%M:%S%.f UTC %Y", text).ok()?;
    TimeZone::UTC.to_timestamp(not_too_early(broken_down.to_datetime().ok()?)?).ok()
}

/// A time that is not before 1970: an earlier year is one of two digits, or no year.
fn not_too_early(datetime: DateTime) -> Option<DateTime> {
    (datetime.year() >= 1970).then_some(datetime)
}

/// What comes first in a date of three numbers of which none has the four digits of a year, or the last one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `20/03/2026`.
    DayFirst,
    /// `3/20/2026`.
    MonthFirst,
    /// `26/3/20`.
    YearFirst,
}

impl DateOrder {
    /// Every order.
    pub const ALL: [DateOrder; 3] = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];

    /// As a person would write it.
    pub fn as_str(self) -> &'static str {
        match self {
            DateOrder::DayFirst => "day/month/year",
            DateOrder::MonthFirst => "month/day/year",
            DateOrder::YearFirst => "year/month/day",
        }
    }
}

/// The orders that dates can have: all at first, fewer with each date that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateOrders(u8);

impl Default for DateOrders {
    fn default() -> DateOrders {
        DateOrders::of(|_| true)
    }
}

impl DateOrders {
    /// The orders for which something holds.
    pub fn of(is_possible: impl Fn(DateOrder) -> bool) -> DateOrders {
        let bit = |(bit, order): (usize, DateOrder)| u8::from(is_possible(order)) << bit;
        DateOrders(DateOrder::ALL.into_iter().enumerate().map(bit).sum())
    }

    /// Whether dates can have this order.
    pub fn contain(self, order: DateOrder) -> bool {
        DateOrder::ALL.into_iter().enumerate().any(|(bit, known)| known == order && self.0 & (1 << bit) != 0)
    }

    /// The orders that other dates can have as well.
    #[must_use]
    pub fn and(self, others: DateOrders) -> DateOrders {
        DateOrders(self.0 & others.0)
    }

    /// The only order that is left.
    pub fn only(self) -> Option<DateOrder> {
        DateOrder::ALL.into_iter().find(|order| self == DateOrders::of(|other| other == *order))
    }
}

/// A time as spreadsheets show it, with the year behind day and month, or in two digits before them: `3/20/2026 14:05`,
/// `20.03.26`, `4/1/26 9:07 PM`, `26/3/20`. In which order these stand is for the whole column to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumericDate<'a> {
    /// What stands between its numbers: `/`, `-` or `.`.
    pub separator: char,
    numbers: [&'a str; 3],
    time: Time,
}

impl<'a> NumericDate<'a> {
    /// Understands a text; `None` when it has another form, or is a date in no order.
    ///
    /// ```
    /// # use inspector_report_model::timestamp::{DateOrder, NumericDate};
    /// let date = NumericDate::new("4/1/26 9:07 PM").unwrap();
    /// assert_eq!(date.orders().only(), None);
    /// assert_eq!(date.read(DateOrder::MonthFirst), "2026-04-01T21:07:00Z".parse().ok());
    /// assert_eq!(NumericDate::new("3/20/2026").unwrap().orders().only(), Some(DateOrder::MonthFirst));
    /// ```
    pub fn new(text: &'a str) -> Option<NumericDate<'a>> {
        let (date, time) = date_and_time(text)?;
        let separator = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '-' | '.'))?;
        let mut numbers = date.split(separator);
        let three = [numbers.next()?, numbers.next()?, numbers.next()?];
        let new = NumericDate { separator, numbers: three, time };
        (numbers.next().is_none() && new.orders() != DateOrders::of(|_| false)).then_some(new)
    }

    /// The orders in which it is a date. A last number of two digits may be the year or, behind a first one of two digits,
    /// the day.
    pub fn orders(self) -> DateOrders {
        DateOrders::of(|order| self.read(order).is_some())
    }

    /// The point in time, in this order, in UTC.
    pub fn read(self, order: DateOrder) -> Option<Timestamp> {
        let [first, second, third] = self.numbers;
        let (year, month, day) = match order {
            DateOrder::DayFirst => (third, second, first),
            DateOrder::MonthFirst => (third, first, second),
            DateOrder::YearFirst => (first, second, third),
        };
        let year = match (year.len(), number(year)?) {
            (4, year @ 1970..) if order != DateOrder::YearFirst => year,
            // Nothing that reports tell of is older than 1970.
            (2, year) => year + if year < 70 { 2000 } else { 1900 },
            _ => return None,
        };
        let part = |text: &str| if text.len() <= 2 { i8::try_from(number(text)?).ok() } else { None };
        let datetime = Date::new(year, part(month)?, part(day)?).ok()?.to_datetime(self.time);
        TimeZone::UTC.to_timestamp(datetime).ok()
    }
}

/// A time with the year first, which says its order itself, in what forms spreadsheets write it besides: `2026/3/20`,
/// `2026/3/20 2:05 PM`, `2026年3月20日 14:05`.
fn year_first(text: &str) -> Option<DateTime> {
    let plain: String = text
        .chars()
        .filter_map(|c| match c {
            '年' | '月' => Some('/'),
            '日' => Some(' '),
            '時' | '分' => Some(':'),
            '秒' => None,
            other => Some(other),
        })
        .collect();
    let (date, time) = date_and_time(plain.trim_end().trim_end_matches(':'))?;
    let mut numbers = date.split(['/', '-', '.']);
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    if year.len() != 4 || numbers.next().is_some() {
        return None;
    }
    let (month, day) = (i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?);
    Some(Date::new(number(year)?, month, day).ok()?.to_datetime(time))
}

/// A date with a time of day behind it, if there is one: `H:MM`, `H:MM:SS`, both also in twelve hours.
fn date_and_time(text: &str) -> Option<(&str, Time)> {
    let text = text.trim();
    let Some((date, time)) = text.split_once(char::is_whitespace) else { return Some((text, Time::midnight())) };
    let date = date.trim_end_matches(',');
    let mut time = time.trim();
    let mut afternoon = None;
    for (mark, is_afternoon) in MERIDIEMS {
        let ends = time.len().checked_sub(mark.len()).and_then(|at| time.split_at_checked(at));
        if let Some((rest, _)) = ends.filter(|(_, end)| end.eq_ignore_ascii_case(mark)) {
            (time, afternoon) = (rest.trim_end(), Some(is_afternoon));
            break;
        }
        if let Some(rest) = time.strip_prefix(mark) {
            (time, afternoon) = (rest.trim_start(), Some(is_afternoon));
            break;
        }
    }
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut numbers = time.split(':');
    let (hour, minute) = (number(numbers.next()?)?, number(numbers.next()?)?);
    let second = numbers.next().map_or(Some(0), number)?;
    if numbers.next().is_some() || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let nanosecond = fraction.bytes().all(|b| b.is_ascii_digit()).then(|| format!("{fraction:0<9}").parse().ok())??;
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => hour % 12 + 12,
    };
    let part = |number: i16| i8::try_from(number).ok();
    Some((date, Time::new(part(hour)?, part(minute)?, part(second)?, nanosecond).ok()?))
}

/// What says that a time of day is of the morning, or of the afternoon.
const MERIDIEMS: [(&str, bool); 8] = [
    ("AM", false),
    ("PM", true),
    ("a.m.", false),
    ("p.m.", true),
    ("午前", false),
    ("午後", true),
    ("上午", false),
    ("下午", true),
];

/// A number of one to four digits.
fn number(text: &str) -> Option<i16> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Writes a point in time as Inspector does: `2024-02-02T16:30:33.045Z`. What is finer than a millisecond is dropped.
pub fn write(timestamp: Timestamp) -> String {
    format!("{timestamp:.3}")
}

/// A time zone with its name: one of the IANA database in any case (`Asia/Tokyo`), `UTC`, or `JST`, which Japan uses
/// without daylight saving time.
///
/// ```
/// # use inspector_report_model::timestamp::zone;
/// assert_eq!(zone("europe/berlin").unwrap().1, "Europe/Berlin");
/// assert!(zone("Mars/Base").is_none());
/// ```
pub fn zone(name: &str) -> Option<(TimeZone, String)> {
    for (known, hours) in [("UTC", 0), ("JST", 9)] {
        if name.eq_ignore_ascii_case(known) {
            return Some((TimeZone::fixed(Offset::constant(hours)), known.to_owned()));
        }
    }
    let zone = TimeZone::get(name).ok()?;
    let name = zone.iana_name()?.to_owned();
    Some((zone, name))
}

/// Seconds since 1970 as the AWS CLI and SDKs write them, or milliseconds as JavaScript does.
///
/// Numbers before 1973 are refused: a small number in a date column is an age, an index or a serial day of Excel.
fn from_epoch(number: f64) -> Option<Timestamp> {
    const FIRST: f64 = 1e8;
    const FIRST_IN_MILLISECONDS: f64 = 1e11;
    const END_IN_MILLISECONDS: f64 = 1e14;
    let milliseconds = match number {
        n if (FIRST..FIRST_IN_MILLISECONDS).contains(&n) => n * 1000.0,
        n if (FIRST_IN_MILLISECONDS..END_IN_MILLISECONDS).contains(&n) => n,
        _ => return None,
    };
    Timestamp::from_millisecond(milliseconds.round() as i64).ok()
}

/// Whether a text has the exact shape `YYYY-MM-DDThh:mm:ss.fffZ`, which [`write_canonical`] gives back to the byte.
pub(crate) fn canonical_millisecond(text: &str) -> Option<i64> {
    has_canonical_shape(text).then(|| text.parse::<Timestamp>().ok())?.map(|timestamp| timestamp.as_millisecond())
}

/// Whether a text is either a time as [`write()`] writes it, to the byte, or none at all.
pub fn has_canonical_shape(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 24]>::try_from(text.as_bytes()) else { return false };
    const SHAPE: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let fits = SHAPE.iter().zip(bytes).all(|(shape, byte)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    });
    // A leap second would come back as the second before it.
    fits && &bytes[17..19] != b"60"
}

/// The reverse of [`canonical_millisecond`].
pub(crate) fn write_canonical(millisecond: i64) -> String {
    Timestamp::from_millisecond(millisecond).map(write).unwrap_or_default()
}

/// The day of a moment in UTC, for figures that must not depend on who reads them.
pub fn utc_day(time: Timestamp) -> Date {
    time.to_zoned_datetime(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every form listed in what is known of real reports.
    #[test]
    fn every_known_form_is_read() {
        for (text, expected) in [
            ("2024-02-02T16:30:33.045Z", "2024-02-02T16:30:33.045Z"),
            ("2024-02-02T16:30:33.045000+01:00", "2024-02-02T15:30:33.045Z"),
            ("2025-12-26 14:21:44.742000+01:00", "2025-12-26T13:21:44.742Z"),
            ("Oct 11, 2023, 5:13:49 AM", "2023-10-11T05:13:49Z"),
            ("Oct 1, 2023, 12:13:49 PM", "2023-10-01T12:13:49Z"),
            ("Thu Sep 05 13:06:56.334 UTC 2024", "2024-09-05T13:06:56.334Z"),
            ("1748629505.465", "2025-05-30T18:25:05.465Z"),
            ("1.663703546405E9", "2022-09-20T19:52:26.405Z"),
            ("1748629505465", "2025-05-30T18:25:05.465Z"),
            ("2024/02/02 16:30", "2024-02-02T16:30:00Z"),
            ("2024/2/2 6:30", "2024-02-02T06:30:00Z"),
            ("2024/02/02 16:30:05", "2024-02-02T16:30:05Z"),
            ("2024-02-02", "2024-02-02T00:00:00Z"),
            ("2026/3/20", "2026-03-20T00:00:00Z"),
            ("2026/3/20 14:05", "2026-03-20T14:05:00Z"),
            ("2026/3/20 2:05 PM", "2026-03-20T14:05:00Z"),
            ("2026/3/20 午後2:05:07", "2026-03-20T14:05:07Z"),
            ("2026年3月20日", "2026-03-20T00:00:00Z"),
            ("2026年3月20日 14:05", "2026-03-20T14:05:00Z"),
            ("2026年3月20日14時05分", "2026-03-20T14:05:00Z"),
            (" 2024-02-02T16:30:33Z ", "2024-02-02T16:30:33Z"),
        ] {
            assert_eq!(parse(text), Some(expected.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "-", "N/A", "45", "45325.6875", "2024-13-01T00:00:00Z", "NaN", "inf", "2024-02-30", "1e300"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in ["2026/3/20 25:00", "2026/3/20 13:00 PM", "2026/3/20 0:05 AM", "2026/13/1", "2026年", "3/20/2026"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_that_end_with_the_year_are_read_in_an_order() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        for (text, order, expected) in [
            ("3/20/2026 14:05", MonthFirst, "2026-03-20T14:05:00Z"),
            ("4/1/26 9:07 PM", MonthFirst, "2026-04-01T21:07:00Z"),
            ("4/1/26 12:07:08 AM", MonthFirst, "2026-04-01T00:07:08Z"),
            ("4/1/2026, 12:07:08 p.m.", MonthFirst, "2026-04-01T12:07:08Z"),
            ("4/1/26 9:07\u{202f}PM", MonthFirst, "2026-04-01T21:07:00Z"),
            ("20.03.2026 14:05", DayFirst, "2026-03-20T14:05:00Z"),
            ("01.04.2026 09:07:11", DayFirst, "2026-04-01T09:07:11Z"),
            ("20/03/2026", DayFirst, "2026-03-20T00:00:00Z"),
            ("20-03-99", DayFirst, "1999-03-20T00:00:00Z"),
            ("25/3/20", YearFirst, "2025-03-20T00:00:00Z"),
            ("25-03-20 14:05", YearFirst, "2025-03-20T14:05:00Z"),
            ("1/2/2026 3:04:05.678", DayFirst, "2026-02-01T03:04:05.678Z"),
        ] {
            assert_eq!(NumericDate::new(text).unwrap().read(order), Some(expected.parse().unwrap()), "{text}");
            assert_eq!(parse(text), None, "{text}");
        }
        for text in [
            "13/13/2026",
            "0/1/2026",
            "3/20",
            "3/20/2026/1",
            "3/20-2026",
            "3/20/026",
            "3/20/2026 noon",
            "1.2.3.4",
            "30/2/2026",
            "2026/30/2",
            "1/2/1969",
            "3/4/5",
            "32/13/26",
        ] {
            assert_eq!(NumericDate::new(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_tells_its_order_where_it_is_one_in_no_other() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        for (text, orders) in [
            ("3/20/2026", &[MonthFirst][..]),
            ("20/3/2026", &[DayFirst]),
            ("3/4/2026", &[DayFirst, MonthFirst]),
            ("3/4/25", &[DayFirst, MonthFirst]),
            ("20/3/25", &[DayFirst, YearFirst]),
            ("03/04/25", &[DayFirst, MonthFirst, YearFirst]),
            ("25/3/2", &[YearFirst]),
            ("32/3/20", &[YearFirst]),
            ("03/20/25", &[MonthFirst]),
            ("20/03/99", &[DayFirst]),
            ("1.3.2026", &[DayFirst, MonthFirst]),
        ] {
            let expected = DateOrders::of(|order| orders.contains(&order));
            assert_eq!(NumericDate::new(text).unwrap().orders(), expected, "{text}");
        }
    }

    /// A year has four digits, unless the column tells which number it is.
    #[test]
    fn years_of_two_digits_are_no_years_by_themselves() {
        for text in [
            "3/4/25 14:05",
            "03/04/25 14:05:33",
            "25-03-20 14:05",
            "20/03/25 14:05",
            "025/3/20",
            "0025/3/20",
            "25/3/20",
            "Oct 11, 23, 5:13:49 AM",
            "Thu Sep 05 13:06:56.334 UTC 24",
            "1969/3/20 14:05",
            "25年3月20日",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in ["1970-01-01", "0001-01-01T00:00:00Z", "1970/1/1 0:00", "2024-02-02 16:30", "2024-2-2 6:30:05"] {
            assert!(parse(text).is_some(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn canonical_text_comes_back_to_the_byte(millisecond in 0i64..4_102_444_800_000) {
            let text = write_canonical(millisecond);
            prop_assert_eq!(text.len(), 24);
            prop_assert_eq!(canonical_millisecond(&text), Some(millisecond));
        }

        #[test]
        fn other_text_is_not_taken_for_canonical(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,6})?(Z|\\+00:00)?") {
            if let Some(millisecond) = canonical_millisecond(&text) {
                prop_assert_eq!(write_canonical(millisecond), text);
            }
        }
    }
}
