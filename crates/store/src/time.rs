//! Points in time as they are stored: milliseconds of the Unix epoch, and stamps in file names.

use std::time::{Duration, SystemTime};

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};

/// A point in time as a database keeps it: milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Millis(pub(crate) i64);

impl From<SystemTime> for Millis {
    fn from(at: SystemTime) -> Self {
        Self(match at.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        })
    }
}

impl From<Millis> for SystemTime {
    fn from(at: Millis) -> Self {
        let distance = Duration::from_millis(at.0.unsigned_abs());
        let moment = if at.0 < 0 {
            Self::UNIX_EPOCH.checked_sub(distance)
        } else {
            Self::UNIX_EPOCH.checked_add(distance)
        };
        moment.unwrap_or(Self::UNIX_EPOCH)
    }
}

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

/// `YYYYmmdd_HHMMSS` in UTC, as in the names of backups.
pub(crate) fn stamp(at: SystemTime) -> String {
    let seconds = Millis::from(at).0.div_euclid(1000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}_{hour:02}{minute:02}{second:02}")
}

/// The moment that a stamp names; nothing if it is none.
pub(crate) fn parse_stamp(text: &str) -> Option<SystemTime> {
    let digits = text.bytes().enumerate().all(|(i, b)| if i == 8 { b == b'_' } else { b.is_ascii_digit() });
    if text.len() != 15 || !digits {
        return None;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Millis(seconds * 1000).into())
}

/// Day 0 is 1970-01-01; years are counted from March, so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) =
        (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The opposite of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn stamps_of_known_moments() {
        assert_eq!(stamp(at(0)), "19700101_000000");
        assert_eq!(stamp(at(951_868_799)), "20000229_235959");
        assert_eq!(stamp(at(1_795_893_000)), "20261128_191000");
        for wrong in [
            "",
            "20261128-191000",
            "20261328_191000",
            "2026112_8191000",
            "20261128_1910000",
            "２０２６1128_0",
        ] {
            assert_eq!(parse_stamp(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_stamp_reads_back(seconds in 0_u64..250_000_000_000) {
            prop_assert_eq!(parse_stamp(&stamp(at(seconds))), Some(at(seconds)));
        }

        #[test]
        fn milliseconds_read_back(ms in any::<i32>()) {
            let millis = Millis(i64::from(ms));
            prop_assert_eq!(Millis::from(SystemTime::from(millis)), millis);
        }
    }
}
