//! The local Discord in this process, set for measuring, and children that talk to it.

use std::{process::Stdio, time::Duration};

use cogwright_sim::{RateLimitMode, Sim, SimConfig};
use cogwright_sim_world::{Actor, DefaultIds, Timestamp, World, load, messages::CreateMessage};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::Outcome;

/// How long a child may take for one line.
const PATIENCE: Duration = Duration::from_secs(300);
/// When generated worlds were made, in milliseconds; before today, so that ids are in order.
const GENERATED_AT: u64 = 1_792_000_000_000;
/// How long open connections get to end.
const GRACE: Duration = Duration::from_secs(3);

/// A served local Discord.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) sim: Sim,
    pub(crate) ids: DefaultIds,
}

impl Stage {
    /// Serves this world, or the default one, without rate limits; `bodies` in the journal or not.
    pub(crate) async fn start(world: Option<World>, bodies: bool) -> Outcome<Self> {
        let mut config = SimConfig::default();
        config.settings.rate_limits = RateLimitMode::Off;
        config.settings.journal_bodies = bodies;
        let make = |addresses: &cogwright_sim::Addresses, now| {
            world.unwrap_or_else(|| World::default_world(&addresses.cdn_base, now).0)
        };
        let sim = Sim::serve(config, make).await.map_err(|e| format!("cannot listen: {e}"))?;
        let ids = sim.read(|world, _| world.default_ids()).ok_or("the world has no application")?;
        Ok(Self { sim, ids })
    }

    /// `host:port`.
    pub(crate) fn host(&self) -> String {
        self.sim.addresses().gateway_url.trim_start_matches("ws://").to_owned()
    }

    /// The owner writes a message.
    pub(crate) fn say(&self, text: &str) -> Outcome {
        let action = CreateMessage {
            actor: Actor::person(self.ids.user),
            channel: self.ids.channel,
            body: json!({ "content": text }),
            files: Vec::new(),
        };
        self.sim.apply(action).map(drop).map_err(|e| format!("a message was refused: {e}"))
    }

    /// This program again, as a client of this stage.
    pub(crate) fn child(&self, scenario: &str, count: usize) -> Outcome<Other> {
        Other::start(&[
            "child",
            scenario,
            "--host",
            &self.host(),
            "--token",
            &self.ids.token,
            "--channel",
            &self.ids.channel.to_string(),
            "--count",
            &count.to_string(),
        ])
    }

    pub(crate) async fn stop(self) {
        self.sim.tasks().shutdown(GRACE).await;
    }
}

/// A world of this many guilds, the same each time.
pub(crate) fn generated(guilds: usize) -> World {
    load::generate(guilds, 1, Timestamp::from_ms(GENERATED_AT)).0
}

/// A child process of this program.
#[derive(Debug)]
pub(crate) struct Other {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Other {
    pub(crate) fn start(args: &[&str]) -> Outcome<Self> {
        let program = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
        let mut command = Command::new(program);
        command.args(args).stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|e| format!("cannot start a child: {e}"))?;
        let stdout = child.stdout.take().ok_or("the child has no output")?;
        Ok(Self { child, lines: BufReader::new(stdout).lines() })
    }

    /// The next line it says.
    pub(crate) async fn line(&mut self) -> Outcome<String> {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.map_err(|_| format!("the child said nothing for {} s", PATIENCE.as_secs()))?;
        line.map_err(|e| e.to_string())?.ok_or_else(|| "the child ended early".to_owned())
    }

    /// Waits for its end.
    pub(crate) async fn end(mut self) -> Outcome {
        let status = self.child.wait().await.map_err(|e| e.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("the child failed: {status}")) }
    }
}
