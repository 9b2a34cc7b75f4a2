//! The bot and its local Discord.

use std::path::{Path, PathBuf};
use std::{sync::Arc, time::Duration};

use cogwright_command::Cog;
use cogwright_config::Settings;
use cogwright_discord::{Endpoint, SessionJournal};
use cogwright_runtime::{Bot, BotBuilder};
use cogwright_sim::{After, EntryKind, FaultSpec, RateLimitMode, Sim, SimConfig, Transcript};
use cogwright_sim_world::{DefaultIds, GuildId, Timestamp, UserId, World, places::operator, wire};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout, timeout_at};

use crate::{KitError, Message, Person, WorldClock};

/// How long anything is waited for, in real time.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// How many messages a failure shows.
const TAIL: usize = 10;
/// How long the local Discord's connections get to end.
const GRACE: Duration = Duration::from_secs(2);

/// What a [`Kit`] is made of.
#[must_use = "a builder does nothing until it is started"]
pub struct KitBuilder {
    cogs: Vec<Cog>,
    config: SimConfig,
    frozen: bool,
    faults: Vec<FaultSpec>,
    journal: Option<Arc<dyn SessionJournal>>,
    builtin: bool,
    data: Option<PathBuf>,
    change: Option<fn(&mut Settings)>,
}

impl std::fmt::Debug for KitBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KitBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}

impl KitBuilder {
    /// Adds a cog.
    pub fn cog(mut self, cog: Cog) -> Self {
        self.cogs.push(cog);
        self
    }

    /// Adds cogs.
    pub fn cogs(mut self, cogs: impl IntoIterator<Item = Cog>) -> Self {
        self.cogs.extend(cogs);
        self
    }

    /// What the local Discord's REST rate limits do; off unless said.
    pub fn rate_limits(mut self, mode: RateLimitMode) -> Self {
        self.config.settings.rate_limits = mode;
        self
    }

    /// Adds a fault that is there before the bot's first request.
    pub fn fault(mut self, fault: FaultSpec) -> Self {
        self.faults.push(fault);
        self
    }

    /// The heartbeat interval that the gateway asks for.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.config.settings.heartbeat_interval_ms = interval.as_millis() as u64;
        self
    }

    /// Starts with world time frozen, so that it moves only by [`Kit::advance`].
    pub fn frozen(mut self) -> Self {
        self.frozen = true;
        self
    }

    /// Where the bot keeps its sessions, for [`Kit::restart`].
    pub fn journal(mut self, journal: Arc<dyn SessionJournal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Gives the bot all its built-in cogs, and a data folder of its own that is gone with the kit unless
    /// [`data`](Self::data) names another.
    pub fn builtin(mut self) -> Self {
        self.builtin = true;
        self
    }

    /// Where the [built-in](Self::builtin) bot keeps what it is told; stays when the kit is gone.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Changes the bot's settings before it starts.
    pub fn settings(mut self, change: fn(&mut Settings)) -> Self {
        self.change = Some(change);
        self
    }

    /// Starts both, and waits until the bot is ready and its commands are registered.
    pub async fn start(self) -> Result<Kit, KitError> {
        let sim = Sim::serve(self.config, default_world).await?;
        if self.frozen {
            sim.clock().freeze(None);
        }
        for fault in self.faults {
            sim.add_fault(fault)?;
        }
        let ids = sim.read(|world, _| world.default_ids()).ok_or(KitError::NotReady)?;
        let place = match (self.builtin, self.data) {
            (false, _) => None,
            (true, Some(folder)) => Some(Place::Lasting(folder)),
            (true, None) => Some(Place::Passing(tempfile::tempdir()?)),
        };
        let recipe = Recipe { cogs: self.cogs, change: self.change, place };
        let bot = ready(recipe.bot(&sim, &ids, self.journal)).await?;
        Ok(Kit { sim, bot, ids, recipe })
    }
}

/// Where a bot keeps what it is told.
#[derive(Debug)]
enum Place {
    Passing(tempfile::TempDir),
    Lasting(PathBuf),
}

/// What a kit's bot is made of, to make another of the same.
#[derive(Debug)]
struct Recipe {
    cogs: Vec<Cog>,
    change: Option<fn(&mut Settings)>,
    /// Only a bot with the built-in cogs has one.
    place: Option<Place>,
}

impl Recipe {
    fn folder(&self) -> Option<&Path> {
        self.place.as_ref().map(|place| match place {
            Place::Passing(folder) => folder.path(),
            Place::Lasting(folder) => folder,
        })
    }

    fn bot(&self, sim: &Sim, ids: &DefaultIds, journal: Option<Arc<dyn SessionJournal>>) -> BotBuilder {
        let mut settings = Settings::with_token(ids.token.clone());
        if let Some(change) = self.change {
            change(&mut settings);
        }
        let builder = bot(sim, settings, self.cogs.clone(), journal);
        match self.folder() {
            Some(folder) => builder.builtin().data(folder),
            None => builder,
        }
    }
}

/// The bot of a local Discord, not started yet.
fn bot(
    sim: &Sim,
    settings: Settings,
    cogs: Vec<Cog>,
    journal: Option<Arc<dyn SessionJournal>>,
) -> BotBuilder {
    let host = sim.addresses().api_base.trim_start_matches("http://").trim_end_matches("/api").to_owned();
    let builder = BotBuilder::new(settings)
        .endpoint(Endpoint::local(host))
        .clock(Arc::new(WorldClock::new(sim.clone())))
        .cogs(cogs);
    match journal {
        Some(journal) => builder.journal(journal),
        None => builder,
    }
}

async fn ready(bot: BotBuilder) -> Result<Bot, KitError> {
    let bot = bot.start().await?;
    match timeout(PATIENCE, bot.ready()).await {
        Ok(true) => Ok(bot),
        Ok(false) | Err(_) => Err(KitError::NotReady),
    }
}

fn default_world(addresses: &cogwright_sim::Addresses, now: Timestamp) -> World {
    World::default_world(&addresses.cdn_base, now).0
}

/// A bot in its local Discord: one guild of a few people, channels of every common kind.
#[derive(Debug)]
pub struct Kit {
    sim: Sim,
    bot: Bot,
    ids: DefaultIds,
    /// Last, so that the bot has closed its files by the time that its folder goes.
    recipe: Recipe,
}

impl Kit {
    /// What a kit is made of.
    pub fn builder() -> KitBuilder {
        let mut config = SimConfig::default();
        config.settings.rate_limits = RateLimitMode::Off;
        KitBuilder {
            cogs: Vec::new(),
            config,
            frozen: false,
            faults: Vec::new(),
            journal: None,
            builtin: false,
            data: None,
            change: None,
        }
    }

    /// A bot with these cogs.
    pub async fn with_cogs(cogs: impl IntoIterator<Item = Cog>) -> Result<Self, KitError> {
        Self::builder().cogs(cogs).start().await
    }

    /// The local Discord, for everything that the kit has no short form for.
    pub fn sim(&self) -> &Sim {
        &self.sim
    }

    /// The bot.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// The bot's user.
    pub fn bot_user(&self) -> UserId {
        self.ids.application.into()
    }

    /// The guild.
    pub fn guild(&self) -> GuildId {
        self.ids.guild
    }

    /// The guild's owner, looking at its first text channel.
    pub fn owner(&self) -> Person {
        Person::new(self.sim.clone(), self.ids.user, self.ids.channel)
    }

    /// A new member of the guild without roles, looking at the first text channel.
    pub fn newcomer(&self, name: &str) -> Result<Person, KitError> {
        let user = self.sim.apply(operator::CreateUser { body: json!({ "username": name }) })?;
        let body = json!({ "user": user["id"] });
        self.sim.apply(operator::AddMember { guild: self.ids.guild, body })?;
        let id = user["id"].as_str().and_then(|id| id.parse().ok()).ok_or(KitError::NotReady)?;
        Ok(Person::new(self.sim.clone(), id, self.ids.channel))
    }

    /// Moves world time ahead, and with it everything the bot times.
    pub fn advance(&self, by: Duration) {
        self.sim.clock().advance(by);
    }

    /// The first text channel as the guild's owner sees it; [`Person::transcript`] is for other eyes and places.
    pub fn transcript(&self) -> Result<Transcript, KitError> {
        self.owner().transcript()
    }

    /// The end of the channel that a message is in, to go with a failure.
    fn tail(&self, message: &Message) -> String {
        let channel = message.0["channel_id"].as_str().and_then(|id| id.parse().ok());
        let shown = channel.map(|channel| self.sim.transcript(channel, None, TAIL));
        shown.and_then(Result::ok).map(|transcript| format!("\n\n{transcript}")).unwrap_or_default()
    }

    /// Waits for the bot's reply to a message. A failure shows the end of the channel.
    pub async fn reply_to(&self, message: &Message) -> Result<Message, KitError> {
        let pattern = json!({
            "event": "MESSAGE_CREATE",
            "data": { "author": { "id": self.bot_user() }, "message_reference": { "message_id": message.id() } },
        });
        match self.event(pattern).await {
            Err(KitError::Timeout(what)) => Err(KitError::Timeout(format!("{what}{}", self.tail(message)))),
            other => other.map(Message),
        }
    }

    /// Waits for an event, past or to come, in which `pattern` is found, and answers its data.
    pub async fn event(&self, pattern: Value) -> Result<Value, KitError> {
        let what = pattern.to_string();
        let entry = self.sim.wait_for(EntryKind::Event, pattern, After::Start, PATIENCE).await;
        let entry = entry.ok_or_else(|| KitError::Timeout(format!("an event with {what}")))?;
        Ok(entry.field("data").unwrap_or_default().into_owned())
    }

    /// A message as it stands now.
    pub fn look(&self, message: &Message) -> Option<Message> {
        let id = message.id().parse().ok()?;
        self.sim.read(|world, _| {
            let found = world.message(world.channel_of(id).ok()?, id).ok()?;
            Some(Message(wire::message(world, found, None)))
        })
    }

    /// Waits until a message satisfies a condition. A failure shows the end of the channel.
    pub async fn until(
        &self,
        message: &Message,
        what: &str,
        met: impl Fn(&Message) -> bool,
    ) -> Result<Message, KitError> {
        let deadline = Instant::now() + PATIENCE;
        let mut changes = self.sim.changes();
        loop {
            changes.mark_unchanged();
            if let Some(found) = self.look(message).filter(|m| met(m)) {
                return Ok(found);
            }
            if timeout_at(deadline, changes.changed()).await.is_err() {
                let now = self.look(message).map_or_else(|| "gone".into(), |m| m.0.to_string());
                let tail = self.tail(message);
                return Err(KitError::Timeout(format!("{what}; the message is {now}{tail}")));
            }
        }
    }

    /// A bot for this local Discord, not started yet; the kit's own runs beside it.
    pub fn another(&self, cogs: impl IntoIterator<Item = Cog>) -> BotBuilder {
        bot(&self.sim, Settings::with_token(self.ids.token.clone()), cogs.into_iter().collect(), None)
    }

    /// Stops the bot and starts another one in its place, with this journal; `meanwhile` runs while there is none.
    pub async fn restart(
        self,
        cogs: impl IntoIterator<Item = Cog>,
        journal: Arc<dyn SessionJournal>,
        meanwhile: impl FnOnce(),
    ) -> Result<Self, KitError> {
        self.bot.stop().await?;
        meanwhile();
        let builder = bot(
            &self.sim,
            Settings::with_token(self.ids.token.clone()),
            cogs.into_iter().collect(),
            Some(journal),
        );
        Ok(Self { bot: ready(builder).await?, ..self })
    }

    /// Stops the bot and starts one like it on the same data folder; `meanwhile` gets the folder while there is none.
    pub async fn again(self, meanwhile: impl FnOnce(&Path)) -> Result<Self, KitError> {
        self.bot.stop().await?;
        if let Some(folder) = self.recipe.folder() {
            meanwhile(folder);
        }
        let bot = ready(self.recipe.bot(&self.sim, &self.ids, None)).await?;
        Ok(Self { bot, ..self })
    }

    /// Stops the bot, then the local Discord.
    pub async fn stop(self) -> Result<(), KitError> {
        let ended = self.bot.stop().await;
        self.sim.tasks().shutdown(GRACE).await;
        Ok(ended?)
    }
}
