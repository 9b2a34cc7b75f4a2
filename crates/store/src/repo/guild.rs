//! One guild's own file.

use super::{GuildUsage, RoleRules, Settings};
use crate::StoreError;
use crate::db::{Access, Db};
use crate::store::Store;

/// A guild's file, `data/<id>/guild.db`. It is created by the first write.
#[derive(Clone, Debug)]
pub struct Guild {
    store: Store,
    id: u64,
}

impl Guild {
    pub(crate) fn new(store: Store, id: u64) -> Self {
        Self { store, id }
    }

    /// Its settings, the prefix among them.
    pub fn settings(&self) -> Settings {
        Settings::new(self.clone())
    }

    /// Which roles may use which commands.
    pub fn rules(&self) -> RoleRules {
        RoleRules::new(self.clone())
    }

    /// How often commands are used here.
    pub fn usage(&self) -> GuildUsage {
        GuildUsage::new(self.clone())
    }

    /// The guild.
    pub fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Reads; the default of `T` if the guild has no file.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Default + Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        Ok(self.store.pool().guild(self.id, Access::Read, work).await?.unwrap_or_default())
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.access(Access::Write, work).await
    }

    pub(crate) async fn write_durable<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.access(Access::WriteDurable, work).await
    }

    async fn access<T, F>(&self, access: Access, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let written = self.store.pool().guild(self.id, access, work).await?;
        written.ok_or_else(|| StoreError::Internal("a guild's file answered with nothing".to_owned()))
    }
}
