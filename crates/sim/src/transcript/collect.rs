//! From the world to a transcript: who sees what, and what things are called.

use std::cell::Cell;

use cogwright_sim_world::{
    Actor, ApiError, Author, Channel, ChannelId, ChannelKind, Guild, Message, Timestamp, UserId, World,
    flags, permissions, wire,
};
use serde_json::Value;

use super::{
    Entry, MAX_TRANSCRIPT_MESSAGES, Mark, Reaction, Reply, Transcript,
    block::{Block, File, Reader},
    escape::excerpt,
    mention, picture, size,
};

/// How much of a quoted message is shown.
const EXCERPT: usize = 80;

pub(super) fn collect(
    world: &World,
    channel: ChannelId,
    viewer: Option<UserId>,
    limit: usize,
    now: Timestamp,
) -> Result<Transcript, ApiError> {
    let found = world.channel(channel)?;
    let mut history = true;
    if let Some(user) = viewer {
        world.user(user)?;
        world.require(Actor::person(user), channel, 0, now)?;
        history = world.channel_permissions(channel, user, now)? & permissions::READ_MESSAGE_HISTORY != 0;
    }
    if !found.kind.holds_messages() {
        return Err(ApiError::non_text_channel());
    }
    let visible = |m: &&Message| match (m.ephemeral_to, viewer) {
        (_, None) => true,
        (Some(whom), Some(user)) => whom == user,
        (None, Some(_)) => history,
    };
    let limit = limit.clamp(1, MAX_TRANSCRIPT_MESSAGES);
    let mut messages: Vec<&Message> = found.messages.values().rev().filter(visible).take(limit + 1).collect();
    let older = messages.len() > limit;
    messages.truncate(limit);
    messages.reverse();
    let guild = found.guild.and_then(|id| world.guild(id).ok());
    let scene = Scene { world, guild, viewer, pictures: Cell::new(picture::MAX_PICTURES) };
    Ok(Transcript {
        place: scene.place(found),
        seen_by: viewer.map(|user| scene.name(user)),
        at: now,
        older,
        entries: messages.into_iter().map(|m| scene.entry(m)).collect(),
    })
}

/// Where and for whom a message is looked at.
struct Scene<'w> {
    world: &'w World,
    guild: Option<&'w Guild>,
    viewer: Option<UserId>,
    /// Bytes of pictures that the page may still take.
    pictures: Cell<usize>,
}

impl Scene<'_> {
    fn name(&self, user: UserId) -> String {
        mention::name(self.world, self.guild, user)
    }

    fn say(&self, text: &str) -> String {
        mention::resolve(self.world, self.guild, text)
    }

    fn place(&self, channel: &Channel) -> String {
        match (self.guild, channel.kind) {
            (Some(guild), kind) if kind.is_thread() => {
                let parent = channel.parent.and_then(|id| self.world.channel(id).ok());
                let under = parent.map(|p| format!(" under #{}", p.name)).unwrap_or_default();
                format!("{}{under} in {}", channel.name, guild.name)
            }
            (Some(guild), _) => format!("#{} in {}", channel.name, guild.name),
            (None, _) => {
                let others = channel.recipients.iter().filter(|user| self.viewer != Some(**user));
                let names: Vec<String> = others.map(|user| self.name(*user)).collect();
                let what = if channel.kind == ChannelKind::Dm { "Direct message" } else { "Group" };
                format!("{what} with {}", names.join(", "))
            }
        }
    }

    fn entry(&self, message: &Message) -> Entry {
        let value = wire::message(self.world, message, self.viewer);
        let (author, handle, bot) = self.author(message);
        let mut marks = Vec::new();
        let mut mark = |applies: bool, mark: Mark| {
            if applies {
                marks.push(mark);
            }
        };
        let said = self.system(message, &author);
        mark(bot, Mark::Bot);
        mark(said.is_some(), Mark::System);
        mark(message.edited.is_some(), Mark::Edited);
        mark(message.pinned.is_some(), Mark::Pinned);
        mark(message.snapshot.is_some(), Mark::Forwarded);
        mark(message.flags & flags::LOADING != 0, Mark::Thinking);
        if let Some(user) = message.ephemeral_to {
            marks.push(Mark::Only(self.name(user)));
        }
        let id = message.id.to_string();
        Entry {
            sent: message.sent,
            hue: hue(&value["author"]["id"]),
            author,
            handle,
            marks,
            reply: (message.kind == 19).then(|| self.reply(message)).flatten(),
            because: self.because(message),
            text: said.unwrap_or_else(|| self.say(&message.content)),
            blocks: self.blocks(message, &value),
            reactions: self.reactions(message),
            id,
        }
    }

    fn author(&self, message: &Message) -> (String, String, bool) {
        match &message.author {
            Author::Webhook { name, .. } => (name.clone(), "webhook".into(), true),
            Author::User(id) => {
                let user = self.world.user(*id).ok();
                let handle = user.map_or_else(|| id.to_string(), |u| u.username.clone());
                (self.name(*id), handle, user.is_some_and(|u| u.bot))
            }
        }
    }

    fn reply(&self, message: &Message) -> Option<Reply> {
        let (channel, id) = message.reference?;
        Some(match self.world.message(channel, id) {
            Ok(quoted) => Reply {
                author: self.author(quoted).0,
                excerpt: Some(match excerpt(&self.say(&quoted.content), EXCERPT) {
                    empty if empty.is_empty() => "(no text)".into(),
                    text => text,
                }),
            },
            Err(_) => Reply { author: String::new(), excerpt: None },
        })
    }

    fn because(&self, message: &Message) -> Option<String> {
        let meta = message.interaction.as_ref()?;
        let who = self.name(meta.user);
        Some(match (message.kind, &meta.name) {
            (20, Some(name)) => format!("{who} used /{name}"),
            (_, Some(name)) => format!("{who} used {name}"),
            (_, None) if meta.kind == 3 => format!("{who} used a component"),
            (_, None) => format!("{who} answered a form"),
        })
    }

    fn reactions(&self, message: &Message) -> Vec<Reaction> {
        let emoji = |r: &cogwright_sim_world::Reaction| match r.emoji_id {
            Some(_) => format!(":{}:", r.emoji_name),
            None => r.emoji_name.clone(),
        };
        message
            .reactions
            .iter()
            .map(|r| Reaction {
                emoji: emoji(r),
                count: r.users.len(),
                mine: self.viewer.is_some_and(|viewer| r.users.contains(&viewer)),
            })
            .collect()
    }

    fn blocks(&self, message: &Message, value: &Value) -> Vec<Block> {
        let file = |url: &str| self.file(message, url);
        let say = |text: &str| self.say(text);
        let reader = Reader { file: &file, say: &say };
        let mut blocks = reader.below(value);
        for snapshot in value["message_snapshots"].as_array().into_iter().flatten() {
            let taken = &snapshot["message"];
            let text = taken["content"].as_str().filter(|text| !text.is_empty());
            let mut shown: Vec<Block> = text.map(|text| Block::Text(say(text))).into_iter().collect();
            shown.extend(reader.below(taken));
            blocks.push(Block::Frame { what: "forwarded", accent: None, blocks: shown });
        }
        blocks
    }

    /// What an address in a message shows: one of its files, or something elsewhere, which is only named.
    fn file(&self, message: &Message, url: &str) -> File {
        let name_in = url.strip_prefix("attachment://");
        let own = message
            .files()
            .find(|a| name_in == Some(a.filename.as_str()) || url.contains(&format!("/{}/", a.id)));
        let Some(own) = own else {
            return File { name: url.to_owned(), about: "elsewhere".into(), picture: None, spoiler: false };
        };
        let mut about = vec![size(own.size)];
        about.extend(own.content_type.clone());
        about.extend(own.dimensions.map(|(width, height)| format!("{width} x {height}")));
        about.extend(own.description.clone());
        let bytes = self.world.blob(own.id).filter(|bytes| bytes.len() <= self.pictures.get());
        let picture = bytes.and_then(|bytes| {
            let address = picture::address(&bytes)?;
            self.pictures.set(self.pictures.get() - bytes.len());
            Some(address)
        });
        let spoiler = own.filename.starts_with("SPOILER_");
        File { name: own.filename.clone(), about: about.join(", "), picture, spoiler }
    }

    /// What the server says by itself. See Discord docs: Message / Message Types.
    fn system(&self, message: &Message, author: &str) -> Option<String> {
        let about = || message.mentions.first().map_or_else(|| "somebody".into(), |user| self.name(*user));
        Some(match message.kind {
            0 | 19 | 20 | 23 => return None,
            1 => format!("{author} added {} to the thread.", about()),
            2 => format!("{author} removed {} from the thread.", about()),
            4 => format!("{author} changed the name of the thread: {}.", message.content),
            6 => format!("{author} pinned a message."),
            7 => format!("{author} joined."),
            18 => format!("{author} started the thread {}.", message.content),
            21 => "The thread began here.".into(),
            24 => format!("Auto moderation reported a message of {author}."),
            46 => format!("The poll of {author} has ended."),
            other => format!("(message of type {other}) {}", message.content),
        })
    }
}

/// A hue of the colour circle for an id: neighbours differ.
fn hue(id: &Value) -> u16 {
    let id: u64 = id.as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
    ((id ^ (id >> 22)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u16 % 360
}
