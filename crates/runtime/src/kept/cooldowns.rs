//! Cooldowns of more than a minute, in `main.db`.

use cogwright_command::{CooldownJournal, PolicyError, SavedCooldown, Scope};
use cogwright_store::{Cooldown, CooldownScope, Store};
use futures_util::future::BoxFuture;
use twilight_model::id::Id;

use super::failed;

pub(crate) struct KeptCooldowns(pub(crate) Store);

const SCOPES: [(Scope, CooldownScope); 4] = [
    (Scope::User, CooldownScope::User),
    (Scope::Guild, CooldownScope::Guild),
    (Scope::Channel, CooldownScope::Channel),
    (Scope::Global, CooldownScope::Global),
];

impl CooldownJournal for KeptCooldowns {
    fn load(&self, limit: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>> {
        Box::pin(async move {
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            let rows = self.0.cooldowns().load(limit).await.map_err(failed)?;
            Ok(rows.into_iter().filter_map(restored).collect())
        })
    }

    fn save(&self, changed: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>> {
        Box::pin(async move {
            let rows = changed.into_iter().filter_map(kept).collect();
            self.0.cooldowns().save(rows).await.map_err(failed)
        })
    }
}

fn kept(saved: SavedCooldown) -> Option<Cooldown> {
    let (_, scope) = SCOPES.into_iter().find(|(ours, _)| *ours == saved.scope)?;
    Some(Cooldown {
        bucket: saved.bucket,
        scope,
        user: saved.user.map(Id::get),
        guild: saved.guild.map(Id::get),
        channel: saved.channel.map(Id::get),
        used: saved.used,
        began: saved.began,
        ends: saved.ends,
    })
}

fn restored(row: Cooldown) -> Option<SavedCooldown> {
    let (scope, _) = SCOPES.into_iter().find(|(_, theirs)| *theirs == row.scope)?;
    Some(SavedCooldown {
        bucket: row.bucket,
        scope,
        user: row.user.and_then(Id::new_checked),
        guild: row.guild.and_then(Id::new_checked),
        channel: row.channel.and_then(Id::new_checked),
        used: row.used,
        began: row.began,
        ends: row.ends,
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use cogwright_store::StoreOptions;

    use super::*;

    #[tokio::test]
    async fn all_scopes_come_back_and_a_persons_are_erased_with_the_person() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let began = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let saved = |scope, user: u64, guild: u64, channel: u64| SavedCooldown {
            bucket: "#music@90000".to_owned(),
            scope,
            user: Id::new_checked(user),
            guild: Id::new_checked(guild),
            channel: Id::new_checked(channel),
            used: 2,
            began,
            ends: SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX)),
        };
        let all = [
            saved(Scope::User, 7, 0, 0),
            saved(Scope::Guild, 0, 8, 0),
            saved(Scope::Guild, 7, 0, 0),
            saved(Scope::Channel, 0, 8, 9),
            saved(Scope::Channel, 7, 0, 10),
            saved(Scope::Global, 0, 0, 0),
        ];
        let journal = KeptCooldowns(store.clone());
        journal.save(all.to_vec()).await.unwrap();
        let back = journal.load(100).await.unwrap();
        assert!(back.len() == all.len() && all.iter().all(|one| back.contains(one)), "{back:?}");
        assert_eq!(journal.load(2).await.unwrap().len(), 2);

        assert_eq!(store.export_user(7).await.unwrap().tables[0].rows.len(), 3);
        assert_eq!(store.erase_user(7).await.unwrap().deleted, 3);
        let actor = cogwright_store::Actor::new(1_u64, None, None);
        store.delete_guild(8, &actor).await.unwrap();
        assert_eq!(journal.load(100).await.unwrap(), [saved(Scope::Global, 0, 0, 0)]);
    }
}
