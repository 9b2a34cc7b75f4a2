//! Op 8: asking for members. See Discord docs: Gateway Events / Request Guild Members.

use cogwright_sim_world::{Guild, GuildId, Member, Status, UserId, intents, wire};
use serde_json::{Value, json};

use super::{codes::Close, desk::Desk};

/// Members in one GUILD_MEMBERS_CHUNK.
const PER_CHUNK: usize = 1000;
/// Members that a prefix finds at the most.
const MAX_FOUND: u64 = 100;
/// Users that can be asked for by id.
const MAX_IDS: usize = 100;
/// Bytes of a nonce; a longer one is not echoed.
const MAX_NONCE: usize = 32;

/// A well-formed request.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) guild: GuildId,
    wanted: Wanted,
    presences: bool,
    /// Echoed; left out rather than null.
    pub(crate) nonce: Option<String>,
}

#[derive(Debug)]
enum Wanted {
    Prefix { prefix: String, limit: u64 },
    Ids(Vec<UserId>),
}

impl Request {
    pub(crate) fn read(d: &Value) -> Result<Self, Close> {
        // Old clients send a list of one.
        let guild = match &d["guild_id"] {
            Value::Array(list) if list.len() == 1 => &list[0],
            other => other,
        };
        let guild = serde_json::from_value(guild.clone()).map_err(|_| Close::Decode)?;
        let wanted =
            match (d.get("user_ids").filter(|v| !v.is_null()), d.get("query").filter(|v| !v.is_null())) {
                (Some(Value::Array(list)), _) => {
                    Wanted::Ids(list.iter().take(MAX_IDS).map(user_id).collect::<Result<_, _>>()?)
                }
                (Some(one), _) => Wanted::Ids(vec![user_id(one)?]),
                (None, Some(query)) => {
                    let prefix = query.as_str().ok_or(Close::Decode)?.to_lowercase();
                    let limit = d["limit"].as_u64().ok_or(Close::Decode)?;
                    Wanted::Prefix { prefix, limit }
                }
                (None, None) => return Err(Close::Decode),
            };
        let nonce = d["nonce"].as_str().filter(|n| n.len() <= MAX_NONCE).map(str::to_owned);
        Ok(Self { guild, wanted, presences: d["presences"] == true, nonce })
    }

    /// Whether it asks for the whole list, which Discord allows once in 30 s for each guild.
    pub(crate) fn is_full(&self) -> bool {
        matches!(&self.wanted, Wanted::Prefix { prefix, limit: 0 } if prefix.is_empty())
    }

    /// An empty prefix asks for everybody, whatever the limit: that needs the GUILD_MEMBERS intent.
    fn needs_intent(&self) -> bool {
        matches!(&self.wanted, Wanted::Prefix { prefix, .. } if prefix.is_empty())
    }

    /// The chunks to send, in order. None for guilds the bot is not in, and for an empty prefix without the
    /// GUILD_MEMBERS intent: Discord leaves both unanswered.
    pub(crate) fn chunks(&self, desk: &Desk<'_>, bot: UserId, bits: u64) -> Vec<Value> {
        let Ok(guild) = desk.world.guild(self.guild) else { return Vec::new() };
        if !guild.members.contains_key(&bot) || self.needs_intent() && bits & intents::GUILD_MEMBERS == 0 {
            return Vec::new();
        }
        let (members, not_found) = self.find(desk, guild);
        let with_presences = self.presences && bits & intents::GUILD_PRESENCES != 0;
        let count = members.len().div_ceil(PER_CHUNK).max(1);
        let mut chunks: Vec<Value> = (0..count)
            .map(|index| {
                let slice = &members[index * PER_CHUNK..members.len().min((index + 1) * PER_CHUNK)];
                let mut chunk = json!({
                    "guild_id": guild.id,
                    "members": slice.iter().map(|m| wire::member(desk.world, guild, m)).collect::<Vec<_>>(),
                    "chunk_index": index,
                    "chunk_count": count,
                });
                if with_presences {
                    chunk["presences"] = slice.iter().filter_map(|m| presence(desk, guild, m)).collect();
                }
                if let Some(nonce) = &self.nonce {
                    chunk["nonce"] = nonce.as_str().into();
                }
                chunk
            })
            .collect();
        if let Some(first) = chunks.first_mut().filter(|_| !not_found.is_empty()) {
            first["not_found"] = not_found.into();
        }
        chunks
    }

    fn find<'a>(&self, desk: &Desk<'_>, guild: &'a Guild) -> (Vec<&'a Member>, Vec<String>) {
        match &self.wanted {
            Wanted::Prefix { .. } if self.is_full() => (guild.members.values().collect(), Vec::new()),
            Wanted::Prefix { prefix, limit } => {
                let limit = if *limit == 0 { MAX_FOUND } else { (*limit).min(MAX_FOUND) };
                let starts = |name: &str| name.to_lowercase().starts_with(prefix.as_str());
                let fits = |m: &&Member| {
                    m.nick.as_deref().is_some_and(starts)
                        || desk.world.user(m.user).is_ok_and(|u| {
                            starts(&u.username) || u.global_name.as_deref().is_some_and(starts)
                        })
                };
                (guild.members.values().filter(fits).take(limit as usize).collect(), Vec::new())
            }
            Wanted::Ids(ids) => {
                let (mut found, mut missing) = (Vec::new(), Vec::new());
                for id in ids {
                    match guild.members.get(id) {
                        Some(member) => found.push(member),
                        None => missing.push(id.to_string()),
                    }
                }
                (found, missing)
            }
        }
    }
}

/// A user's id; anything else is a fault of the request.
fn user_id(id: &Value) -> Result<UserId, Close> {
    let id: UserId = serde_json::from_value(id.clone()).map_err(|_| Close::Decode)?;
    if id.get() == 0 { Err(Close::Decode) } else { Ok(id) }
}

fn presence(desk: &Desk<'_>, guild: &Guild, member: &Member) -> Option<Value> {
    let user = desk.world.user(member.user).ok().filter(|u| u.status != Status::Offline)?;
    let mut presence = wire::presence(user);
    presence["guild_id"] = json!(guild.id);
    Some(presence)
}
