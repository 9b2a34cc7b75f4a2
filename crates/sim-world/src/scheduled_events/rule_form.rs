//! Reads a recurrence rule with the limitations that Discord documents. The inner codes of what it refuses are not
//! documented; these are a choice. See Discord docs: Guild Scheduled Event / Guild Scheduled Event Recurrence Rule
//! Object, System limitations.

use serde_json::Value;

use crate::{Frequency, RecurrenceRule, RecursOn, body::Form};

/// Sets of weekdays on which an event can take place daily, from Monday, 0.
const DAILY_SETS: [&[u8]; 6] =
    [&[0, 1, 2, 3, 4], &[1, 2, 3, 4, 5], &[0, 1, 2, 3, 6], &[4, 5], &[5, 6], &[0, 6]];

/// Days of each month in a leap year.
const LONGEST: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const INVALID: &str = "GUILD_SCHEDULED_EVENT_RECURRENCE_RULE_INVALID";

/// Reads a rule; `None` if something is wrong with it.
pub(super) fn read(form: Form<'_>) -> Option<RecurrenceRule> {
    for key in ["start", "frequency"] {
        if form.get(key).is_none() {
            form.missing(key);
        }
    }
    for key in ["end", "count", "by_year_day"] {
        if form.get(key).is_some() {
            form.error(key, INVALID, "This field cannot be set yet.");
        }
    }
    let frequency = match form.integer("frequency", i64::MIN, i64::MAX) {
        Some(0) => Some(Frequency::Yearly),
        Some(1) => Some(Frequency::Monthly),
        Some(2) => Some(Frequency::Weekly),
        Some(3) => Some(Frequency::Daily),
        Some(_) => {
            form.error("frequency", "BASE_TYPE_CHOICES", "Value must be one of (0, 1, 2, 3).");
            None
        }
        None => None,
    };
    let start = form.moment("start");
    let days = Days::read(form);
    let frequency = frequency?;
    let most = if frequency == Frequency::Weekly { 2 } else { 1 };
    let interval = form.integer("interval", 1, most).map_or(1, |n| u8::try_from(n).unwrap_or(1));
    let on = days.on(form, frequency)?;
    Some(RecurrenceRule { start: start?, frequency, interval, on })
}

/// The keys that name days; none for a key that is absent, null or empty.
struct Days {
    weekday: Vec<u8>,
    nth: Vec<(u8, u8)>,
    month: Vec<i64>,
    month_day: Vec<i64>,
}

impl Days {
    fn read(form: Form<'_>) -> Self {
        let small = |n: i64| u8::try_from(n).unwrap_or(0);
        Self {
            weekday: numbers(form, "by_weekday", 7, 0, 6).into_iter().map(small).collect(),
            nth: nth_weekdays(form),
            month: numbers(form, "by_month", 12, 1, 12),
            month_day: numbers(form, "by_month_day", 33, -1, 31),
        }
    }

    /// The days, if they may be combined with each other and the frequency.
    fn on(&self, form: Form<'_>, frequency: Frequency) -> Option<RecursOn> {
        let wrong = |key: &str, message: &str| {
            form.error(key, INVALID, message);
            None
        };
        let dated = !self.month.is_empty() || !self.month_day.is_empty();
        let given = [
            ("by_weekday", !self.weekday.is_empty()),
            ("by_n_weekday", !self.nth.is_empty()),
            ("by_month", dated),
        ];
        let mut given = given.into_iter().filter(|(_, given)| *given).map(|(key, _)| key);
        let Some(first) = given.next() else { return Some(RecursOn::Start) };
        if let Some(second) = given.next() {
            return wrong(second, &format!("Cannot be combined with {first}."));
        }
        match (first, frequency) {
            ("by_weekday", Frequency::Daily) => {
                let mut sorted = self.weekday.clone();
                sorted.sort_unstable();
                if !DAILY_SETS.contains(&sorted.as_slice()) {
                    return wrong(first, "Not one of the sets of weekdays of a daily event.");
                }
                Some(RecursOn::Weekdays(self.weekday.clone()))
            }
            ("by_weekday", Frequency::Weekly) => match self.weekday[..] {
                [day] => Some(RecursOn::Weekdays(vec![day])),
                _ => wrong(first, "A weekly event takes one weekday."),
            },
            ("by_n_weekday", Frequency::Monthly) => match self.nth[..] {
                [(n, day)] => Some(RecursOn::NthWeekday { n, day }),
                _ => wrong(first, "A monthly event takes one weekday."),
            },
            ("by_month", Frequency::Yearly) => match (&self.month[..], &self.month_day[..]) {
                ([month], [day]) => date(*month, *day).or_else(|| wrong("by_month_day", "No such date.")),
                _ => wrong(first, "A yearly event takes one month and one day of it."),
            },
            _ => wrong(first, "Not for events of this frequency."),
        }
    }
}

/// A date that there is at least in leap years.
fn date(month: i64, day: i64) -> Option<RecursOn> {
    let longest = LONGEST.get(usize::try_from(month - 1).ok()?)?;
    let fits = day == -1 || (1..=*longest).contains(&day);
    let (month, day) = (u8::try_from(month).ok()?, i8::try_from(day).ok()?);
    fits.then_some(RecursOn::Date { month, day })
}

/// A list of different whole numbers.
fn numbers(form: Form<'_>, key: &str, count: usize, min: i64, max: i64) -> Vec<i64> {
    if form.get(key).is_none() {
        return Vec::new();
    }
    let list = form.list(key, count).map_or(&[][..], Vec::as_slice);
    let mut numbers = Vec::new();
    for (index, value) in list.iter().take(count).enumerate() {
        match value.as_i64().filter(|n| (min..=max).contains(n) && !numbers.contains(n)) {
            Some(number) => numbers.push(number),
            None => {
                let message = format!("Must be a whole number from {min} to {max}, each once.");
                form.error(format_args!("{key}.{index}"), "BASE_TYPE_CHOICES", message);
            }
        }
    }
    numbers
}

fn nth_weekdays(form: Form<'_>) -> Vec<(u8, u8)> {
    let key = "by_n_weekday";
    if form.get(key).is_none() {
        return Vec::new();
    }
    let list = form.list(key, 7).map_or(&[][..], Vec::as_slice);
    let read = |(index, value): (usize, &Value)| {
        let path = form.at(format_args!("{key}.{index}"));
        let inner = Form::new(value, &path, form.errors())?;
        for key in ["n", "day"] {
            if inner.get(key).is_none() {
                inner.missing(key);
            }
        }
        let small = |n: i64| u8::try_from(n).ok();
        Some((small(inner.integer("n", 1, 5)?)?, small(inner.integer("day", 0, 6)?)?))
    };
    list.iter().take(7).enumerate().filter_map(read).collect()
}
