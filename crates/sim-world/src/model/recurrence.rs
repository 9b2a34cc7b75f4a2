//! When a recurring event takes place: a recurrence rule as far as Discord takes them, in UTC. See Discord docs: Guild
//! Scheduled Event / Guild Scheduled Event Recurrence Rule Object.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    time::{civil_from_days, days_from_civil},
};

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;
/// Days in which the next occurrence is looked for: 29 February may be eight years away.
const HORIZON: u64 = 8 * 366;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are Discord's own")]
pub enum Frequency {
    Yearly = 0,
    Monthly = 1,
    Weekly = 2,
    Daily = 3,
}

/// On which days; weekdays count from Monday, 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecursOn {
    /// Those that the start suggests: each day, its weekday, its day of the month, its date.
    Start,
    /// These weekdays, in the order in which they were given.
    Weekdays(Vec<u8>),
    /// A weekday of the month: the first to fourth, or with 5 the last.
    NthWeekday {
        /// Which one.
        n: u8,
        /// The weekday.
        day: u8,
    },
    /// A date; day -1 is the month's last.
    Date {
        /// 1 to 12.
        month: u8,
        /// 1 to 31, or -1.
        day: i8,
    },
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurrenceRule {
    /// From when on; its time of day is that of every occurrence.
    pub start: Timestamp,
    /// How often.
    pub frequency: Frequency,
    /// Every so many weeks: 1 or 2; 1 for the other frequencies.
    pub interval: u8,
    /// On which days.
    pub on: RecursOn,
}

/// The weekday of a day since 1970, a Thursday.
fn weekday(day: i64) -> u8 {
    (day + 3).rem_euclid(7) as u8
}

/// The week of a day since 1970; weeks begin on Monday.
fn week(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// Days of a month.
fn month_length(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_from_civil(next_year, next, 1) - days_from_civil(year, month, 1)
}

impl RecurrenceRule {
    /// The first occurrence after a moment; `None` if there is none within eight years.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        let time_of_day = self.start.ms() % DAY;
        let from = self.start.max(after).ms() / DAY;
        let at = |day: u64| Timestamp::from_ms(day.saturating_mul(DAY).saturating_add(time_of_day));
        let fits = |day: &u64| at(*day) > after && at(*day) >= self.start && self.falls_on(*day as i64);
        (from..=from.saturating_add(HORIZON)).find(fits).map(at)
    }

    /// Whether it takes place at exactly this moment.
    pub fn has(&self, at: Timestamp) -> bool {
        at >= self.start && at.ms() % DAY == self.start.ms() % DAY && self.falls_on((at.ms() / DAY) as i64)
    }

    fn falls_on(&self, day: i64) -> bool {
        let start = (self.start.ms() / DAY) as i64;
        let (year, month, date) = civil_from_days(day);
        let (_, first_month, first_date) = civil_from_days(start);
        let in_step = match self.frequency {
            Frequency::Weekly => (week(day) - week(start)) % i64::from(self.interval.max(1)) == 0,
            _ => true,
        };
        in_step
            && match (&self.on, self.frequency) {
                (RecursOn::Start, Frequency::Daily) => true,
                (RecursOn::Start, Frequency::Weekly) => weekday(day) == weekday(start),
                (RecursOn::Start, Frequency::Monthly) => date == first_date,
                (RecursOn::Start, Frequency::Yearly) => (month, date) == (first_month, first_date),
                (RecursOn::Weekdays(days), _) => days.contains(&weekday(day)),
                (RecursOn::NthWeekday { n, day: wanted }, _) => {
                    let nth = if *n == 5 {
                        date + 7 > month_length(year, month)
                    } else {
                        (date - 1) / 7 + 1 == i64::from(*n)
                    };
                    nth && weekday(day) == *wanted
                }
                (RecursOn::Date { month: wanted, day }, _) => {
                    let on = if *day < 0 { month_length(year, month) } else { i64::from(*day) };
                    (month, date) == (i64::from(*wanted), on)
                }
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).expect("a moment")
    }

    /// The days of the first occurrences after the start.
    fn days(start: &str, frequency: Frequency, interval: u8, on: RecursOn, count: usize) -> Vec<String> {
        let rule = RecurrenceRule { start: at(start), frequency, interval, on };
        let mut last = Timestamp::from_ms(rule.start.ms() - 1);
        let mut found = Vec::new();
        for _ in 0..count {
            last = rule.next_after(last).expect("there is always a next one");
            assert!(rule.has(last), "{last:?}");
            assert!(!rule.has(Timestamp::from_ms(last.ms() + 1)));
            found.push(last.iso()[..16].to_owned());
        }
        found
    }

    #[test]
    fn weekdays_and_every_other_week() {
        let work = RecursOn::Weekdays(vec![0, 1, 2, 3, 4]);
        // 2026-10-15 is a Thursday.
        let found = days("2026-10-15T18:30:00Z", Frequency::Daily, 1, work, 4);
        assert_eq!(found, ["2026-10-15T18:30", "2026-10-16T18:30", "2026-10-19T18:30", "2026-10-20T18:30"]);
        let found = days("2026-10-15T18:30:00Z", Frequency::Weekly, 2, RecursOn::Weekdays(vec![2]), 2);
        assert_eq!(found, ["2026-10-28T18:30", "2026-11-11T18:30"], "Wednesday of the start's week is over");
        let found = days("2026-10-15T00:00:00Z", Frequency::Weekly, 1, RecursOn::Start, 2);
        assert_eq!(found, ["2026-10-15T00:00", "2026-10-22T00:00"]);
        let found = days("2026-10-15T00:00:00Z", Frequency::Daily, 1, RecursOn::Start, 2);
        assert_eq!(found, ["2026-10-15T00:00", "2026-10-16T00:00"]);
    }

    #[test]
    fn months_and_years() {
        let fourth = RecursOn::NthWeekday { n: 4, day: 2 };
        let found = days("2026-10-01T12:00:00Z", Frequency::Monthly, 1, fourth, 3);
        assert_eq!(found, ["2026-10-28T12:00", "2026-11-25T12:00", "2026-12-23T12:00"]);
        let last = RecursOn::NthWeekday { n: 5, day: 4 };
        let found = days("2026-11-01T12:00:00Z", Frequency::Monthly, 1, last, 3);
        assert_eq!(found, ["2026-11-27T12:00", "2026-12-25T12:00", "2027-01-29T12:00"]);
        let found = days("2026-08-31T12:00:00Z", Frequency::Monthly, 1, RecursOn::Start, 3);
        assert_eq!(found, ["2026-08-31T12:00", "2026-10-31T12:00", "2026-12-31T12:00"]);
        let leap = RecursOn::Date { month: 2, day: 29 };
        let found = days("2096-03-01T12:00:00Z", Frequency::Yearly, 1, leap, 1);
        assert_eq!(found, ["2104-02-29T12:00"], "2100 is no leap year");
        let end = RecursOn::Date { month: 2, day: -1 };
        let found = days("2027-03-01T12:00:00Z", Frequency::Yearly, 1, end, 2);
        assert_eq!(found, ["2028-02-29T12:00", "2029-02-28T12:00"]);
        let found = days("2026-07-24T12:00:00Z", Frequency::Yearly, 1, RecursOn::Start, 2);
        assert_eq!(found, ["2026-07-24T12:00", "2027-07-24T12:00"]);
    }

    #[test]
    fn the_next_one_is_never_before_the_start_nor_at_the_moment_asked_about() {
        let start = at("2026-10-15T18:30:00Z");
        let rule = RecurrenceRule { start, frequency: Frequency::Daily, interval: 1, on: RecursOn::Start };
        assert_eq!(rule.next_after(at("2020-01-01T00:00:00Z")), Some(start));
        assert_eq!(rule.next_after(start), Some(at("2026-10-16T18:30:00Z")));
        assert!(!rule.has(at("2026-10-14T18:30:00Z")), "before it begins");
    }
}
