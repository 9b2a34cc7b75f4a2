//! Rules of guilds, in each guild's file.

use cogwright_command::{GuildRules, PolicyError, RoleRules, RuleChange};
use cogwright_store::Store;
use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::{actor, failed};

pub(crate) struct KeptRules(pub(crate) Store);

impl RoleRules for KeptRules {
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<GuildRules, PolicyError>> {
        Box::pin(async move {
            let rules = self.0.guild(guild.get()).rules().all().await.map_err(failed)?;
            let ids = |roles: std::collections::BTreeSet<u64>| {
                roles.into_iter().filter_map(Id::new_checked).collect()
            };
            Ok(rules.into_iter().map(|(command, roles)| (command, ids(roles))).collect())
        })
    }

    fn save<'a>(&'a self, change: &'a RuleChange) -> BoxFuture<'a, Result<(), PolicyError>> {
        Box::pin(async move {
            let guild = change.guild.get();
            let actor = actor(guild, change.by);
            let roles = change.after.iter().map(|role| role.get()).collect();
            let saved = self.0.guild(guild).rules().set(&change.command, roles, &actor).await;
            saved.map(drop).map_err(failed)
        })
    }
}
