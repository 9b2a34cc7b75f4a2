//! Scopes. See Discord docs: OAuth2 / OAuth2 Scopes.

use serde::{Deserialize, Serialize};

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// A scope that means something here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Scope {$(
            $(#[$doc])*
            #[serde(rename = $text)]
            $name,
        )+}

        impl Scope {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in links and tokens.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

scopes! {
    /// The application's commands in a guild, or for a person.
    ApplicationsCommands = "applications.commands",
    /// Who may use which command.
    ApplicationsCommandsPermissionsUpdate = "applications.commands.permissions.update",
    /// The application's own commands; by client credentials only.
    ApplicationsCommandsUpdate = "applications.commands.update",
    /// The bot joins a guild.
    Bot = "bot",
    /// Linked accounts.
    Connections = "connections",
    /// The mail address.
    Email = "email",
    /// Which guilds.
    Guilds = "guilds",
    /// Joining guilds in which the bot is.
    GuildsJoin = "guilds.join",
    /// Oneself as a member of a guild.
    GuildsMembersRead = "guilds.members.read",
    /// Who one is.
    Identify = "identify",
    /// Who one is, as OpenID Connect tells it.
    Openid = "openid",
    /// Linked roles.
    RoleConnectionsWrite = "role_connections.write",
}

impl Scope {
    /// The scope of this name; `None` also for those that Discord has and nothing here uses.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }

    /// Whether it adds the application somewhere instead of giving it a token for something.
    pub fn installs(self) -> bool {
        matches!(self, Self::Bot | Self::ApplicationsCommands)
    }

    /// A list as links and token requests write it, each scope once and in the order of the list; or the first
    /// name that is none.
    ///
    /// # Errors
    /// The name.
    pub fn list(text: &str) -> Result<Vec<Self>, &str> {
        let mut scopes = Vec::new();
        // `+` is a space in a query already; libraries that escape it themselves mean one all the same.
        for name in text.split([' ', '+']).filter(|name| !name.is_empty()) {
            let scope = Self::named(name).ok_or(name)?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(scopes)
    }

    /// A list as token answers write it.
    pub fn joined(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")
    }
}
