//! What people read about an argument that is missing or does not fit.

use std::time::Duration;

use super::BadArgument;
use super::render::quote;
use crate::args::show_duration;
use crate::spec::{OptionKind, Spec};

/// Most choices that are listed; more would be a wall.
const LISTED: usize = 25;

pub(super) fn missing(option: &str, spec: Option<&Spec>) -> String {
    let found = spec.and_then(|spec| spec.options.iter().find(|known| known.name == option));
    match found {
        Some(found) if found.kind == OptionKind::Attachment => {
            format!("A file is missing (`{option}`: {}).", found.description)
        }
        Some(found) => format!("`{option}` is missing: {}.", found.description.trim_end_matches('.')),
        None => format!("`{option}` is missing."),
    }
}

pub(super) fn bad_argument(reason: &BadArgument) -> String {
    match reason {
        BadArgument::WrongKind(kind) => format!("I need {} here.", kind.noun()),
        BadArgument::NotFound(OptionKind::User) => "I cannot find this person here.".to_owned(),
        BadArgument::NotFound(OptionKind::Role) => "I cannot find this role here.".to_owned(),
        BadArgument::NotFound(OptionKind::Channel) => "I cannot find this channel here.".to_owned(),
        BadArgument::NotFound(OptionKind::Message) => {
            "I cannot find this message here, or you may not read it.".to_owned()
        }
        BadArgument::NotFound(kind) => format!("I cannot find {} by that name here.", kind.noun()),
        BadArgument::Ambiguous(_) => {
            "several have this name here. A mention or the id tells them apart.".to_owned()
        }
        BadArgument::NotAMember => "this person is not in the server.".to_owned(),
        BadArgument::TooMany(most) => format!("at most {most} values are taken."),
        BadArgument::NotKnown { given, near } => {
            let near: Vec<_> = near.iter().map(|name| quote(name)).collect();
            let hint =
                if near.is_empty() { String::new() } else { format!(" Did you mean {}?", near.join(", ")) };
            format!("I do not know {}.{hint}", quote(given))
        }
        BadArgument::DurationRange { min, max } => {
            let show = |span: &Duration| show_duration(*span);
            match (min.as_ref().map(show), max.as_ref().map(show)) {
                (Some(min), Some(max)) => format!("this must lie between `{min}` and `{max}`."),
                (Some(min), None) => format!("this must be at least `{min}`."),
                (None, Some(max)) => format!("this must be at most `{max}`."),
                (None, None) => "this duration does not fit.".to_owned(),
            }
        }
        BadArgument::OutOfRange { min: Some(min), max: Some(max) } => {
            format!("this must lie between {min} and {max}.")
        }
        BadArgument::OutOfRange { min: Some(min), .. } => format!("this must be at least {min}."),
        BadArgument::OutOfRange { max: Some(max), .. } => format!("this must be at most {max}."),
        BadArgument::OutOfRange { .. } => "this number does not fit.".to_owned(),
        BadArgument::BadLength { length, min: Some(min), .. } if *length < usize::from(*min) => {
            format!("this needs at least {min} characters, it has {length}.")
        }
        BadArgument::BadLength { length, max, .. } => {
            format!("this may have at most {} characters, it has {length}.", max.unwrap_or(u16::MAX))
        }
        BadArgument::NotAChoice(choices) => {
            let names = choices.iter().take(LISTED).map(|choice| format!("`{}`", choice.value.text()));
            format!("this must be one of {}.", names.collect::<Vec<_>>().join(", "))
        }
        BadArgument::Twice => "this was given before; each is given once.".to_owned(),
        BadArgument::Refused(why) => why.clone(),
        BadArgument::WrongChannel => "a channel of this kind does not fit here.".to_owned(),
    }
}
