//! What a client sends: one frame in, and what follows from it.
//!
//! The order of checks is fixed: length, budget, JSON, opcode, authentication, payload.

use std::time::Instant;

use cogwright_sim_world::{GuildId, intents, voice as voice_info, wire};
use serde_json::{Value, json};

use super::{
    codes::{Close, op},
    desk::{Desk, Direction},
    identify::{Identify, Resume},
    members, presence, ready,
    session::{RESUMED, Resumption, Session},
    sessions::{Effect, Sessions},
    voice,
};

/// Bytes of a client's frame. See Discord docs: Gateway / Sending Events.
pub(crate) const MAX_PAYLOAD: usize = 4096;

impl Sessions {
    /// Handles a client's frame; a fault closes the connection with its code.
    pub(crate) fn receive(&mut self, desk: &Desk<'_>, line: u64, payload: &[u8]) {
        if let Err(close) = self.handle(desk, line, payload)
            && let Some(line) = self.lines.get_mut(&line)
        {
            line.close(close);
        }
    }

    fn handle(&mut self, desk: &Desk<'_>, number: u64, payload: &[u8]) -> Result<(), Close> {
        let tag = self.tag(number);
        let Some(line) = self.lines.get_mut(&number).filter(|l| l.close.is_none()) else { return Ok(()) };
        if payload.len() > MAX_PAYLOAD {
            return Err(Close::Decode);
        }
        if !line.budget.take(desk.line) {
            return Err(Close::RateLimited);
        }
        let frame: Value = serde_json::from_slice(payload).map_err(|_| Close::Decode)?;
        let code = frame["op"].as_u64().ok_or(Close::Decode)?;
        let d = &frame["d"];
        desk.frame(Direction::In, &tag, code, None, d);
        if self.strike_command(desk, number, code, d) {
            return Ok(());
        }
        match code {
            op::HEARTBEAT => self.heartbeat(desk, number, d),
            op::IDENTIFY => self.identify(desk, number, d),
            op::RESUME => self.resume(desk, number, d),
            op::PRESENCE
            | op::VOICE_STATE
            | op::REQUEST_MEMBERS
            | op::SOUNDBOARD_SOUNDS
            | op::CHANNEL_INFO => {
                if self.session_of(number).is_none() {
                    return Err(Close::NotAuthenticated);
                }
                self.command(desk, number, code, d)
            }
            _ => Err(Close::UnknownOpcode),
        }
    }

    /// Answered before IDENTIFY too: discord.py sends one right after HELLO.
    fn heartbeat(&mut self, desk: &Desk<'_>, number: u64, d: &Value) -> Result<(), Close> {
        if !(d.is_null() || d.is_number()) {
            return Err(Close::Decode);
        }
        let swallowed = self.swallows(desk, number);
        if let Some(line) = self.lines.get_mut(&number) {
            line.heartbeat = Instant::now();
            if swallowed {
                return Ok(());
            }
            if line.swallow > 0 {
                line.swallow -= 1;
            } else {
                line.send(op::ACK, Value::Null);
            }
        }
        Ok(())
    }

    fn identify(&mut self, desk: &Desk<'_>, number: u64, d: &Value) -> Result<(), Close> {
        if self.session_of(number).is_some() {
            return Err(Close::AlreadyAuthenticated);
        }
        let identify = Identify::read(d, desk)?;
        let application =
            desk.world.application(identify.application).map_err(|_| Close::AuthenticationFailed)?;
        if !self.limits.identify(application, identify.shard.id, desk.line) {
            self.reject(number);
            return Ok(());
        }
        // At this point Discord resets the token and drops all sessions; here the token stays, but is not taken
        // until the day is over.
        if !self.limits.start(application, desk.now) {
            self.revoke(application.id);
            return Err(Close::AuthenticationFailed);
        }
        let id: String = std::iter::repeat_with(|| format!("{:016x}", fastrand::u64(..))).take(2).collect();
        let mut session = Session::new(id.into(), identify.application, identify.intents, identify.shard);
        session.token.clone_from(&application.token);
        session.large_threshold = identify.large_threshold;
        session.line = Some(number);
        if let Some(line) = self.lines.get_mut(&number) {
            session.version = line.version;
        }
        let ready = ready::ready(desk, &session, identify.names_shard);
        // The first dispatch of a session cannot push another out of its buffer.
        let _ = session.push_value(desk, "READY", ready);
        if identify.intents & intents::GUILDS != 0 {
            session.pending = Self::guilds_for(desk.world, &session).collect();
        }
        let session_number = self.number();
        self.all.insert(session_number, session);
        if let Some(line) = self.lines.get_mut(&number) {
            line.session = Some(session_number);
            line.wake.notify_one();
        }
        self.effects.push(Effect::Presence {
            user: identify.application.into(),
            status: identify.presence.status,
            activities: identify.presence.activities,
        });
        self.strike(desk, number, "READY");
        Ok(())
    }

    /// Op 9 `false`: the client may identify on the same connection.
    fn reject(&mut self, number: u64) {
        if let Some(line) = self.lines.get_mut(&number) {
            line.send(op::INVALID_SESSION, false.into());
        }
    }

    fn resume(&mut self, desk: &Desk<'_>, number: u64, d: &Value) -> Result<(), Close> {
        if self.session_of(number).is_some() {
            return Err(Close::AlreadyAuthenticated);
        }
        let resume = Resume::read(d, desk)?;
        self.expire(desk);
        let found = self
            .all
            .iter()
            .find(|(_, s)| *s.id == *resume.session && s.application == resume.application)
            .map(|(n, s)| (*n, s.resumption(resume.seq)));
        let Some((session_number, resumption)) = found else {
            self.reject(number);
            return Ok(());
        };
        match resumption {
            Resumption::Ahead => {
                // Clients try the same again after 4007; then there is no session and they get op 9.
                self.end(session_number);
                return Err(Close::InvalidSeq);
            }
            Resumption::TooOld => {
                self.end(session_number);
                self.reject(number);
                return Ok(());
            }
            Resumption::Goes => {}
        }
        let earlier = self.all.get(&session_number).and_then(|s| s.line);
        self.detach(session_number);
        if let Some(earlier) = earlier.and_then(|l| self.lines.get_mut(&l)) {
            earlier.close(Close::Unknown);
        }
        if let Some(session) = self.all.get_mut(&session_number) {
            // What a fault holds back belongs to the replay.
            let _ = session.release(desk);
            session.rewind(number, resume.seq);
            let _ = session.push_value(desk, RESUMED, json!({ "_trace": ["[\"cogwright-sim\",{}]"] }));
        }
        if let Some(line) = self.lines.get_mut(&number) {
            line.session = Some(session_number);
            line.wake.notify_one();
        }
        self.strike(desk, number, RESUMED);
        Ok(())
    }

    fn command(&mut self, desk: &Desk<'_>, number: u64, code: u64, d: &Value) -> Result<(), Close> {
        match code {
            op::PRESENCE => {
                let presence = presence::read(d, desk.now)?;
                let Some(session) = self.session_of(number) else { return Ok(()) };
                let user = session.application.into();
                let effect =
                    Effect::Presence { user, status: presence.status, activities: presence.activities };
                self.effects.push(effect);
            }
            op::VOICE_STATE => {
                let Some(session) = self.session_of(number) else { return Ok(()) };
                let read = voice::read(d, desk, session.application.into(), &session.id)?;
                if let Some(voice) = read {
                    self.effects.push(Effect::Voice(voice.connect));
                    self.answer(desk, number, "VOICE_SERVER_UPDATE", voice.server);
                }
            }
            op::REQUEST_MEMBERS => self.request_members(desk, number, &members::Request::read(d)?),
            op::SOUNDBOARD_SOUNDS => {
                let ids = d["guild_ids"].as_array().ok_or(Close::Decode)?;
                let guilds = self.own_guilds(desk, number, ids);
                let lists = guilds.iter().filter_map(|id| {
                    let sounds = wire::sounds(desk.world, desk.world.guild(*id).ok()?);
                    Some(json!({ "guild_id": id, "soundboard_sounds": sounds }))
                });
                self.answer(desk, number, "SOUNDBOARD_SOUNDS", lists);
            }
            _ => {
                let guilds = self.own_guilds(desk, number, std::slice::from_ref(&d["guild_id"]));
                let Some(session) = self.session_of(number) else { return Ok(()) };
                let bot = session.application.into();
                let fields: Vec<&str> =
                    d["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let info = |id: &GuildId| voice_info::channel_info(desk.world, *id, bot, &fields, desk.now);
                self.answer(desk, number, "CHANNEL_INFO", guilds.iter().map(info));
            }
        }
        Ok(())
    }

    /// Those of the ids given that are guilds the bot is in.
    fn own_guilds(&mut self, desk: &Desk<'_>, number: u64, ids: &[Value]) -> Vec<GuildId> {
        let Some(session) = self.session_of(number) else { return Vec::new() };
        let bot = session.application.into();
        let ids = ids.iter().filter_map(|id| serde_json::from_value::<GuildId>(id.clone()).ok());
        ids.filter(|id| desk.world.member(*id, bot).is_ok()).collect()
    }

    fn request_members(&mut self, desk: &Desk<'_>, number: u64, request: &members::Request) {
        let Some(session) = self.session_of(number) else { return };
        let (application, bits) = (session.application, session.intents);
        let chunks = request.chunks(desk, application.into(), bits);
        if request.is_full()
            && !chunks.is_empty()
            && let Err(wait) = self.limits.full_list((application, request.guild), desk.line)
        {
            let mut meta = json!({ "guild_id": request.guild });
            if let Some(nonce) = &request.nonce {
                meta["nonce"] = nonce.as_str().into();
            }
            let limited = json!({ "opcode": 8, "retry_after": wait.as_secs_f64(), "meta": meta });
            self.answer(desk, number, "RATE_LIMITED", [limited]);
            return;
        }
        self.answer(desk, number, "GUILD_MEMBERS_CHUNK", chunks);
    }

    /// Dispatches to the session of one connection alone.
    fn answer(
        &mut self,
        desk: &Desk<'_>,
        number: u64,
        name: &'static str,
        payloads: impl IntoIterator<Item = Value>,
    ) {
        let Some(session) = self.session_of(number) else { return };
        let mut kept_up = true;
        for payload in payloads {
            kept_up &= session.push_value(desk, name, payload);
        }
        if let Some(line) = self.lines.get_mut(&number) {
            if kept_up {
                line.wake.notify_one();
            } else {
                line.close(Close::Unknown);
            }
        }
    }
}
