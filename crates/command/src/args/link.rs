//! Messages by their link or id, as far as whoever asks may read them.

use twilight_model::channel::ChannelType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::Message;
use super::convert::Known;
use crate::directory::{Lookup, Query};

/// What a link or an id leads to.
struct Target {
    /// The guild in the link, or the one that is asked in; `None` for direct messages.
    guild: Option<u64>,
    channel: Option<Id<ChannelMarker>>,
    message: Id<MessageMarker>,
}

/// The message that `text` leads to. One that the invoker may not read counts as not there, and
/// so does one of another guild: the bot sees more than whoever asks it.
pub(super) async fn message(text: &str, known: &Known<'_>) -> Option<Message> {
    let here = known.guild.map(Id::get);
    let target = read(text, here)?;
    let channel = target.channel.unwrap_or(known.channel);
    if target.guild != here || !may_read(channel, known) {
        return None;
    }
    let mut message = known.directory.message(channel, target.message).await?;
    message.guild = known.guild;
    Some(message)
}

/// `https://discord.com/channels/guild/channel/message`, `channel-message`, or `message`.
fn read(text: &str, here: Option<u64>) -> Option<Target> {
    let text = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
    let address = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if let Some((_, path)) = address.and_then(|address| address.split_once("/channels/")) {
        let mut parts = path.trim_end_matches('/').split('/');
        let guild = match parts.next()? {
            "@me" => None,
            id => Some(id.parse().ok()?),
        };
        let (channel, message) = (id(parts.next()?)?, id(parts.next()?)?);
        return parts.next().is_none().then_some(Target { guild, channel: Some(channel), message });
    }
    let (channel, message) = match text.split_once('-') {
        Some((channel, message)) => (Some(id(channel)?), message),
        None => (None, text),
    };
    Some(Target { guild: here, channel, message: id(message)? })
}

fn id<T>(text: &str) -> Option<Id<T>> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).and_then(Id::new_checked)
}

fn may_read(channel: Id<ChannelMarker>, known: &Known<'_>) -> bool {
    let here = channel == known.channel;
    let Some(guild) = known.guild else { return here };
    let needed = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;
    let who = known.invoker;
    let has = known.directory.permissions(guild, channel, who.id, &who.roles);
    // Whoever asks sees the channel they ask in, even if too little is known of it.
    let Some(has) = has else { return here };
    if has.contains(Permissions::ADMINISTRATOR) {
        return true;
    }
    // Who is in a private thread is not known here.
    let place = known.directory.channel(guild, Query::Id(channel.get()));
    let private = matches!(place, Lookup::Found(place) if place.kind == ChannelType::PrivateThread);
    has.contains(needed) && (here || !private || has.contains(Permissions::MANAGE_THREADS))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::testing::{self, GUILD, Town};

    fn find(text: &str) -> Option<Message> {
        let mut invoker = testing::alice();
        // Bakers may read the square.
        invoker.roles = vec![Id::new(Town::BAKERS)];
        let known = testing::known(&invoker);
        message(text, &known).now_or_never().expect("the town answers at once")
    }

    #[test]
    fn links_and_ids_lead_to_messages() {
        let (square, note) = (Town::SQUARE, Town::NOTE);
        for text in [
            format!("https://discord.com/channels/{GUILD}/{square}/{note}"),
            format!("<https://canary.discord.com/channels/{GUILD}/{square}/{note}>"),
            note.to_string(),
            format!("{square}-{note}"),
        ] {
            let found = find(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.id.get(), found.guild.map(Id::get)), (note, Some(GUILD)));
        }
        for text in ["", "x", "0", "1-2-3", "https://discord.com/channels/1", "-1", "+5", "1-"] {
            assert!(find(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_one_may_not_read_is_not_there() {
        let (square, note, vault) = (Town::SQUARE, Town::NOTE, Town::VAULT);
        assert!(find(&format!("https://discord.com/channels/{GUILD}/{vault}/{note}")).is_none());
        assert!(find(&format!("https://discord.com/channels/77/{square}/{note}")).is_none(), "another guild");
        assert!(find(&format!("https://discord.com/channels/@me/{square}/{note}")).is_none());
        let stranger = testing::alice();
        let known = testing::known(&stranger);
        assert!(
            message(&note.to_string(), &known).now_or_never().flatten().is_none(),
            "no history for strangers"
        );
    }
}
