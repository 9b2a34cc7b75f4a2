//! Settings in the form in which the command engine takes them.

use std::time::Duration;

use cogwright_command::{AutoDelete, CommandSettings, Pace};
use cogwright_config::Settings;
use twilight_model::id::Id;

/// How long after it was written a message may be edited to call its command again.
const EDITS: Duration = Duration::from_secs(5 * 60);

/// What the settings say about commands.
pub(crate) fn command_settings(settings: &Settings) -> CommandSettings {
    let rules = settings.command_permissions.iter().map(|(command, roles)| {
        let roles = roles.iter().filter_map(|role| Id::new_checked(*role)).collect();
        (command.clone(), roles)
    });
    CommandSettings {
        prefix: settings.prefix.clone(),
        mention_prefix: settings.allow_mention_prefix,
        disabled: settings.commands.disabled.iter().cloned().collect(),
        command_permissions: rules.collect(),
        default_cooldown: Pace { uses: settings.cooldowns.default_rate, per: settings.cooldowns.default_per },
        auto_delete: AutoDelete {
            success: settings.auto_delete.success.unwrap_or_default(),
            error: settings.auto_delete.error.unwrap_or_default(),
            invocation: settings.auto_delete.invocation,
        },
        edit_window: if settings.commands.edit_tracking { EDITS } else { Duration::ZERO },
        theme: settings.theme.clone().into(),
        ..CommandSettings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tables of defaults would drift apart.
    #[test]
    fn the_defaults_of_both_sides_are_the_same() {
        assert_eq!(command_settings(&Settings::with_token("a.b.c")), CommandSettings::default());
    }

    #[test]
    fn what_is_set_about_commands_arrives() {
        let mut settings = Settings::with_token("a.b.c");
        settings.prefix = "?".to_owned();
        settings.allow_mention_prefix = false;
        settings.commands.disabled = ["help".to_owned()].into();
        settings.commands.edit_tracking = true;
        settings.command_permissions = [("ping".to_owned(), [7, 8].into())].into();
        (settings.cooldowns.default_rate, settings.cooldowns.default_per) = (4, Duration::from_secs(17));
        settings.auto_delete.success = Some(Duration::from_secs(6));
        settings.auto_delete.error = None;
        settings.auto_delete.invocation = false;
        let arrived = command_settings(&settings);
        assert_eq!((arrived.prefix.as_str(), arrived.mention_prefix), ("?", false));
        assert!(arrived.disabled.iter().eq(["help"]), "{arrived:?}");
        assert_eq!(arrived.command_permissions["ping"], [Id::new(7), Id::new(8)]);
        assert_eq!(arrived.default_cooldown, Pace { uses: 4, per: Duration::from_secs(17) });
        let deleted =
            AutoDelete { success: Duration::from_secs(6), error: Duration::ZERO, invocation: false };
        assert_eq!(arrived.auto_delete, deleted);
        assert_eq!(arrived.edit_window, EDITS);
    }
}
