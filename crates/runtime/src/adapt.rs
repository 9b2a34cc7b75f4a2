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
}
