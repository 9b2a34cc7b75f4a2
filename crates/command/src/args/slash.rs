//! Reads the arguments of a slash command from its interaction.

use twilight_model::application::interaction::InteractionDataResolved;
use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};

use super::convert::{Known, check, from_text, list_from_text};
use super::{Args, Attachment, Channel, Mentionable, Message, Role, User, Value};
use crate::failure::{BadArgument, Failure};
use crate::spec::{OptionKind, OptionSpec, Spec};

/// The option somebody is typing in, and what stands there so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Focus {
    pub(crate) option: String,
    pub(crate) text: String,
}

/// The values of all options, checked against their limits.
pub(crate) async fn parse_options(
    spec: &Spec,
    options: &[CommandDataOption],
    resolved: Option<&InteractionDataResolved>,
    known: &Known<'_>,
) -> Result<Args, Failure> {
    let mut args = Args::new();
    for given in options {
        // Registered in an older shape: what this version does not know is left out.
        let Some(option) = spec.options.iter().find(|option| option.name == given.name) else {
            tracing::debug!(command = %spec.name, option = %given.name, "option is not known any more");
            continue;
        };
        let bad =
            |reason| Failure::BadArgument { option: option.name.clone(), given: typed(&given.value), reason };
        let value = match &given.value {
            // What Discord knows only as text.
            CommandOptionValue::String(text) if option.variadic => list_from_text(option, text, known).await,
            CommandOptionValue::String(text)
                if matches!(option.kind, OptionKind::Duration | OptionKind::Message) =>
            {
                from_text(option, text, known).await
            }
            given => value(option, given, resolved).and_then(|value| check(option, &value).map(|()| value)),
        };
        let value = value.map_err(bad)?;
        args.set(&option.name, value);
    }
    super::complete(spec, args)
}

/// What somebody typed for an option; `None` for what is chosen.
fn typed(given: &CommandOptionValue) -> Option<String> {
    match given {
        CommandOptionValue::String(text) => Some(text.clone()),
        CommandOptionValue::Integer(number) => Some(number.to_string()),
        CommandOptionValue::Number(number) => Some(number.to_string()),
        CommandOptionValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// The arguments of a command that was called in a context menu: what was clicked on is the first.
pub(crate) fn menu_target(spec: &Spec, data: &CommandData, known: &Known<'_>) -> Result<Args, Failure> {
    let mut args = Args::new();
    let Some(option) = spec.options.first() else { return Ok(args) };
    let (target, resolved) = (data.target_id, data.resolved.as_ref());
    let user = || {
        let id = target?.cast();
        let resolved = resolved?;
        Some(User::from_resolved(resolved.users.get(&id)?, resolved.members.get(&id)))
    };
    let value = match option.kind {
        OptionKind::Message => {
            let message = target.and_then(|id| resolved?.messages.get(&id.cast()));
            message.map(|message| Value::Message(Box::new(Message::from_wire(message, known.guild))))
        }
        OptionKind::Mentionable => user().map(|user| Value::Mentionable(Mentionable::User(user))),
        _ => user().map(Value::User),
    };
    let bad = |reason| Failure::BadArgument { option: option.name.clone(), given: None, reason };
    let value = value.ok_or_else(|| bad(BadArgument::NotFound(option.kind)))?;
    args.set(&option.name, if option.variadic { Value::List(vec![value]) } else { value });
    super::complete(spec, args)
}

/// What is being typed, with the values that already stand and are sound.
pub(crate) fn focused(
    spec: &Spec,
    options: &[CommandDataOption],
    resolved: Option<&InteractionDataResolved>,
) -> Option<(Focus, Args)> {
    let mut args = Args::new();
    let mut focus = None;
    for given in options {
        if let CommandOptionValue::Focused(text, _) = &given.value {
            focus = Some(Focus { option: given.name.clone(), text: text.clone() });
        } else if let Some(option) = spec.options.iter().find(|option| option.name == given.name)
            && let Ok(value) = value(option, &given.value, resolved)
        {
            args.set(&option.name, value);
        }
    }
    focus.map(|focus| (focus, args))
}

fn value(
    option: &OptionSpec,
    given: &CommandOptionValue,
    resolved: Option<&InteractionDataResolved>,
) -> Result<Value, BadArgument> {
    let absent = BadArgument::NotFound(option.kind);
    let user = |id| {
        let resolved = resolved?;
        Some(User::from_resolved(resolved.users.get(&id)?, resolved.members.get(&id)))
    };
    let role = |id| resolved?.roles.get(&id).map(Role::from_wire);
    let value = match given {
        CommandOptionValue::String(text) => Value::String(text.clone()),
        CommandOptionValue::Integer(number) => Value::Integer(*number),
        CommandOptionValue::Number(number) => Value::Number(*number),
        CommandOptionValue::Boolean(yes) => Value::Boolean(*yes),
        CommandOptionValue::User(id) => Value::User(user(*id).ok_or(absent)?),
        CommandOptionValue::Role(id) => Value::Role(role(*id).ok_or(absent)?),
        CommandOptionValue::Channel(id) => {
            let channel = resolved.and_then(|resolved| resolved.channels.get(id));
            Value::Channel(channel.map(Channel::from_wire).ok_or(absent)?)
        }
        CommandOptionValue::Mentionable(id) => {
            let found = user(id.cast()).map(Mentionable::User);
            Value::Mentionable(found.or_else(|| role(id.cast()).map(Mentionable::Role)).ok_or(absent)?)
        }
        CommandOptionValue::Attachment(id) => {
            let file = resolved.and_then(|resolved| resolved.attachments.get(id));
            Value::Attachment(file.map(Attachment::from_wire).ok_or(absent)?)
        }
        CommandOptionValue::Focused(..)
        | CommandOptionValue::SubCommand(_)
        | CommandOptionValue::SubCommandGroup(_) => return Err(BadArgument::WrongKind(option.kind)),
    };
    Ok(value)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use serde_json::json;

    use super::*;
    use crate::spec::Handler;
    use crate::testing;

    fn parse(
        spec: &Spec,
        options: &[CommandDataOption],
        resolved: Option<&InteractionDataResolved>,
    ) -> Result<Args, Failure> {
        let invoker = testing::alice();
        let known = testing::known(&invoker);
        parse_options(spec, options, resolved, &known).now_or_never().expect("the town answers at once")
    }

    #[test]
    fn what_discord_knows_as_text_is_converted() {
        let spec = Spec::new("x", "x", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::Duration, "for", "x").max(3_600.0))
            .option(OptionSpec::new(OptionKind::User, "people", "x").variadic());
        let given = |span: &str, people: &str| {
            options(
                json!([{"name": "for", "type": 3, "value": span}, {"name": "people", "type": 3, "value": people}]),
            )
        };
        let args = parse(&spec, &given("5m", "alice <@100000000000000001>"), None).unwrap();
        assert_eq!(args.get("for"), Some(&Value::Duration(std::time::Duration::from_secs(300))));
        assert!(matches!(args.get("people"), Some(Value::List(all)) if all.len() == 2), "{args:?}");
        for (span, people) in [("5", "alice"), ("2h", "alice"), ("5m", "nobody"), ("5m", " ")] {
            assert!(
                matches!(parse(&spec, &given(span, people), None), Err(Failure::BadArgument { .. })),
                "{span} {people}"
            );
        }
    }

    fn spec() -> Spec {
        Spec::new("x", "x", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::User, "who", "Who"))
            .option(OptionSpec::new(OptionKind::Integer, "n", "n").optional().max(5.0))
    }

    fn options(value: serde_json::Value) -> Vec<CommandDataOption> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn people_come_from_what_discord_resolved() {
        let resolved: InteractionDataResolved = serde_json::from_value(json!({
            "users": {"5": {"id": "5", "username": "alice", "discriminator": "0", "avatar": null, "global_name": "Alice"}},
            "members": {"5": {"roles": ["7"], "flags": 0, "pending": false, "permissions": "8", "nick": "Al", "joined_at": null, "communication_disabled_until": null}}
        }))
        .unwrap();
        let given = options(
            json!([{"name": "who", "type": 6, "value": "5"}, {"name": "gone", "type": 5, "value": true}]),
        );
        let args = parse(&spec(), &given, Some(&resolved)).unwrap();
        let Some(Value::User(user)) = args.get("who") else { panic!("{args:?}") };
        assert_eq!(
            (user.display_name.as_str(), user.roles.as_deref()),
            ("Al", Some(&[twilight_model::id::Id::new(7)][..]))
        );
        assert!(matches!(
            parse(&spec(), &given, None),
            Err(Failure::BadArgument { reason: BadArgument::NotFound(OptionKind::User), .. })
        ));
    }

    #[test]
    fn limits_hold_here_too() {
        let given = options(json!([{"name": "n", "type": 4, "value": 6}]));
        assert!(matches!(
            parse(&spec(), &given, None),
            Err(Failure::BadArgument { reason: BadArgument::OutOfRange { .. }, .. })
        ));
        assert!(
            matches!(parse(&spec(), &[], None), Err(Failure::MissingArgument { option }) if option == "who")
        );
    }

    #[test]
    fn the_focused_option_is_found() {
        let given = options(json!([
            {"name": "n", "type": 4, "value": 3},
            {"name": "text", "type": 3, "value": "hel", "focused": true}
        ]));
        let (focus, args) = focused(&spec(), &given, None).unwrap();
        assert_eq!(focus, Focus { option: "text".into(), text: "hel".into() });
        assert_eq!(args.get("n"), Some(&Value::Integer(3)));
        assert_eq!(focused(&spec(), &given[..1], None), None);
    }
}
