//! A thread of guild files: the only user of each of its files, with the least recently used ones closed.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use cogwright_lifecycle::SharedClock;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::connection::{Kind, Opened, create_guild_folder};
use super::meter::Meter;
use super::pool::{Access, OPEN_GUILDS};
use super::task::{Task, refuse, rollback, run};
use crate::StoreError;

/// What a thread is told.
pub(crate) enum GuildMessage {
    /// Work on a guild's file.
    Task { guild: u64, access: Access, task: Task },
    /// Close these files; the answer names those that were open.
    Close { which: Which, done: oneshot::Sender<Vec<u64>> },
    /// Close this file and do something while nobody can open it.
    Alone { guild: u64, work: Box<dyn FnOnce() + Send> },
}

impl GuildMessage {
    fn guild(&self) -> Option<u64> {
        match self {
            Self::Task { guild, .. } | Self::Alone { guild, .. } => Some(*guild),
            Self::Close { .. } => None,
        }
    }
}

/// Which files to close.
pub(crate) enum Which {
    One(u64),
    These(BTreeSet<u64>),
}

/// One thread's files.
pub(crate) struct GuildThread<'m> {
    pub(crate) folder: PathBuf,
    pub(crate) clock: SharedClock,
    pub(crate) meter: &'m Meter,
    pub(crate) open: HashMap<u64, (Opened, u64)>,
    /// Counts uses; a file's last one tells how long ago that was.
    pub(crate) tick: u64,
}

impl GuildThread<'_> {
    /// Works until all senders are gone, then closes the files.
    pub(crate) fn work(mut self, mut queue: mpsc::Receiver<GuildMessage>) {
        while let Some(message) = queue.blocking_recv() {
            let guild = message.guild();
            // Whoever waits for it is answered as its sender is dropped; the thread goes on with the others.
            if catch_unwind(AssertUnwindSafe(|| self.take(message))).is_err() {
                tracing::error!(
                    ?guild,
                    "a fault of ours on a storage thread; the server's file is opened anew"
                );
                guild.map(|guild| self.open.remove(&guild));
            }
        }
        self.open.clear();
        self.meter.set_open(0);
    }

    fn take(&mut self, message: GuildMessage) {
        match message {
            GuildMessage::Task { guild, access, task } => self.run(guild, access, task),
            GuildMessage::Alone { guild, work } => {
                self.close(&Which::One(guild));
                work();
            }
            GuildMessage::Close { which, done } => {
                let closed = self.close(&which);
                let _ = done.send(closed);
            }
        }
    }

    fn close(&mut self, which: &Which) -> Vec<u64> {
        let asked = |guild: &u64| match which {
            Which::One(one) => guild == one,
            Which::These(these) => these.contains(guild),
        };
        let closing: Vec<u64> = self.open.keys().copied().filter(asked).collect();
        for guild in &closing {
            self.open.remove(guild);
        }
        self.meter.set_open(self.open.len());
        closing
    }

    fn run(&mut self, guild: u64, access: Access, task: Task) {
        let meter = self.meter;
        match self.file(guild, access != Access::Read) {
            Err(error) => refuse(task, error),
            Ok(None) => {
                let (_, ack) = task(Ok(None));
                ack(Ok(()));
            }
            Ok(Some(file)) if access == Access::Read => {
                if let Some((_, ack)) = run(task, file, meter) {
                    ack(Ok(()));
                }
            }
            Ok(Some(file)) => write(file, access, task, meter),
        }
    }

    fn file(&mut self, guild: u64, create: bool) -> Result<Option<&Opened>, StoreError> {
        self.tick += 1;
        let tick = self.tick;
        if !self.open.contains_key(&guild) {
            let folder = self.folder.join(guild.to_string());
            let path = folder.join("guild.db");
            if !path.exists() {
                if !create {
                    return Ok(None);
                }
                create_guild_folder(&folder)?;
            }
            if self.open.len() >= OPEN_GUILDS {
                let oldest = self.open.iter().min_by_key(|(_, (_, used))| *used).map(|(guild, _)| *guild);
                oldest.map(|guild| self.open.remove(&guild));
            }
            let opened = Opened::open(&path, Kind::Guild, &self.clock)?;
            self.open.insert(guild, (opened, tick));
            self.meter.set_open(self.open.len());
        }
        Ok(self.open.get_mut(&guild).map(|(file, used)| {
            *used = tick;
            &*file
        }))
    }
}

/// One transaction for one task. The other guilds of this thread wait for it, so it is kept short.
fn write(file: &Opened, access: Access, task: Task, meter: &Meter) {
    let connection = &file.connection;
    if let Err(error) = begin(connection, access) {
        return refuse(task, StoreError::sql(&file.path)(error));
    }
    let Some((failed, ack)) = run(task, file, meter) else {
        rollback(connection);
        return relax(connection, access);
    };
    let keep = failed.is_none();
    let committed =
        if keep { connection.execute_batch("COMMIT").map_err(StoreError::sql(&file.path)) } else { Ok(()) };
    if keep && committed.is_ok() {
        meter.commit();
    }
    rollback(connection);
    relax(connection, access);
    ack(committed);
}

fn begin(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    if access == Access::WriteDurable {
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    connection.execute_batch("BEGIN IMMEDIATE")
}

fn relax(connection: &Connection, access: Access) {
    if access == Access::WriteDurable {
        // Left at FULL the file would only be slower.
        let _ = connection.pragma_update(None, "synchronous", "NORMAL");
    }
}
