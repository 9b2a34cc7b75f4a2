//! Commands in the shape in which Discord registers them.

use std::collections::HashMap;

use twilight_model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;

use crate::catalog::{Catalog, Node};
use crate::spec::{Choice, ChoiceValue, Localized, OptionKind, OptionSpec, Spec, SpecProblem};

/// Most characters of names, descriptions and values of one command together.
/// See Discord docs: Application Commands / Slash Commands.
const MAX_SIZE: usize = 8_000;

impl Catalog {
    /// The commands as they are to be registered, without the ids that Discord gives and without
    /// the slash forms that are [withheld](Self::withhold).
    pub fn registrations(&self) -> Vec<Command> {
        let mut all = self.all_registrations();
        all.retain(|command| command.kind != CommandType::ChatInput || !self.is_withheld(&command.name));
        all
    }

    /// All that would be registered if there was room: slash commands in the order of the cogs,
    /// then context menus.
    pub fn all_registrations(&self) -> Vec<Command> {
        let slash = self.roots.iter().filter_map(|node| self.slash(*node));
        let on = || self.commands().iter().filter(|spec| spec.enabled);
        let menu = |spec: &Spec, kind, name: &Option<String>| {
            name.as_ref().map(|name| Command { name: name.clone(), ..bare(&[spec], kind) })
        };
        let user = on().filter_map(|spec| menu(spec, CommandType::User, &spec.user_menu));
        let message = on().filter_map(|spec| menu(spec, CommandType::Message, &spec.message_menu));
        slash.chain(user).chain(message).collect()
    }

    fn slash(&self, node: Node) -> Option<Command> {
        match node {
            Node::Command(at) => {
                let spec = self.commands().get(at).filter(|spec| in_slash(spec))?;
                Some(Command {
                    description: spec.description.clone(),
                    description_localizations: localizations(&spec.descriptions),
                    name: spec.name.clone(),
                    name_localizations: localizations(&spec.names),
                    options: options(spec),
                    ..bare(&[spec], CommandType::ChatInput)
                })
            }
            Node::Group(at) => {
                let placed = self.groups.get(at)?;
                let leaves: Vec<_> = self
                    .leaves(placed)
                    .into_iter()
                    .map(|spec| &**spec)
                    .filter(|spec| in_slash(spec))
                    .collect();
                let options: Vec<_> = placed.children.iter().filter_map(|child| self.below(*child)).collect();
                (!options.is_empty()).then(|| Command {
                    description: placed.group.description.clone(),
                    description_localizations: localizations(&placed.group.descriptions),
                    name: placed.group.name.clone(),
                    name_localizations: localizations(&placed.group.names),
                    options,
                    ..bare(&leaves, CommandType::ChatInput)
                })
            }
        }
    }

    /// A command or group within a group, as the option that Discord makes of it.
    fn below(&self, node: Node) -> Option<CommandOption> {
        match node {
            Node::Command(at) => {
                let spec = self.commands().get(at).filter(|spec| in_slash(spec))?;
                Some(CommandOption {
                    options: Some(options(spec)),
                    ..bare_option(
                        CommandOptionType::SubCommand,
                        (&spec.name, &spec.names),
                        (&spec.description, &spec.descriptions),
                    )
                })
            }
            Node::Group(at) => {
                let placed = self.groups.get(at)?;
                let group = &placed.group;
                let options: Vec<_> = placed.children.iter().filter_map(|child| self.below(*child)).collect();
                (!options.is_empty()).then(|| CommandOption {
                    options: Some(options),
                    ..bare_option(
                        CommandOptionType::SubCommandGroup,
                        (&group.name, &group.names),
                        (&group.description, &group.descriptions),
                    )
                })
            }
        }
    }

    /// The commands that are too large for Discord as a whole.
    pub(crate) fn oversized(&self) -> Vec<SpecProblem> {
        let all = self.all_registrations().into_iter();
        let large = all.map(|command| (size(&command), command.name)).filter(|(size, _)| *size > MAX_SIZE);
        let problem = |(size, command)| {
            let problem = format!(
                "its names, descriptions and choices have {size} characters together, at most {MAX_SIZE} are allowed"
            );
            SpecProblem { command, problem }
        };
        large.map(problem).collect()
    }
}

fn in_slash(spec: &Spec) -> bool {
    spec.enabled && spec.triggers.slash
}

/// What all of these need of whoever uses them, for Discord knows a group as one command and would
/// withhold it whole for what one of them needs. The checks go by each.
fn needed(specs: &[&Spec]) -> Option<Permissions> {
    let each: Option<Vec<_>> = specs.iter().map(|spec| spec.registered_permissions()).collect();
    let each = each?;
    // None at all is what those of owners ask for, which is more than any other.
    match each.into_iter().filter(|needed| !needed.is_empty()).reduce(|all, one| all & one) {
        None => Some(Permissions::empty()),
        Some(common) => (!common.is_empty()).then_some(common),
    }
}

/// What Discord is told of who uses these commands where.
fn bare(specs: &[&Spec], kind: CommandType) -> Command {
    let contexts = if specs.iter().all(|spec| spec.needs_guild()) {
        vec![InteractionContextType::Guild]
    } else {
        vec![InteractionContextType::Guild, InteractionContextType::BotDm]
    };
    #[expect(deprecated, reason = "the field exists; `contexts` says it instead")]
    Command {
        application_id: None,
        contexts: Some(contexts),
        default_member_permissions: needed(specs),
        description: String::new(),
        description_localizations: None,
        dm_permission: None,
        guild_id: None,
        id: None,
        integration_types: None,
        kind,
        name: String::new(),
        name_localizations: None,
        nsfw: specs.iter().any(|spec| spec.nsfw).then_some(true),
        options: Vec::new(),
        // Discord ignores what is sent here; the model wants a number.
        version: Id::new(1),
    }
}

fn localizations(texts: &Localized) -> Option<HashMap<String, String>> {
    (!texts.is_empty()).then(|| texts.clone().into_iter().collect())
}

fn options(spec: &Spec) -> Vec<CommandOption> {
    spec.options.iter().map(option).collect()
}

fn bare_option(
    kind: CommandOptionType,
    (name, names): (&str, &Localized),
    (description, descriptions): (&str, &Localized),
) -> CommandOption {
    CommandOption {
        autocomplete: None,
        channel_types: None,
        choices: None,
        description: description.to_owned(),
        description_localizations: localizations(descriptions),
        kind,
        max_length: None,
        max_value: None,
        min_length: None,
        min_value: None,
        name: name.to_owned(),
        name_localizations: localizations(names),
        options: None,
        file_types: None,
        required: None,
    }
}

/// Characters that count: the longest text of each name and description, and the choices.
fn size(command: &Command) -> usize {
    longest(&command.name, command.name_localizations.as_ref())
        + longest(&command.description, command.description_localizations.as_ref())
        + command.options.iter().map(option_size).sum::<usize>()
}

fn option_size(option: &CommandOption) -> usize {
    let choice = |choice: &CommandOptionChoice| {
        let value = match &choice.value {
            CommandOptionChoiceValue::String(text) => text.chars().count(),
            _ => 0,
        };
        value + longest(&choice.name, choice.name_localizations.as_ref())
    };
    longest(&option.name, option.name_localizations.as_ref())
        + longest(&option.description, option.description_localizations.as_ref())
        + option.choices.iter().flatten().map(choice).sum::<usize>()
        + option.options.iter().flatten().map(option_size).sum::<usize>()
}

fn longest(text: &str, others: Option<&HashMap<String, String>>) -> usize {
    let others = others.into_iter().flat_map(HashMap::values).map(|text| text.chars().count());
    others.chain([text.chars().count()]).max().unwrap_or_default()
}

fn option(option: &OptionSpec) -> CommandOption {
    let bound = |bound: Option<f64>| {
        bound.map(|bound| match option.kind {
            OptionKind::Integer => CommandOptionValue::Integer(bound as i64),
            _ => CommandOptionValue::Number(bound),
        })
    };
    let choices: Vec<_> = option.choices.iter().map(choice).collect();
    let numeric = matches!(option.kind, OptionKind::Integer | OptionKind::Number) && !option.variadic;
    let kind = if option.variadic { CommandOptionType::String } else { kind(option.kind) };
    let text = option.kind == OptionKind::String && !option.variadic;
    CommandOption {
        autocomplete: option.completer().is_some().then_some(true),
        channel_types: (!option.channel_types.is_empty() && !option.variadic)
            .then(|| option.channel_types.clone()),
        choices: (!choices.is_empty() && !option.variadic).then_some(choices),
        max_length: option.max_length.filter(|_| text),
        max_value: bound(option.max).filter(|_| numeric),
        min_length: option.min_length.filter(|_| text),
        min_value: bound(option.min).filter(|_| numeric),
        required: option.required.then_some(true),
        ..bare_option(kind, (&option.name, &option.names), (&option.description, &option.descriptions))
    }
}

fn kind(kind: OptionKind) -> CommandOptionType {
    match kind {
        OptionKind::String | OptionKind::Duration | OptionKind::Message => CommandOptionType::String,
        OptionKind::Integer => CommandOptionType::Integer,
        OptionKind::Number => CommandOptionType::Number,
        OptionKind::Boolean => CommandOptionType::Boolean,
        OptionKind::User => CommandOptionType::User,
        OptionKind::Role => CommandOptionType::Role,
        OptionKind::Channel => CommandOptionType::Channel,
        OptionKind::Mentionable => CommandOptionType::Mentionable,
        OptionKind::Attachment => CommandOptionType::Attachment,
    }
}

fn choice(choice: &Choice) -> CommandOptionChoice {
    let value = match &choice.value {
        ChoiceValue::String(text) => CommandOptionChoiceValue::String(text.clone()),
        ChoiceValue::Integer(number) => CommandOptionChoiceValue::Integer(*number),
        ChoiceValue::Number(number) => CommandOptionChoiceValue::Number(*number),
    };
    CommandOptionChoice { name: choice.name.clone(), name_localizations: localizations(&choice.names), value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autocomplete::Completer;
    use crate::cog::Cog;
    use crate::spec::{Group, Handler, Triggers};

    #[test]
    fn commands_are_registered_as_they_are_declared() {
        let handler = || Handler::new(|_, _| async { Ok(()) });
        let echo = Spec::new("echo", "Says it", handler())
            .option(OptionSpec::new(OptionKind::String, "text", "What").max_length(100))
            .option(OptionSpec::new(OptionKind::Integer, "times", "How often").min(1.0).max(5.0).optional())
            .option(OptionSpec::new(OptionKind::Number, "size", "How big").max(1.5).optional())
            .option(
                OptionSpec::new(OptionKind::String, "style", "How")
                    .choice(Choice::same("loud").named_in("de", "laut"))
                    .choice(Choice::same("low"))
                    .optional(),
            )
            .option(
                OptionSpec::new(OptionKind::String, "tone", "Tone")
                    .autocomplete(Completer::new(|_| async { vec![] }))
                    .optional(),
            );
        let text = Spec::new("text", "No slash", handler()).triggers(Triggers::TEXT);
        let kick =
            Spec::new("kick", "Kicks", handler()).guild_only().user_permissions(Permissions::KICK_MEMBERS);
        let catalog = Catalog::build([Cog::new("A").command(echo).command(text).command(kick)]).unwrap();
        insta::assert_json_snapshot!(catalog.registrations());
    }

    fn spec(name: &str) -> Spec {
        Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }))
    }

    #[test]
    fn groups_menus_and_languages_are_registered() {
        let who = || OptionSpec::new(OptionKind::User, "who", "Whom").named_in("de", "wen");
        let words = OptionSpec::new(OptionKind::Integer, "numbers", "Which").variadic().min(1.0).max(9.0);
        let add =
            spec("add").named_in("de", "neu").described_in("de", "Fügt hinzu").option(words).guild_only();
        let deep = Group::new("deep", "Deeper")
            .command(spec("set").guild_only())
            .command(spec("off").enabled(false));
        let group = Group::new("status", "All of it").named_in("de", "lage").command(add).group(deep);
        let text = Group::new("text", "None of it").command(spec("a").triggers(Triggers::TEXT));
        let long = OptionSpec::new(OptionKind::Duration, "how-long", "How long").min(60.0).optional();
        let mute = spec("mute").option(who()).option(long).user_menu("Mute them").nsfw();
        let quote = spec("quote")
            .triggers(Triggers { prefix: false, slash: false, mention: false })
            .option(OptionSpec::new(OptionKind::Message, "message", "Which"))
            .message_menu("Quote this");
        let cog = Cog::new("A")
            .group(group)
            .group(text)
            .command(mute)
            .command(quote)
            .command(spec("off").enabled(false));
        let catalog = Catalog::build([cog]).unwrap();
        insta::assert_json_snapshot!(catalog.registrations());
        catalog.withhold(["status".to_owned(), "mute".to_owned()]);
        let names: Vec<_> = catalog.registrations().into_iter().map(|command| command.name).collect();
        assert_eq!(names, ["Mute them", "Quote this"], "menus have slots of their own");
        assert_eq!(catalog.all_registrations().len(), 4);
    }

    #[test]
    fn what_all_of_a_group_need_is_asked_by_discord() {
        use twilight_model::guild::Permissions as P;
        let group = Group::new("g", "x")
            .command(spec("a").user_permissions(P::KICK_MEMBERS | P::BAN_MEMBERS).guild_only())
            .command(spec("b").user_permissions(P::BAN_MEMBERS));
        let open = Group::new("h", "x").command(spec("a").guild_only()).command(spec("b"));
        let own = Group::new("i", "x").command(spec("a").owner_only()).command(spec("b").owner_only());
        let apart = Group::new("j", "x")
            .command(spec("a").user_permissions(P::KICK_MEMBERS))
            .command(spec("b").guild_owner_only());
        let cog = Cog::new("A").group(group).group(open).group(own).group(apart);
        let needed: Vec<_> = Catalog::build([cog])
            .unwrap()
            .registrations()
            .into_iter()
            .map(|command| (command.default_member_permissions, command.contexts.map_or(0, |all| all.len())))
            .collect();
        // The second works in direct messages in part; nothing lets all of the fourth through.
        let expected = [(Some(P::BAN_MEMBERS), 1), (None, 2), (Some(P::empty()), 2), (None, 1)];
        assert_eq!(needed, expected);
    }

    #[test]
    fn a_command_has_a_size() {
        let group = (0..25).fold(Group::new("g", "x"), |group, n| {
            let spec = (0..4).fold(spec(&format!("c{n}")), |spec, o| {
                spec.option(OptionSpec::new(OptionKind::String, format!("o{o}"), "d".repeat(90)))
            });
            group.command(spec)
        });
        let problems = Catalog::build([Cog::new("A").group(group)]).unwrap_err();
        assert!(
            problems[0].problem.contains("9292 characters") || problems[0].problem.contains("at most 8000"),
            "{problems:?}"
        );
    }
}
