//! What an operator sees of the running bot.

use std::net::SocketAddr;

use serde::Deserialize;

use crate::secret::Secret;

/// How much is logged, and for how long it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logging {
    /// The least severe level that is logged.
    pub level: Level,
    /// Bytes at which a file is put aside, at least 1,024.
    pub max_bytes: u64,
    /// How many files that were put aside are kept, at most 50.
    pub backup_count: u32,
    /// Days that they are kept.
    pub days: u32,
    /// Whether lines are JSON.
    pub json: bool,
    /// COGWRIGHT_LOG: a level or a filter in the syntax of `tracing`, instead of `level`.
    pub filter: Option<String>,
}

/// The specification's levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "their names say it")]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl Level {
    /// Its name, as config.json writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

/// The health listener.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Where it listens; `None` is off.
    pub listen: Option<SocketAddr>,
}

/// Traces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// The collector, http or https, without user information, query and fragment; `None` is off.
    pub otlp: Option<String>,
    /// COGWRIGHT_OTLP_HEADERS, as it was written.
    pub headers: Option<Secret>,
}

impl Telemetry {
    /// The headers for the collector: names in small letters, and values.
    pub fn headers(&self) -> Vec<(String, Secret)> {
        let text = self.headers.as_ref().map_or("", Secret::expose);
        headers(text).unwrap_or_default()
    }
}

/// Reads `name=value,name=value` with percent-encoded values, as OpenTelemetry's OTLP Exporter Configuration writes
/// headers; `None` when that is not what it is.
pub(crate) fn headers(text: &str) -> Option<Vec<(String, Secret)>> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let (name, value) = (name.trim().to_ascii_lowercase(), decoded(value.trim())?);
            // See RFC 9110, 5.1 and 5.5; only what every server takes.
            let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
            let good = !name.is_empty() && name.bytes().all(fits) && !value.is_empty();
            good.then(|| (name, Secret::from(value)))
        })
        .collect()
}

/// The text without percent-encoding, when it is printable ASCII.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut value = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        value.push(char::from(u8::from_str_radix(code, 16).ok()?));
        value.push_str(rest);
    }
    value.chars().all(|c| c == ' ' || c.is_ascii_graphic()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_or_refused() {
        let read = |text: &str| {
            let pairs = headers(text)?;
            Some(pairs.iter().map(|(name, value)| format!("{name}: {}", value.expose())).collect::<Vec<_>>())
        };
        assert_eq!(read("Api-Key=a%2Cb, x-team=bots==,").unwrap(), ["api-key: a,b", "x-team: bots=="]);
        for bad in ["key", "=value", "key=", "a b=c", "k=%2", "k=%zz", "k=%0A", "k=ü", "k=%C3%BC", "k\nx=v"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
