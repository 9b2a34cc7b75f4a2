//! What Discord knows about the bot's application: who owns it and what it may ask the gateway for.
//!
//! See Discord docs: Application / Application Object, Teams / Team Member Object.

mod owners;

pub use owners::{OwnerSettings, Owners, Title};

use serde::Deserialize;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, UserMarker};
use twilight_model::oauth::ApplicationFlags;

use crate::rest::{Priority, Rest, RestError};

/// The bot's application, as far as the bot needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationInfo {
    /// Its id, which invite links and commands are made with.
    pub id: Id<ApplicationMarker>,
    /// Its name.
    pub name: String,
    /// What it may do; `None` when the server does not say.
    pub flags: Option<ApplicationFlags>,
    /// Whose it is. Of a team's application a user that stands for the team, not a person.
    pub owner: Option<Id<UserMarker>>,
    /// The team it belongs to.
    pub team: Option<Team>,
}

/// The team behind an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Who owns it.
    pub owner: Id<UserMarker>,
    /// Those who have accepted the invitation, the owner among them.
    pub members: Vec<TeamMember>,
}

/// A member of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMember {
    /// The user.
    pub user: Id<UserMarker>,
    /// What they may do to the application.
    pub role: TeamRole,
}

/// See Discord docs: Teams / Team Member Roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamRole {
    /// Everything but deleting the team.
    Admin,
    /// Everything but the team's own matters.
    Developer,
    /// Reading, or a role that did not exist when this was written.
    ReadOnly,
}

impl ApplicationInfo {
    /// Asks Discord.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn ask(rest: &Rest) -> Result<Self, RestError> {
        let wire: Wire = rest.send(rest.http().current_user_application(), Priority::Normal).await?.json()?;
        Ok(wire.into())
    }
}

/// Only what is needed, so that no other field can be in the way.
#[derive(Deserialize)]
struct Wire {
    id: Id<ApplicationMarker>,
    #[serde(default)]
    name: String,
    flags: Option<ApplicationFlags>,
    owner: Option<WireUser>,
    team: Option<WireTeam>,
}

#[derive(Deserialize)]
struct WireUser {
    id: Id<UserMarker>,
}

#[derive(Deserialize)]
struct WireTeam {
    owner_user_id: Id<UserMarker>,
    #[serde(default)]
    members: Vec<WireMember>,
}

#[derive(Deserialize)]
struct WireMember {
    membership_state: u8,
    #[serde(default)]
    role: String,
    user: WireUser,
}

/// See Discord docs: Teams / Membership State Enum.
const ACCEPTED: u8 = 2;

impl From<Wire> for ApplicationInfo {
    fn from(wire: Wire) -> Self {
        let team = wire.team.map(|team| Team {
            owner: team.owner_user_id,
            members: team
                .members
                .into_iter()
                // Who was invited has not agreed to anything.
                .filter(|member| member.membership_state == ACCEPTED)
                .map(|member| TeamMember { user: member.user.id, role: TeamRole::of(&member.role) })
                .collect(),
        });
        Self { id: wire.id, name: wire.name, flags: wire.flags, owner: wire.owner.map(|user| user.id), team }
    }
}

impl TeamRole {
    fn of(name: &str) -> Self {
        match name {
            "admin" => Self::Admin,
            "developer" => Self::Developer,
            _ => Self::ReadOnly,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    pub(super) fn info(value: Value) -> ApplicationInfo {
        serde_json::from_value::<Wire>(value).expect("fits").into()
    }

    #[test]
    fn only_accepted_members_count_and_unknown_roles_may_only_read() {
        let info = info(json!({
            "id": "9", "name": "bot", "flags": 1 << 18, "owner": {"id": "77", "username": "team9"},
            "team": {"id": "1", "name": "t", "icon": null, "owner_user_id": "1", "members": [
                {"membership_state": 2, "role": "admin", "team_id": "1", "user": {"id": "1"}, "permissions": ["*"]},
                {"membership_state": 2, "role": "developer", "team_id": "1", "user": {"id": "2"}},
                {"membership_state": 2, "role": "auditor", "team_id": "1", "user": {"id": "3"}},
                {"membership_state": 1, "role": "admin", "team_id": "1", "user": {"id": "4"}},
            ]},
        }));
        let team = info.team.expect("has one");
        let roles: Vec<_> = team.members.iter().map(|member| (member.user.get(), member.role)).collect();
        let expected = [(1, TeamRole::Admin), (2, TeamRole::Developer), (3, TeamRole::ReadOnly)];
        assert_eq!((team.owner.get(), roles), (1, expected.to_vec()));
        assert!(info.flags.expect("are said").contains(ApplicationFlags::GATEWAY_MESSAGE_CONTENT));
    }

    #[test]
    fn an_id_is_enough() {
        let info = info(json!({"id": "9"}));
        assert_eq!((info.id.get(), info.flags, info.owner, info.team), (9, None, None, None));
    }
}
