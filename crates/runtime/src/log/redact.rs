//! Takes secrets out of whatever is logged, wherever they came from.

use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

use cogwright_config::Secret;
use tracing_subscriber::fmt::MakeWriter;

/// What stands where a secret stood.
const INSTEAD: &str = "[redacted]";

/// Shorter values are no secrets, and taking them out would garble every line.
const SHORTEST: usize = 8;

/// The secrets of this process. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<RwLock<Vec<Secret>>>);

impl Secrets {
    pub(crate) fn add(&self, secret: &Secret) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if secret.expose().len() >= SHORTEST && !known.contains(secret) {
            known.push(secret.clone());
        }
    }

    /// Takes them out of what `inner` is given to write.
    pub(crate) fn redacting<M>(&self, inner: M) -> Redacting<M> {
        Redacting { inner, secrets: self.clone() }
    }

    /// The text without secrets.
    pub(crate) fn clean(&self, text: String) -> String {
        self.taken_out(&text).unwrap_or(text)
    }

    /// The text without secrets; `None` when it holds none.
    fn taken_out(&self, text: &str) -> Option<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut held = known.iter().filter(|secret| text.contains(secret.expose())).peekable();
        held.peek()?;
        Some(held.fold(text.to_owned(), |text, secret| text.replace(secret.expose(), INSTEAD)))
    }
}

/// Makes writers that take secrets out of what passes. The log writes a line at a time, so a secret
/// is never cut in two.
#[derive(Clone)]
pub(crate) struct Redacting<M> {
    inner: M,
    secrets: Secrets,
}

pub(crate) struct RedactingWriter<W> {
    inner: W,
    secrets: Secrets,
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Redacting<M> {
    type Writer = RedactingWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter { inner: self.inner.make_writer(), secrets: self.secrets.clone() }
    }
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(line).ok().and_then(|text| self.secrets.taken_out(text)) {
            Some(text) => self.inner.write_all(text.as_bytes())?,
            None => self.inner.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_and_nothing_else() {
        let secrets = Secrets::default();
        secrets.add(&Secret::new("MTIz.abc.def"));
        secrets.add(&Secret::new("short"));
        let mut writer = RedactingWriter { inner: Vec::new(), secrets };
        writer.write_all(b"Bot MTIz.abc.def, twice MTIz.abc.def, short\n").unwrap();
        writer.write_all(b"nothing\n").unwrap();
        assert_eq!(
            String::from_utf8(writer.inner).unwrap(),
            "Bot [redacted], twice [redacted], short\nnothing\n"
        );
    }
}
