//! Prefixes of guilds, as settings in each guild's file.

use cogwright_command::{GuildPrefs, PolicyError, Prefs, PrefsChange};
use cogwright_store::{Settings, Store};
use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::{actor, failed};

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
            let actor = actor(guild, change.by);
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

#[cfg(test)]
mod tests {
    use cogwright_command::By;
    use cogwright_store::{AuditFilter, StoreOptions};

    use super::super::KeptRules;
    use super::*;

    #[tokio::test]
    async fn the_audit_knows_who_changed_what_and_where() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let (guild, by) = (Id::new(7), By { user: Id::new(42), channel: Some(Id::new(9)) });
        let after = Prefs { prefix: Some("?".to_owned()), mention_prefix: Some(false) };
        let change = PrefsChange { guild, by, before: Prefs::default(), after };
        KeptPrefs(store.clone()).save(&change).await.unwrap();
        let (command, before, after) = ("ping".to_owned(), Vec::new(), vec![Id::new(5)]);
        let change = cogwright_command::RuleChange { guild, by, command, before, after };
        cogwright_command::RoleRules::save(&KeptRules(store.clone()), &change).await.unwrap();
        let rows =
            store.audit().list(AuditFilter { guild: Some(7), ..AuditFilter::default() }, 9).await.unwrap();
        let settings: Vec<_> = rows.iter().map(|row| row.setting.as_str()).collect();
        assert_eq!(settings, ["command_permissions.ping", Settings::MENTION_PREFIX, Settings::PREFIX]);
        assert!(rows.iter().all(|row| (row.user, row.guild, row.channel) == (Some(42), Some(7), Some(9))));
    }
}
