//! Permissions as Discord's client names them.

use twilight_model::guild::Permissions;

/// Names that cannot be made of the bit's own name.
const NAMES: &[(Permissions, &str)] = &[
    (Permissions::MANAGE_GUILD, "Manage Server"),
    (Permissions::VIEW_GUILD_INSIGHTS, "View Server Insights"),
    (Permissions::MODERATE_MEMBERS, "Time Out Members"),
    (Permissions::MENTION_EVERYONE, "Mention Everyone, Here and All Roles"),
    (Permissions::SEND_TTS_MESSAGES, "Send Text-to-Speech Messages"),
    (Permissions::USE_EXTERNAL_EMOJIS, "Use External Emoji"),
    (Permissions::USE_VAD, "Use Voice Activity"),
    (Permissions::STREAM, "Video"),
];

/// Names as Discord's client writes them, in bold: "**Manage Server**, **Ban Members**".
pub fn permission_names(permissions: Permissions) -> String {
    let names = names(permissions).map(|name| format!("**{name}**"));
    names.collect::<Vec<_>>().join(", ")
}

/// The same for traces and logs: "Manage Server, Ban Members".
pub(crate) fn plain_permission_names(permissions: Permissions) -> String {
    names(permissions).collect::<Vec<_>>().join(", ")
}

fn names(permissions: Permissions) -> impl Iterator<Item = String> {
    permissions.iter_names().map(|(name, permission)| {
        let known = NAMES.iter().find(|(known, _)| *known == permission);
        known.map_or_else(|| words(name), |(_, name)| (*name).to_owned())
    })
}

/// `KICK_MEMBERS` is "Kick Members" there.
fn words(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{first}{}", rest.to_lowercase())
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_named_as_in_the_client() {
        let both = Permissions::MANAGE_GUILD | Permissions::BAN_MEMBERS;
        assert_eq!(permission_names(both), "**Ban Members**, **Manage Server**");
    }
}
