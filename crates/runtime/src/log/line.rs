//! A log line for people: `[time] [LEVEL   ] subsystem: message key=value {command command=ping ..}`.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::level::{CRITICAL, name, subsystem};

/// Writes events as lines. Time is UTC, so that lines of several machines can be laid side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line;

/// Writes fields as `key=value`. Control characters are escaped: a guild's name cannot forge a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let (on, off) = if writer.has_ansi_escapes() { colour(*metadata.level()) } else { ("", "") };
        writer.write_char('[')?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, "] [{on}{:<8}{off}] {}:", name(metadata), subsystem(metadata.target()))?;
        context.format_fields(writer.by_ref(), event)?;
        for span in context.event_scope().into_iter().flat_map(tracing_subscriber::registry::Scope::from_root)
        {
            write!(writer, " {{{}", span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                writer.write_str(fields)?;
            }
            writer.write_char('}')?;
        }
        writeln!(writer)
    }
}

fn colour(level: Level) -> (&'static str, &'static str) {
    let on = match level {
        Level::ERROR => "\x1b[31m",
        Level::WARN => "\x1b[33m",
        Level::INFO => "\x1b[32m",
        _ => "\x1b[2m",
    };
    (on, "\x1b[0m")
}

impl<'writer> FormatFields<'writer> for Plain {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut pairs = Pairs { writer, result: Ok(()) };
        fields.record(&mut pairs);
        pairs.result
    }
}

struct Pairs<'writer> {
    writer: Writer<'writer>,
    result: fmt::Result,
}

impl Pairs<'_> {
    fn pair(&mut self, field: &Field, value: &str) {
        if self.result.is_err() || field.name() == CRITICAL {
            return;
        }
        self.result = if field.name() == "message" {
            write!(self.writer, " {}", Escaped(value))
        } else if value.is_empty() || value.contains([' ', '"', '=']) {
            write!(self.writer, " {}=\"{}\"", field.name(), Escaped(value))
        } else {
            write!(self.writer, " {}={}", field.name(), Escaped(value))
        };
    }
}

impl Visit for Pairs<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.pair(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.pair(field, &format!("{value:?}"));
    }
}

/// Text without anything that could end a line or turn it around.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                // Directional marks, isolates and line separators: Unicode 9.1, UAX 9.
                '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    write!(f, "{}", c.escape_unicode())?;
                }
                c if c.is_control() => write!(f, "{}", c.escape_default())?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_ends_or_turns_a_line() {
        let hostile = "a\n[x] \r\t\u{202e}b\u{1b}[31m\u{2028}ü日";
        assert_eq!(Escaped(hostile).to_string(), "a\\n[x] \\r\\t\\u{202e}b\\u{1b}[31m\\u{2028}ü日");
    }
}
