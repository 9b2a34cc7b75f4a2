//! World time: milliseconds since the Unix epoch, and how Discord writes them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds between the Unix epoch and Discord's (2015-01-01). See Discord docs: Reference / Snowflakes.
pub const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// A moment of world time in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment `ms` milliseconds after the Unix epoch.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// This moment plus `duration`, saturating.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_millis() as u64))
    }

    /// How long after `earlier` this moment is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// ISO 8601 with six fractional digits and `+00:00`, as Discord writes it. Some clients (twilight) refuse
    /// three digits.
    pub fn iso(self) -> String {
        let (days, ms_of_day) = (self.0 / 86_400_000, self.0 % 86_400_000);
        let (year, month, day) = civil_from_days(days as i64);
        let (h, m) = (ms_of_day / 3_600_000, ms_of_day / 60_000 % 60);
        let (s, ms) = (ms_of_day / 1000 % 60, ms_of_day % 1000);
        // Without `format!`: every message holds several of these, and they were a tenth of its cost.
        let mut text = *b"0000-00-00T00:00:00.000000+00:00";
        for (number, place) in [
            (year.unsigned_abs() % 10_000, 0..4),
            (month.unsigned_abs(), 5..7),
            (day.unsigned_abs(), 8..10),
            (h, 11..13),
            (m, 14..16),
            (s, 17..19),
            (ms, 20..23),
        ] {
            let mut left = number;
            for digit in text[place].iter_mut().rev() {
                *digit = b'0' + (left % 10) as u8;
                left /= 10;
            }
        }
        let mut iso = String::from_utf8_lossy(&text).into_owned();
        if year > 9999 {
            iso.insert_str(0, &(year / 10_000).to_string());
        }
        iso
    }

    /// Reads an ISO 8601 date and time with optional fraction and an offset of `Z` or `±hh:mm`.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !text.is_ascii() || bytes.len() < 19 || bytes[4] != b'-' || bytes[7] != b'-' || bytes[13] != b':' {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (h, m, s) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || h > 23 || m > 59 || s > 60 {
            return None;
        }
        let mut rest = &text[19..];
        let mut ms = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let digits = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            ms = format!("{:0<3}", &fraction[..digits.min(3)]).parse().ok()?;
            rest = &fraction[digits..];
        }
        let offset_min = match rest {
            "" | "Z" | "z" => 0,
            _ if rest.len() == 6 => {
                let sign = if rest.starts_with('-') { -1 } else { 1 };
                sign * (rest.get(1..3)?.parse::<i64>().ok()? * 60 + rest.get(4..6)?.parse::<i64>().ok()?)
            }
            _ => return None,
        };
        let seconds = days_from_civil(year, month, day) * 86_400 + h * 3600 + m * 60 + s - offset_min * 60;
        u64::try_from(seconds * 1000 + ms).ok().map(Self)
    }
}

/// Days since 1970-01-01 to a Gregorian date (Howard Hinnant's published algorithm, in our words).
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil_from_days`].
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_round_trip() {
        let t = Timestamp::from_ms(1_792_000_123_456);
        assert_eq!(t.iso(), "2026-10-14T17:48:43.456000+00:00");
        assert_eq!(Timestamp::parse_iso(&t.iso()), Some(t));
        assert_eq!(Timestamp::parse_iso("2024-02-29T00:00:00Z").map(Timestamp::ms), Some(1_709_164_800_000));
        assert_eq!(
            Timestamp::parse_iso("2024-02-29T02:00:00+02:00").map(Timestamp::ms),
            Some(1_709_164_800_000)
        );
        assert_eq!(Timestamp::parse_iso("yesterday"), None);
    }

    #[test]
    fn every_part_is_written_with_all_its_digits() {
        let iso = |ms| Timestamp::from_ms(ms).iso();
        assert_eq!(iso(0), "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(iso(1_078_056_009_007), "2004-02-29T12:00:09.007000+00:00");
        assert_eq!(iso(253_402_300_799_999), "9999-12-31T23:59:59.999000+00:00");
        assert_eq!(iso(253_402_300_800_000), "10000-01-01T00:00:00.000000+00:00");
    }
}
