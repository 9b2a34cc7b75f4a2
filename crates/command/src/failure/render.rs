//! What people read when a command fails: the one place where failures become text.

use std::fmt::Write as _;

use twilight_model::guild::Permissions;

use super::{BadArgument, Failure};
use crate::reply::Reply;
use crate::spec::{OptionKind, Spec};
use crate::wire::WireError;

/// Most choices that are listed; more would be a wall.
const LISTED: usize = 25;
/// Most characters of somebody's own input that are repeated to them.
const QUOTED: usize = 60;

/// What the text of a failure depends on.
pub(crate) struct Rendering<'a> {
    /// The command, when there is one.
    pub(crate) spec: Option<&'a Spec>,
    /// How a call starts here: the prefix, a mention with a blank, or `/`.
    pub(crate) opening: &'a str,
    /// Whether it was a slash command or a component, whose failures are ephemeral.
    pub(crate) interaction: bool,
    /// The id that finds the failure in the log.
    pub(crate) id: &'a str,
}

/// The answer to a failure; `None` where silence is right.
pub(crate) fn render(failure: &Failure, place: &Rendering<'_>) -> Option<Reply> {
    let text = match failure {
        Failure::Unknown if !place.interaction => return None,
        Failure::Expired => return None,
        Failure::Unknown => {
            "This command does not exist any more. Discord still shows it; try again in a minute.".to_owned()
        }
        Failure::GuildOnly => "This command only works in a server.".to_owned(),
        Failure::MissingPermission(lacking) => {
            format!("You need {} in this channel for that.", permissions(*lacking))
        }
        Failure::BotMissingPermission(lacking) => {
            format!("I need {} in this channel for that.", permissions(*lacking))
        }
        Failure::MissingArgument { option } => with_usage(&missing(option, place.spec), place),
        Failure::BadArgument { option, reason } => {
            with_usage(&format!("`{option}`: {}", bad_argument(reason)), place)
        }
        Failure::ExtraArgument { given } => {
            with_usage(&format!("I do not know what to do with {}.", quote(given)), place)
        }
        Failure::Busy => "Too much is going on right now. Please try again in a moment.".to_owned(),
        Failure::Refused(text) => text.clone(),
        Failure::Discord(error) => format!("{} (error id `{}`)", discord(error), place.id),
        Failure::Internal(_) | Failure::Panicked(_) => {
            format!("Something went wrong on my side. It has been noted as `{}`.", place.id)
        }
    };
    Some(notice(format!("❌ {text}"), place.interaction))
}

/// A short text for one person.
pub(crate) fn notice(text: impl Into<String>, ephemeral: bool) -> Reply {
    let reply = Reply::text(text);
    if ephemeral { reply.ephemeral() } else { reply }
}

fn missing(option: &str, spec: Option<&Spec>) -> String {
    let found = spec.and_then(|spec| spec.options.iter().find(|known| known.name == option));
    match found {
        Some(found) if found.kind == OptionKind::Attachment => {
            format!("A file is missing (`{option}`: {}).", found.description)
        }
        Some(found) => format!("`{option}` is missing: {}.", found.description.trim_end_matches('.')),
        None => format!("`{option}` is missing."),
    }
}

fn with_usage(problem: &str, place: &Rendering<'_>) -> String {
    let mut text = problem.to_owned();
    if let Some(spec) = place.spec {
        // Discord itself leads through the options of a slash command.
        if !place.interaction {
            let _ = write!(text, "\nUsage: `{}{}`", place.opening, spec.usage_line());
        }
        let _ = write!(text, "\nExample: `{}{}`", place.opening, spec.example_line());
    }
    text
}

fn bad_argument(reason: &BadArgument) -> String {
    match reason {
        BadArgument::WrongKind(kind) => format!("I need {} here.", kind.noun()),
        BadArgument::NotFound(OptionKind::User) => "I cannot find this person here.".to_owned(),
        BadArgument::NotFound(OptionKind::Role) => "I cannot find this role here.".to_owned(),
        BadArgument::NotFound(OptionKind::Channel) => "I cannot find this channel here.".to_owned(),
        BadArgument::NotFound(kind) => format!("I cannot find {} by that name here.", kind.noun()),
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
        BadArgument::WrongChannel => "a channel of this kind does not fit here.".to_owned(),
    }
}

fn discord(error: &WireError) -> String {
    match error {
        WireError::Refused { code: 50_001, .. } => "Discord does not let me see that channel.".to_owned(),
        WireError::Refused { code: 50_013, .. } => "Discord says I lack a permission for that.".to_owned(),
        WireError::Refused { code: 50_007, .. } => "I cannot send that person direct messages.".to_owned(),
        WireError::Refused { .. } | WireError::Invalid(_) => "Discord did not accept my answer.".to_owned(),
        WireError::Unreachable(_) => "Discord could not be reached.".to_owned(),
    }
}

/// Names as Discord's settings page writes them: `MANAGE_GUILD` there is "Manage Guild".
fn permissions(permissions: Permissions) -> String {
    let names = permissions.iter_names().map(|(name, _)| {
        let words = name.split('_').map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            format!("{first}{}", rest.to_lowercase())
        });
        format!("**{}**", words.collect::<Vec<_>>().join(" "))
    });
    names.collect::<Vec<_>>().join(", ")
}

fn quote(given: &str) -> String {
    let mut shown: String = given.chars().filter(|c| *c != '`').take(QUOTED).collect();
    if given.chars().count() > QUOTED {
        shown.push('…');
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Choice, Handler, OptionSpec};

    fn spec() -> Spec {
        Spec::new("roll", "Rolls", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::Integer, "sides", "How many sides").min(2.0).max(100.0))
    }

    fn text(failure: &Failure, interaction: bool) -> Option<String> {
        let spec = spec();
        let opening = if interaction { "/" } else { "!" };
        let reply = render(failure, &Rendering { spec: Some(&spec), opening, interaction, id: "x1" })?;
        assert_eq!(reply.is_ephemeral(), interaction);
        Some(reply.content().to_owned())
    }

    #[test]
    fn every_failure_reads_well() {
        let bad = |reason| Failure::BadArgument { option: "sides".into(), reason };
        let refused = |code| Failure::Discord(WireError::Refused { status: 403, code, message: "no".into() });
        let failures = [
            Failure::GuildOnly,
            Failure::MissingPermission(Permissions::MANAGE_GUILD | Permissions::BAN_MEMBERS),
            Failure::BotMissingPermission(Permissions::EMBED_LINKS),
            Failure::MissingArgument { option: "sides".into() },
            bad(BadArgument::WrongKind(OptionKind::Integer)),
            bad(BadArgument::NotFound(OptionKind::Mentionable)),
            bad(BadArgument::OutOfRange { min: Some(2.0), max: Some(100.0) }),
            bad(BadArgument::OutOfRange { min: Some(2.0), max: None }),
            bad(BadArgument::BadLength { length: 1, min: Some(2), max: Some(3) }),
            bad(BadArgument::BadLength { length: 9, min: Some(2), max: Some(3) }),
            bad(BadArgument::NotAChoice(vec![Choice::same("a"), Choice::same("b")])),
            bad(BadArgument::WrongChannel),
            Failure::ExtraArgument { given: format!("`{}", "long ".repeat(20)) },
            Failure::Busy,
            Failure::refused("Not today."),
            refused(50_001),
            refused(50_013),
            refused(1),
            Failure::Discord(WireError::Unreachable("secret".into())),
            Failure::internal("secret"),
            Failure::Panicked("secret".into()),
        ];
        let texts: Vec<_> =
            failures.iter().map(|failure| text(failure, false).expect("it is answered")).collect();
        insta::assert_snapshot!(texts.join("\n\n"));
        assert!(!texts.concat().contains("secret"), "causes belong in the log");
    }

    #[test]
    fn some_failures_are_silent() {
        assert_eq!(text(&Failure::Unknown, false), None);
        assert!(text(&Failure::Unknown, true).is_some());
        assert_eq!(text(&Failure::Expired, true), None);
    }

    #[test]
    fn the_slash_form_needs_no_usage() {
        let shown = text(&Failure::ExtraArgument { given: "x".into() }, true).unwrap();
        assert!(!shown.contains("Usage") && shown.contains("`/roll 3`"), "{shown}");
    }
}
