//! Points in time as Excel counts them.

use inspector_report_model::jiff::{Timestamp, tz::TimeZone};

/// A point in time as Excel counts: days since the end of 1899, in this zone. Before March 1900 Excel's
/// calendar is off by a day, and such a time stays text.
pub(crate) fn serial(timestamp: Timestamp, zone: &TimeZone) -> Option<f64> {
    const FIRST: f64 = 61.0;
    const END: f64 = 2_958_466.0;
    const UNIX_EPOCH: f64 = 25_569.0;
    const DAY: f64 = 86_400_000.0;
    let offset = zone.to_offset(timestamp).seconds();
    let serial = (timestamp.as_millisecond() as f64 + f64::from(offset) * 1000.0) / DAY + UNIX_EPOCH;
    (FIRST..END).contains(&serial).then_some(serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_zone_of_the_report() {
        let time = "2024-02-02T16:30:00Z".parse().unwrap();
        let japan = TimeZone::get("Asia/Tokyo").unwrap();
        // 2024-02-02 is day 45324 of Excel.
        assert_eq!(serial(time, &TimeZone::UTC), Some(45_324.0 + 16.5 / 24.0));
        assert_eq!(serial(time, &japan), Some(45_325.0 + 1.5 / 24.0));
        assert_eq!(serial("1899-12-31T00:00:00Z".parse().unwrap(), &TimeZone::UTC), None);
    }
}
