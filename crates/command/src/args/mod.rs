//! The arguments of one call: values by option name, and their way into Rust types.

mod convert;
mod duration;
mod from_option;
mod line;
mod link;
mod slash;
mod types;
mod words;

pub use self::duration::{parse_duration, show_duration};
pub use self::from_option::FromOption;
pub use self::types::{Attachment, Channel, Member, Mentionable, Message, Role, User, Value};

pub(crate) use self::convert::Known;
pub(crate) use self::duration::suggestions as duration_suggestions;
pub(crate) use self::line::parse_line;
pub(crate) use self::slash::{focused, menu_target, parse_options};
pub(crate) use self::words::Words;

use crate::failure::Failure;
use crate::spec::Spec;

/// The values given in one call. Options that were left out are absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args {
    values: Vec<(String, Value)>,
}

impl Args {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value, replacing an earlier one of that name.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        let name = name.into();
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value));
    }

    /// The value given for an option.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Takes the value of an option as a Rust type.
    ///
    /// # Errors
    /// [`Failure::MissingArgument`] when it is required and absent, [`Failure::BadArgument`] when
    /// it is of another kind or does not fit the type.
    pub fn take<T: FromOption>(&mut self, name: &str) -> Result<T, Failure> {
        let place = self.values.iter().position(|(known, _)| known == name);
        let value = place.map(|place| self.values.swap_remove(place).1);
        T::from_option(name, value)
    }
}

/// The arguments, if no required one is missing.
fn complete(spec: &Spec, args: Args) -> Result<Args, Failure> {
    let missing = spec.options.iter().find(|option| option.required && args.get(&option.name).is_none());
    missing.map_or(Ok(args), |option| Err(Failure::MissingArgument { option: option.name.clone() }))
}
