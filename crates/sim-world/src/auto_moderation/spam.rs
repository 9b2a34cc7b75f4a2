//! What counts as spam. Discord does not tell how it decides; here it must be the same every time, so that a test can
//! rely on it: somebody says the same again and again, or writes the test word.

use std::time::Duration;

use crate::{Author, Guild, Timestamp, UserId, World};

/// Spam wherever it stands.
pub const SPAM: &str = "cogwright-test-spam";
/// How often somebody may send the same text in a guild within [`SPAM_WINDOW`]; once more is spam.
pub const SPAM_REPEATS: usize = 3;
/// How long a text is remembered for that.
pub const SPAM_WINDOW: Duration = Duration::from_secs(60);
/// Messages of each channel that are looked at, the newest first: twenty a second for a minute would not be held
/// against a channel's own limit any more.
const LOOKBACK: usize = 200;

/// A text without what spammers vary: letters' case and blanks.
fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

pub(super) fn is_spam(world: &World, guild: &Guild, user: UserId, content: &str, now: Timestamp) -> bool {
    if content.contains(SPAM) {
        return true;
    }
    let wanted = folded(content);
    if wanted.is_empty() {
        return false;
    }
    let channels = guild.channels.iter().filter_map(|id| world.channels.get(id));
    let recent = channels.flat_map(|channel| {
        let newest = channel.messages.values().rev().take(LOOKBACK);
        newest.take_while(|m| now.since(m.sent) < SPAM_WINDOW)
    });
    let same = recent.filter(|m| m.author == Author::User(user) && folded(&m.content) == wanted);
    same.take(SPAM_REPEATS).count() == SPAM_REPEATS
}
