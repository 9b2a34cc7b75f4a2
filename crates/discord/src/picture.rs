//! Where pictures lie.

use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};
use twilight_model::util::ImageHash;

use crate::endpoint::Endpoint;

/// Whose picture it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Of a user or bot.
    Avatar(Id<UserMarker>),
    /// Of a guild.
    GuildIcon(Id<GuildMarker>),
}

impl Picture {
    /// Its address at 256 pixels. PNG is there of every picture; of one that moves it is the first frame.
    /// See Discord docs: Reference / Image Formatting.
    pub(crate) fn url(self, at: &Endpoint, hash: ImageHash) -> String {
        let base = at.cdn_base();
        match self {
            Self::Avatar(user) => format!("{base}/avatars/{user}/{hash}.png?size=256"),
            Self::GuildIcon(guild) => format!("{base}/icons/{guild}/{hash}.png?size=256"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_lie_where_discord_or_a_local_server_keeps_them() {
        let hash = ImageHash::parse(b"a_0123456789abcdef0123456789abcdef").expect("is a hash");
        assert_eq!(
            Picture::Avatar(Id::new(5)).url(&Endpoint::Discord, hash),
            "https://cdn.discordapp.com/avatars/5/a_0123456789abcdef0123456789abcdef.png?size=256"
        );
        let local = Picture::GuildIcon(Id::new(6)).url(&Endpoint::local("127.0.0.1:8787"), hash);
        assert!(local.starts_with("http://127.0.0.1:8787/cdn/icons/6/a_01"), "{local}");
    }
}
