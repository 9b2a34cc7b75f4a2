//! The cache of one shard as bytes, and back.
//!
//! A resumed session gets no READY list and no GUILD_CREATE, so it needs what the session before it knew, as of
//! exactly the sequence it is resumed from. The head names format, shard, session and sequence, and a checksum
//! covers everything: what is torn, of another version, shard, session or sequence is refused as a whole.
//!
//! The body is postcard: a few bytes a field and no names, read by serde without trust (a length that is a lie
//! runs out of bytes). JSON would be four times as large.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use twilight_gateway::ShardId;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::apply::out_of_order;
use super::model::{CachedGuild, Me};
use super::{Cache, MAX_GUILDS, shard_of};

/// Begins every snapshot.
const MAGIC: [u8; 4] = *b"CWGC";

/// Raised whenever a field of the body changes; snapshots of other versions are refused.
const VERSION: u16 = 2;

/// Guilds that are written without giving other tasks a turn; about a millisecond.
const TURN: usize = 128;

/// Why a snapshot cannot be used. The session is begun anew then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Cut short, altered or no snapshot at all.
    #[error("it is damaged")]
    Damaged,
    /// Written by another version of this program.
    #[error("it is of another version")]
    Version,
    /// Of another shard, or another number of shards.
    #[error("it is of another shard")]
    Shard,
    /// Of another session.
    #[error("it is of another session, or of other intents")]
    Session,
    /// Written after the sequence that the session is resumed from.
    #[error("it is of another sequence")]
    Sequence,
}

/// What the head says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head<'a> {
    shard: u32,
    shards: u32,
    session: &'a str,
    sequence: u64,
    guilds: u32,
}

/// The state of one shard at one moment. Cheap to take: nothing is copied until somebody changes it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    shard: ShardId,
    me: Option<Arc<Me>>,
    out: Vec<Id<GuildMarker>>,
    guilds: Vec<Arc<CachedGuild>>,
}

/// What [`decode`] reads.
struct Body {
    me: Option<Me>,
    out: Vec<u64>,
    guilds: Vec<CachedGuild>,
}

impl Snapshot {
    /// Guilds in it.
    pub fn guilds(&self) -> usize {
        self.guilds.len()
    }

    /// Writes it as of `sequence` of `session`. Gives other tasks their turn in between.
    pub async fn encode(self, session: &str, sequence: u64) -> Vec<u8> {
        let head = Head {
            shard: self.shard.number(),
            shards: self.shard.total(),
            session,
            sequence,
            guilds: self.guilds.len() as u32,
        };
        let mut bytes = Vec::with_capacity(64 + self.guilds.len() * 4_096);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([0; 4]);
        let start = bytes.len();
        bytes = put(bytes, &head);
        bytes = put(bytes, &self.me.as_deref());
        bytes = put(bytes, &self.out.iter().map(|id| id.get()).collect::<Vec<_>>());
        for (number, guild) in self.guilds.iter().enumerate() {
            if number % TURN == TURN - 1 {
                tokio::task::yield_now().await;
            }
            bytes = put(bytes, &**guild);
        }
        let sum = crc32fast::hash(bytes.get(start..).unwrap_or_default());
        if let Some(slot) = bytes.get_mut(start - 4..start) {
            slot.copy_from_slice(&sum.to_le_bytes());
        }
        bytes
    }
}

/// Writing into memory fails only for types without a known length, of which there are none; a snapshot that
/// lacked something all the same would be refused as damaged.
fn put<T: Serialize>(bytes: Vec<u8>, value: &T) -> Vec<u8> {
    postcard::to_extend(value, bytes).unwrap_or_default()
}

impl Cache {
    /// What a shard knows now.
    pub fn snapshot(&self, shard: ShardId) -> Snapshot {
        let state = self.read();
        let own = |id| shard_of(Some(id), shard.total()) == shard.number();
        Snapshot {
            shard,
            me: state.me.clone(),
            out: state.out.iter().copied().filter(|id| own(*id)).collect(),
            guilds: state.guilds.values().filter(|guild| own(guild.id)).cloned().collect(),
        }
    }

    /// Takes over what [`Snapshot::encode`] wrote: of this shard and session, and good at `sequence`, which
    /// means not written after it. (That nothing has changed in between is the journal's promise, see
    /// [`SavedSession::resume_from`](crate::SavedSession::resume_from).) Answers how many guilds came.
    ///
    /// # Errors
    /// Nothing has been taken over then.
    pub fn restore(
        &self,
        shard: ShardId,
        session: &str,
        sequence: u64,
        bytes: &[u8],
    ) -> Result<usize, SnapshotError> {
        let Body { me, out, guilds } = decode(shard, session, sequence, bytes)?;
        let count = guilds.len();
        let mut state = self.write();
        if me.is_some() {
            state.me = me.map(Arc::new);
        }
        for guild in guilds {
            state.put_guild(guild);
        }
        for id in out.into_iter().filter_map(Id::new_checked) {
            out_of_order(&mut state, id);
        }
        Ok(count)
    }
}

fn decode(shard: ShardId, session: &str, sequence: u64, bytes: &[u8]) -> Result<Body, SnapshotError> {
    let damaged = SnapshotError::Damaged;
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(damaged)?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(damaged)?;
    let (sum, body) = rest.split_first_chunk::<4>().ok_or(damaged)?;
    if *magic != MAGIC {
        return Err(damaged);
    }
    if u16::from_le_bytes(*version) != VERSION {
        return Err(SnapshotError::Version);
    }
    if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
        return Err(damaged);
    }
    let (head, body) = postcard::take_from_bytes::<Head<'_>>(body).map_err(|_| damaged)?;
    if (head.shard, head.shards) != (shard.number(), shard.total()) {
        return Err(SnapshotError::Shard);
    }
    if head.session != session {
        return Err(SnapshotError::Session);
    }
    if head.sequence > sequence {
        return Err(SnapshotError::Sequence);
    }
    let (me, body) = postcard::take_from_bytes::<Option<Me>>(body).map_err(|_| damaged)?;
    let (out, mut body) = postcard::take_from_bytes::<Vec<u64>>(body).map_err(|_| damaged)?;
    let count = head.guilds as usize;
    if count > MAX_GUILDS {
        return Err(damaged);
    }
    let mut guilds = Vec::with_capacity(count);
    for _ in 0..count {
        let (mut guild, rest) = postcard::take_from_bytes::<CachedGuild>(body).map_err(|_| damaged)?;
        guild.share_overwrites();
        guilds.push(guild);
        body = rest;
    }
    if body.is_empty() { Ok(Body { me, out, guilds }) } else { Err(damaged) }
}
