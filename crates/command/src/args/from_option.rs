//! Rust types as parameters: which kind of option a type is, and how it is made from a value.

use std::time::Duration;

use super::{Attachment, Channel, Member, Mentionable, Message, Role, User, Value};
use crate::failure::{BadArgument, Failure};
use crate::spec::{OptionKind, OptionSpec};

/// A type that can be a parameter of a command.
///
/// A type of one's own checks what it takes in [`from_value`](Self::from_value): it runs with the other checks of
/// arguments, ahead of what costs the invoker something, and again for the body.
///
/// `Option<T>` makes any of them optional; `#[derive(Choice)]` implements it for an enum of
/// choices.
pub trait FromOption: Sized {
    /// The kind of option it is.
    const KIND: OptionKind;

    /// Whether the command cannot run without it.
    const REQUIRED: bool = true;

    /// Adds what follows from the type: limits of a number, the choices of an enum.
    fn shape(option: OptionSpec) -> OptionSpec {
        option
    }

    /// Makes it from a value of its kind.
    ///
    /// # Errors
    /// Why the value does not fit the type.
    fn from_value(value: Value) -> Result<Self, BadArgument>;

    /// Makes it from what was given for the option `name`, if anything was.
    ///
    /// # Errors
    /// [`Failure::MissingArgument`] or [`Failure::BadArgument`].
    fn from_option(name: &str, value: Option<Value>) -> Result<Self, Failure> {
        let value = value.ok_or_else(|| Failure::MissingArgument { option: name.to_owned() })?;
        Self::from_value(value).map_err(|reason| Failure::BadArgument {
            option: name.to_owned(),
            given: None,
            reason,
        })
    }

    /// The parameter of this type.
    fn option(name: &str, description: &str) -> OptionSpec {
        let accepts: fn(Value) -> Result<(), BadArgument> = |value| Self::from_value(value).map(drop);
        let option = OptionSpec::new(Self::KIND, name, description).accepts(accepts);
        Self::shape(if Self::REQUIRED { option } else { option.optional() })
    }
}

impl<T: FromOption> FromOption for Option<T> {
    const KIND: OptionKind = T::KIND;
    const REQUIRED: bool = false;

    fn shape(option: OptionSpec) -> OptionSpec {
        T::shape(option)
    }

    fn from_value(value: Value) -> Result<Self, BadArgument> {
        T::from_value(value).map(Some)
    }

    fn from_option(name: &str, value: Option<Value>) -> Result<Self, Failure> {
        value.map(|value| T::from_option(name, Some(value))).transpose()
    }
}

macro_rules! plain {
    ($($kind:ident => $type:ty),* $(,)?) => {$(
        impl FromOption for $type {
            const KIND: OptionKind = OptionKind::$kind;

            fn from_value(value: Value) -> Result<Self, BadArgument> {
                match value {
                    Value::$kind(value) => Ok(value),
                    _ => Err(BadArgument::WrongKind(OptionKind::$kind)),
                }
            }
        }
    )*};
}

plain! {
    String => String,
    Number => f64,
    Boolean => bool,
    User => User,
    Role => Role,
    Channel => Channel,
    Mentionable => Mentionable,
    Attachment => Attachment,
    Duration => Duration,
}

impl FromOption for Message {
    const KIND: OptionKind = OptionKind::Message;

    fn from_value(value: Value) -> Result<Self, BadArgument> {
        match value {
            Value::Message(message) => Ok(*message),
            _ => Err(BadArgument::WrongKind(OptionKind::Message)),
        }
    }
}

impl FromOption for Member {
    const KIND: OptionKind = OptionKind::User;

    fn from_value(value: Value) -> Result<Self, BadArgument> {
        match value {
            Value::User(user) => match user.roles.clone() {
                Some(roles) => Ok(Self { user, roles }),
                None => Err(BadArgument::NotAMember),
            },
            _ => Err(BadArgument::WrongKind(OptionKind::User)),
        }
    }
}

/// Several values: the option is variadic. Without `Option` around it there is at least one.
impl<T: FromOption> FromOption for Vec<T> {
    const KIND: OptionKind = T::KIND;

    fn shape(option: OptionSpec) -> OptionSpec {
        T::shape(option).variadic()
    }

    fn from_value(value: Value) -> Result<Self, BadArgument> {
        match value {
            Value::List(values) => values.into_iter().map(T::from_value).collect(),
            one => T::from_value(one).map(|one| vec![one]),
        }
    }
}

macro_rules! integers {
    ($($type:ty: $min:expr, $max:expr);* $(;)?) => {$(
        impl FromOption for $type {
            const KIND: OptionKind = OptionKind::Integer;

            fn shape(option: OptionSpec) -> OptionSpec {
                option.min($min).max($max)
            }

            fn from_value(value: Value) -> Result<Self, BadArgument> {
                match value {
                    Value::Integer(value) => Self::try_from(value).map_err(|_| BadArgument::OutOfRange {
                        min: Some($min),
                        max: Some($max),
                    }),
                    _ => Err(BadArgument::WrongKind(OptionKind::Integer)),
                }
            }
        }
    )*};
}

const MAX: f64 = crate::spec::MAX_NUMBER;

integers! {
    u8: 0.0, f64::from(u8::MAX);
    u16: 0.0, f64::from(u16::MAX);
    u32: 0.0, f64::from(u32::MAX);
    u64: 0.0, MAX;
    usize: 0.0, MAX;
    i8: f64::from(i8::MIN), f64::from(i8::MAX);
    i16: f64::from(i16::MIN), f64::from(i16::MAX);
    i32: f64::from(i32::MIN), f64::from(i32::MAX);
    i64: -MAX, MAX;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;

    #[test]
    fn types_carry_their_limits() {
        let option = u8::option("n", "A number");
        assert_eq!((option.kind, option.min, option.max), (OptionKind::Integer, Some(0.0), Some(255.0)));
        assert!(option.required);
        assert!(!Option::<u8>::option("n", "A number").required);
    }

    #[test]
    fn values_become_types() {
        let mut args = Args::new();
        args.set("a", Value::Integer(7));
        args.set("b", Value::Integer(300));
        args.set("c", Value::String("x".into()));
        assert_eq!(args.take::<u8>("a").unwrap(), 7);
        assert!(matches!(
            args.take::<u8>("b"),
            Err(Failure::BadArgument { reason: BadArgument::OutOfRange { .. }, .. })
        ));
        assert!(matches!(
            args.take::<bool>("c"),
            Err(Failure::BadArgument { reason: BadArgument::WrongKind(OptionKind::Boolean), .. })
        ));
        assert!(matches!(args.take::<bool>("d"), Err(Failure::MissingArgument { option }) if option == "d"));
        assert_eq!(args.take::<Option<bool>>("d").unwrap(), None);
    }
}
