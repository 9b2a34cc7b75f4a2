//! What the bot's parts need of the gateway.

use cogwright_command::Cog;
use cogwright_discord::EventTypeFlags;
use cogwright_discord::intents::Need;

/// The needs of the framework, of these cogs, and of whoever listens to these events.
pub(crate) fn needs(cogs: &[Cog], listens: EventTypeFlags) -> Vec<Need> {
    let mut needs = vec![Need::guilds()];
    let commands = || cogs.iter().flat_map(Cog::commands);
    if commands().any(|spec| spec.triggers.prefix) {
        needs.push(Need::prefix_commands());
    }
    if commands().any(|spec| spec.triggers.mention) {
        needs.push(Need::mention_commands());
    }
    needs.extend(Need::listening(listens));
    needs
}
