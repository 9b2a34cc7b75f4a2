//! Commands in the shape in which Discord registers them.

use twilight_model::application::command::{
    Command, CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::id::Id;

use crate::cog::Catalog;
use crate::spec::{Choice, ChoiceValue, OptionKind, OptionSpec, Spec};

impl Catalog {
    /// The slash commands as they are to be registered, without the ids that Discord gives.
    pub fn registrations(&self) -> Vec<Command> {
        self.commands().iter().filter(|spec| spec.triggers.slash).map(|spec| command(spec)).collect()
    }
}

fn command(spec: &Spec) -> Command {
    let contexts = if spec.needs_guild() {
        vec![InteractionContextType::Guild]
    } else {
        vec![InteractionContextType::Guild, InteractionContextType::BotDm]
    };
    #[expect(deprecated, reason = "the field exists; `contexts` says it instead")]
    Command {
        application_id: None,
        contexts: Some(contexts),
        default_member_permissions: spec.registered_permissions(),
        description: spec.description.clone(),
        description_localizations: None,
        dm_permission: None,
        guild_id: None,
        id: None,
        integration_types: None,
        kind: CommandType::ChatInput,
        name: spec.name.clone(),
        name_localizations: None,
        nsfw: None,
        options: spec.options.iter().map(option).collect(),
        // Discord ignores what is sent here; the model wants a number.
        version: Id::new(1),
    }
}

fn option(option: &OptionSpec) -> CommandOption {
    let bound = |bound: Option<f64>| {
        bound.map(|bound| match option.kind {
            OptionKind::Integer => CommandOptionValue::Integer(bound as i64),
            _ => CommandOptionValue::Number(bound),
        })
    };
    let choices: Vec<_> = option.choices.iter().map(choice).collect();
    CommandOption {
        autocomplete: option.autocomplete.is_some().then_some(true),
        channel_types: (!option.channel_types.is_empty()).then(|| option.channel_types.clone()),
        choices: (!choices.is_empty()).then_some(choices),
        description: option.description.clone(),
        description_localizations: None,
        kind: kind(option.kind),
        max_length: option.max_length,
        max_value: bound(option.max),
        min_length: option.min_length,
        min_value: bound(option.min),
        name: option.name.clone(),
        name_localizations: None,
        options: None,
        file_types: None,
        required: option.required.then_some(true),
    }
}

fn kind(kind: OptionKind) -> CommandOptionType {
    match kind {
        OptionKind::String => CommandOptionType::String,
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
    CommandOptionChoice { name: choice.name.clone(), name_localizations: None, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autocomplete::Completer;
    use crate::cog::Cog;
    use crate::spec::{Handler, Triggers};

    #[test]
    fn commands_are_registered_as_they_are_declared() {
        let handler = || Handler::new(|_, _| async { Ok(()) });
        let echo = Spec::new("echo", "Says it", handler())
            .option(OptionSpec::new(OptionKind::String, "text", "What").max_length(100))
            .option(OptionSpec::new(OptionKind::Integer, "times", "How often").min(1.0).max(5.0).optional())
            .option(OptionSpec::new(OptionKind::Number, "size", "How big").max(1.5).optional())
            .option(
                OptionSpec::new(OptionKind::String, "style", "How").choice(Choice::same("loud")).optional(),
            )
            .option(
                OptionSpec::new(OptionKind::String, "tone", "Tone")
                    .autocomplete(Completer::new(|_| async { vec![] }))
                    .optional(),
            );
        let text = Spec::new("text", "No slash", handler()).triggers(Triggers::TEXT);
        let kick = Spec::new("kick", "Kicks", handler())
            .guild_only()
            .user_permissions(twilight_model::guild::Permissions::KICK_MEMBERS);
        let catalog = Catalog::build([Cog::new("A").command(echo).command(text).command(kick)]).unwrap();
        insta::assert_json_snapshot!(catalog.registrations());
    }
}
