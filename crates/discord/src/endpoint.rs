//! Which Discord we talk to.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

/// The API version in every path. See Discord docs: API Reference / API Versioning.
const API_VERSION: u8 = 10;

/// Discord itself or a server that speaks its protocol without TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Endpoint {
    /// discord.com.
    #[default]
    Discord,
    /// A local server.
    Local {
        /// Host and port of the REST API, without scheme and path: `127.0.0.1:8787`.
        rest: String,
        /// Address of the gateway with scheme, without trailing slash and query:
        /// `ws://127.0.0.1:8787`.
        gateway: String,
    },
}

impl Endpoint {
    /// A local server that serves REST and gateway on the same `host:port`.
    pub fn local(host: impl fmt::Display) -> Self {
        Self::Local { rest: host.to_string(), gateway: format!("ws://{host}") }
    }

    /// Whether requests stay on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let Self::Local { rest, .. } = self else { return false };
        let host = rest.parse::<SocketAddr>().map(|address| address.ip());
        let host = host.or_else(|_| rest.parse::<IpAddr>());
        let name = rest.rsplit_once(':').map_or(rest.as_str(), |(name, _)| name);
        host.map_or_else(|_| name.eq_ignore_ascii_case("localhost"), |ip| ip.is_loopback())
    }

    /// What every REST path is appended to, with a trailing slash.
    pub(crate) fn rest_base(&self) -> String {
        match self {
            Self::Discord => format!("https://discord.com/api/v{API_VERSION}/"),
            Self::Local { rest, .. } => format!("http://{rest}/api/v{API_VERSION}/"),
        }
    }

    /// What the path of a picture is appended to. See Discord docs: Reference / Image Formatting.
    pub(crate) fn cdn_base(&self) -> String {
        match self {
            Self::Discord => "https://cdn.discordapp.com".to_owned(),
            Self::Local { rest, .. } => format!("http://{rest}/cdn"),
        }
    }

    /// Where to connect to instead of Discord's gateway.
    pub(crate) fn gateway_override(&self) -> Option<&str> {
        match self {
            Self::Discord => None,
            Self::Local { gateway, .. } => Some(gateway),
        }
    }
}

/// Which Discord, for messages.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Discord => f.write_str("Discord (discord.com)"),
            Self::Local { rest, .. } => write!(f, "the local Discord at {rest}"),
        }
    }
}

/// Chooses ring for TLS, once per process.
///
/// rustls refuses to guess as soon as a second provider is anywhere in the graph, and then even
/// plain `http://` clients panic while they are built. Doing it here spares every binary and
/// test the thought. A provider that someone else has installed already stays.
pub(crate) fn install_tls_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("a TLS provider was installed before ours");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let local = Endpoint::local("127.0.0.1:8787");
        assert_eq!(local.rest_base(), "http://127.0.0.1:8787/api/v10/");
        assert_eq!(local.gateway_override(), Some("ws://127.0.0.1:8787"));
        let real = Endpoint::Discord.rest_base();
        assert_eq!(real, "https://discord.com/api/v10/");
        assert_eq!(Endpoint::Discord.gateway_override(), None);
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for yes in ["127.0.0.1:8787", "127.5.0.1", "[::1]:80", "localhost:1", "LOCALHOST"] {
            assert!(Endpoint::local(yes).is_loopback(), "{yes}");
        }
        for no in ["10.0.0.1:80", "localhost.example:80", "discord.com", "0.0.0.0:1", "[::2]:1"] {
            assert!(!Endpoint::local(no).is_loopback(), "{no}");
        }
        assert!(!Endpoint::Discord.is_loopback());
    }

    #[test]
    fn the_provider_may_be_installed_twice() {
        install_tls_provider();
        install_tls_provider();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
    }
}
