//! Prefixes of guilds, as settings in each guild's file.

use cogwright_command::{GuildPrefs, PolicyError, Prefs, PrefsChange};
use cogwright_store::{Actor, Settings, Store};
use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::failed;

pub(crate) struct KeptPrefs(pub(crate) Store);

impl GuildPrefs for KeptPrefs {
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<Prefs, PolicyError>> {
        Box::pin(async move {
            let mut all = self.0.guild(guild.get()).settings().all().await.map_err(failed)?;
            // An empty prefix is what the original kept for "the usual one".
            let prefix = all.remove(Settings::PREFIX).filter(|prefix| !prefix.is_empty());
            let mention_prefix = all.remove(Settings::MENTION_PREFIX).map(|value| value == "1");
            Ok(Prefs { prefix, mention_prefix })
        })
    }

    fn save<'a>(&'a self, change: &'a PrefsChange) -> BoxFuture<'a, Result<(), PolicyError>> {
        Box::pin(async move {
            let guild = change.guild.get();
            let settings = self.0.guild(guild).settings();
            let actor = Actor::new(change.by.get(), Some(guild), None);
            let (before, after) = (&change.before, &change.after);
            if before.prefix != after.prefix {
                match &after.prefix {
                    Some(prefix) => settings.set(Settings::PREFIX, prefix, &actor).await,
                    None => settings.remove(Settings::PREFIX, &actor).await,
                }
                .map_err(failed)?;
            }
            if before.mention_prefix != after.mention_prefix {
                match after.mention_prefix {
                    Some(on) => {
                        settings.set(Settings::MENTION_PREFIX, if on { "1" } else { "0" }, &actor).await
                    }
                    None => settings.remove(Settings::MENTION_PREFIX, &actor).await,
                }
                .map_err(failed)?;
            }
            Ok(())
        })
    }
}
