//! Spans of time as people write them: `90s`, `1h30m`, `2d`, `1 hour 30 minutes`.

use std::time::Duration;

use crate::spec::{Choice, OptionSpec};

/// Longest span that is understood: 100 years. What is longer is a slip.
const MAX_SECONDS: u64 = 100 * 365 * DAY;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// Units with their names; the first is the one that is shown.
const UNITS: [(u64, &[&str]); 5] = [
    (WEEK, &["w", "week", "weeks"]),
    (DAY, &["d", "day", "days"]),
    (HOUR, &["h", "hr", "hrs", "hour", "hours"]),
    (MINUTE, &["m", "min", "mins", "minute", "minutes"]),
    (1, &["s", "sec", "secs", "second", "seconds"]),
];

/// Reads a span of time: whole numbers, each with its unit from seconds to weeks, the larger
/// unit first, each unit once. `None` for anything else; a number alone has no unit and is none.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = 0_u64;
    let mut below = u64::MAX;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let after = rest[digits..].trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let name = after[..end].to_ascii_lowercase();
        let (unit, _) = UNITS.iter().find(|(_, names)| names.contains(&name.as_str()))?;
        // "1m 1h" is more likely a slip than a span.
        if *unit >= below {
            return None;
        }
        below = *unit;
        total = number.checked_mul(*unit).and_then(|part| total.checked_add(part))?;
        rest = after[end..].trim_start_matches([' ', ',']);
    }
    (total <= MAX_SECONDS).then(|| Duration::from_secs(total))
}

/// Writes a span so that [`parse_duration`] reads it: `1h 30m`. Parts of a second are left out.
pub fn show_duration(span: Duration) -> String {
    let mut left = span.as_secs();
    let mut parts = Vec::new();
    for (unit, names) in UNITS {
        if left >= unit {
            parts.push(format!("{}{}", left / unit, names[0]));
            left %= unit;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// Whether a span keeps the limits of its option, which are in seconds.
pub(crate) fn in_limits(option: &OptionSpec, span: Duration) -> bool {
    let seconds = span.as_secs_f64();
    option.min.is_none_or(|min| seconds >= min) && option.max.is_none_or(|max| seconds <= max)
}

/// What somebody who types `text` may mean: the span itself, or the number in each unit.
pub(crate) fn suggestions(option: &OptionSpec, text: &str) -> Vec<Choice> {
    let text = text.trim();
    let read = match parse_duration(text) {
        Some(span) => vec![span],
        // "1h 30" is on its way to something.
        None => {
            ["m", "h", "d", "s"].iter().filter_map(|unit| parse_duration(&format!("{text}{unit}"))).collect()
        }
    };
    let usual = || [60, 5 * MINUTE, HOUR, DAY, WEEK].map(Duration::from_secs).to_vec();
    let spans = if text.is_empty() { usual() } else { read };
    spans
        .into_iter()
        .filter(|span| in_limits(option, *span))
        .map(|span| Choice::same(show_duration(span)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::OptionKind;

    #[test]
    fn spans_are_read() {
        for (text, seconds) in [
            ("90s", 90),
            ("1h30m", 5_400),
            ("2d", 172_800),
            ("1 hour, 30 minutes", 5_400),
            ("1W 2d 3H 4min 5sec", 788_645),
            ("0s", 0),
        ] {
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for bad in [
            "",
            "90",
            "h",
            "1.5h",
            "-1h",
            "1h 1h",
            "1m 1h",
            "1x",
            "1h30",
            "٣h",
            "99999999999999999999s",
            "101 years",
            "9999999w",
        ] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for seconds in [0, 1, 59, 60, 3_661, 788_645, MAX_SECONDS] {
            let span = Duration::from_secs(seconds);
            assert_eq!(parse_duration(&show_duration(span)), Some(span));
        }
        assert_eq!(show_duration(Duration::from_millis(5_400_900)), "1h 30m");
    }

    #[test]
    fn suggestions_keep_the_limits() {
        let option = OptionSpec::new(OptionKind::Duration, "x", "x").min(60.0).max(86_400.0);
        let names =
            |text: &str| suggestions(&option, text).into_iter().map(|choice| choice.name).collect::<Vec<_>>();
        assert_eq!(names("5"), ["5m", "5h"]);
        assert_eq!(names("90m"), ["1h 30m"]);
        assert_eq!(names(""), ["1m", "5m", "1h", "1d"]);
        assert_eq!(names("x"), [""; 0]);
    }
}
