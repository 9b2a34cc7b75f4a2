//! Where environment variables come from.

/// Environment variables by name. A trait, so that reading them is tested without touching the environment
/// of the process.
pub trait Environment {
    /// The value of `name`.
    fn get(&self, name: &str) -> Option<String>;
}

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn get(&self, name: &str) -> Option<String> {
        // A value that is not Unicode is of no use to any setting; it counts as not set.
        std::env::var(name).ok()
    }
}
