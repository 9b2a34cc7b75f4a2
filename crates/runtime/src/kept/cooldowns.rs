//! Cooldowns of more than a minute, in `main.db`.

use cogwright_command::{CooldownJournal, PolicyError, SavedCooldown};
use cogwright_store::{Cooldown, CooldownScope, Store};
use futures_util::future::BoxFuture;
use twilight_model::id::Id;

use super::failed;

pub(crate) struct KeptCooldowns(pub(crate) Store);

impl CooldownJournal for KeptCooldowns {
    fn load(&self, limit: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>> {
        Box::pin(async move {
            let rows = self.0.cooldowns().load().await.map_err(failed)?;
            let restored = rows.into_iter().take(limit).map(|row| SavedCooldown {
                key: row.bucket,
                user: Some(row.subject)
                    .filter(|_| row.scope == CooldownScope::User)
                    .and_then(Id::new_checked),
                used: row.used,
                ends: row.ends,
            });
            Ok(restored.collect())
        })
    }

    fn save(&self, changed: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>> {
        Box::pin(async move {
            // The key says all; whose it is stands beside it, for export and erasure.
            let rows = changed.into_iter().map(|cooldown| Cooldown {
                bucket: cooldown.key,
                scope: if cooldown.user.is_some() { CooldownScope::User } else { CooldownScope::Global },
                subject: cooldown.user.map_or(0, Id::get),
                guild: 0,
                used: cooldown.used,
                began: cooldown.ends,
                ends: cooldown.ends,
            });
            self.0.cooldowns().save(rows.collect()).await.map_err(failed)
        })
    }
}
