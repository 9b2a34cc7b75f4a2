//! Where raw settings come from.

/// Raw settings by name. A trait, so that reading them is tested without touching the
/// environment of the process.
pub trait Environment {
    /// The value of `name`, and where it stands ("the environment", "the file .env").
    fn get(&self, name: &str) -> Option<(String, String)>;

    /// The places that are looked at, for the message about something missing.
    fn places(&self) -> String;
}

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn get(&self, name: &str) -> Option<(String, String)> {
        // A value that is not Unicode is of no use to any setting; it counts as not set.
        let value = std::env::var(name).ok()?;
        Some((value, self.places()))
    }

    fn places(&self) -> String {
        "the environment".to_owned()
    }
}

/// Two sources; the first wins. An empty value counts as not set, so that `NAME=` in the
/// first does not hide what the second says.
#[derive(Clone, Debug)]
pub struct Layered<A, B>(pub A, pub B);

impl<A: Environment, B: Environment> Environment for Layered<A, B> {
    fn get(&self, name: &str) -> Option<(String, String)> {
        let filled = |found: &(String, String)| !found.0.trim().is_empty();
        self.0.get(name).filter(filled).or_else(|| self.1.get(name).filter(filled))
    }

    fn places(&self) -> String {
        format!("{} or {}", self.1.places(), self.0.places())
    }
}
