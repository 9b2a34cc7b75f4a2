//! The link that brings the bot into a guild.
//!
//! See Discord docs: OAuth2 / Bot Authorization Flow.

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

/// What every answer of the bot needs, whatever its commands are: to see the channel, to write there and in
/// threads, to show embeds and to find the message it replies to.
pub const BASICS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::READ_MESSAGE_HISTORY);

/// A link that asks for the bot, its slash commands and these permissions.
pub fn link(application: Id<ApplicationMarker>, permissions: Permissions) -> String {
    let bits = permissions.bits();
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&permissions={bits}\
         &scope=bot+applications.commands"
    )
}

/// The permissions' names as Discord's settings show them, in the order of their bits.
pub fn names(permissions: Permissions) -> Vec<String> {
    permissions.iter_names().map(|(name, _)| title(name)).collect()
}

/// `SEND_TTS_MESSAGES` → `Send TTS Messages`.
fn title(name: &str) -> String {
    let word = |word: &str| match word {
        "TTS" | "VAD" => word.to_owned(),
        "IN" | "TO" | "OF" => word.to_lowercase(),
        _ => word[..1].to_owned() + &word[1..].to_lowercase(),
    };
    name.split('_').filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_holds_what_discord_reads() {
        let link = link(Id::new(123), Permissions::SEND_MESSAGES | Permissions::KICK_MEMBERS);
        let expected = "https://discord.com/oauth2/authorize?client_id=123&permissions=2050&scope=bot+applications.commands";
        assert_eq!(link, expected);
    }

    #[test]
    fn permissions_are_named_as_in_discords_settings() {
        insta::assert_snapshot!(names(BASICS | Permissions::SEND_TTS_MESSAGES).join(", "), @"View Channel, Send Messages, Send TTS Messages, Embed Links, Attach Files, Read Message History, Send Messages in Threads");
    }
}
