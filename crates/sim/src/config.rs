//! How a local Discord is started, and what can be changed while it runs.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

/// What REST rate limits do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RateLimitMode {
    /// No headers, no limits.
    Off,
    /// Headers count down, nothing is refused.
    Headers,
    /// As Discord: 429 when a bucket is empty.
    #[default]
    Enforce,
}

/// Chosen at the start.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// Where to listen; port 0 picks a free one. Anything but loopback needs `key`.
    pub listen: SocketAddr,
    /// Control key; required when listening beyond loopback, sent as `Authorization: Bearer KEY`.
    pub key: Option<String>,
    /// Accept any well-formed bot token as the default application's (for bots run by `sim exec`).
    pub accept_any_token: bool,
    /// Where [`Sim::save_world`](crate::Sim::save_world) and `POST /world/save` save the world, if anywhere.
    pub world_file: Option<PathBuf>,
    /// Real time after which a change is saved to `world_file` by itself; `None`: only on demand and by whoever calls
    /// [`Sim::save_world`](crate::Sim::save_world). Large worlds are saved less often.
    pub autosave: Option<Duration>,
    /// Real time between the answer to a gateway's upgrade and HELLO. On Discord a round trip lies between them;
    /// here both could reach a client in one read, and seyfert drops what comes along with the answer, then waits
    /// for HELLO in vain. Zero for tests that connect thousands of times.
    pub hello_delay: Duration,
    /// What can be changed later.
    pub settings: Settings,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            key: None,
            accept_any_token: false,
            world_file: None,
            autosave: Some(Duration::from_secs(3)),
            hello_delay: Duration::from_millis(25),
            settings: Settings::default(),
        }
    }
}

/// Can be changed while it runs (`PATCH /_sim/v1/settings`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// REST rate limits.
    pub rate_limits: RateLimitMode,
    /// Send `X-RateLimit-Scope` on 200 too (Discord documents it on 429 only).
    pub scope_on_200: bool,
    /// Keep request, response and event bodies in the journal.
    pub journal_bodies: bool,
    /// Heartbeat interval told in HELLO, in ms. Discord: about 41,250.
    pub heartbeat_interval_ms: u64,
    /// Compress when a client asks for it.
    pub compression: bool,
    /// How long a session can be resumed, in ms of world time. Community figure: about 90 s.
    pub resume_window_ms: u64,
    /// Guilds for each shard that `GET /gateway/bot` recommends, from 1 on. Discord: about 1,000.
    pub guilds_per_shard: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rate_limits: RateLimitMode::Enforce,
            scope_on_200: false,
            journal_bodies: true,
            heartbeat_interval_ms: 41_250,
            compression: true,
            resume_window_ms: 90_000,
            guilds_per_shard: 1000,
        }
    }
}

impl Settings {
    /// The resume window as a duration of world time.
    pub fn resume_window(&self) -> Duration {
        Duration::from_millis(self.resume_window_ms)
    }
}

/// Where a served local Discord is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// `http://127.0.0.1:P/api`, without a version.
    pub api_base: String,
    /// `ws://127.0.0.1:P`, without path and query.
    pub gateway_url: String,
    /// `http://127.0.0.1:P/cdn`.
    pub cdn_base: String,
    /// `http://127.0.0.1:P/_sim/v1`.
    pub control_url: String,
}

impl Addresses {
    /// The addresses of a listener at `address`; a wildcard is written as loopback.
    pub fn of(address: SocketAddr) -> Self {
        let host = if address.ip().is_unspecified() {
            format!("127.0.0.1:{}", address.port())
        } else {
            address.to_string()
        };
        Self {
            api_base: format!("http://{host}/api"),
            gateway_url: format!("ws://{host}"),
            cdn_base: format!("http://{host}/cdn"),
            control_url: format!("http://{host}/_sim/v1"),
        }
    }
}
