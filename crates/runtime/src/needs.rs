//! What the bot's parts need of the gateway.

use cogwright_command::Cog;
use cogwright_discord::intents::Need;

/// The needs of the framework and of these cogs.
pub(crate) fn needs(cogs: &[Cog]) -> Vec<Need> {
    let mut needs = vec![Need::guilds()];
    let commands = || cogs.iter().flat_map(Cog::commands);
    if commands().any(|spec| spec.triggers.prefix) {
        needs.push(Need::prefix_commands());
    }
    if commands().any(|spec| spec.triggers.mention) {
        needs.push(Need::mention_commands());
    }
    needs
}
