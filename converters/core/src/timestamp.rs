//! Points in time, in every form that findings reports are known to hold.
//!
//! Inspector's export writes `2024-02-02T16:30:33.045Z`; the AWS CLI, the console, SDKs and Excel each write their own.
//! A time without a zone is taken as UTC, which is what Inspector works in.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::strtime,
    tz::{Offset, TimeZone},
};

/// Reads a point in time; `None` when the text is in no known form.
///
/// ```
/// # use inspector_report_core::timestamp::parse;
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
            .or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M:%S", &iso))
            .or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M", &iso));
        return TimeZone::UTC.to_timestamp(datetime.ok()?).ok();
    }
    // Java's Instant and Date as the console and older exports print them.
    if let Ok(datetime) = DateTime::strptime("%b %d, %Y, %I:%M:%S %p", text) {
        return TimeZone::UTC.to_timestamp(datetime).ok();
    }
    let broken_down = strtime::parse("%a %b %d %H:%M:%S%.f UTC %Y", text).ok()?;
    TimeZone::UTC.to_timestamp(broken_down.to_datetime().ok()?).ok()
}

/// Writes a point in time as Inspector does: `2024-02-02T16:30:33.045Z`. What is finer than a millisecond is dropped.
pub fn write(timestamp: Timestamp) -> String {
    format!("{timestamp:.3}")
}

/// A time zone with its name: one of the IANA database in any case (`Asia/Tokyo`), `UTC`, or `JST`, which Japan uses
/// without daylight saving time.
///
/// ```
/// # use inspector_report_core::timestamp::zone;
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
