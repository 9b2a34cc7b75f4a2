//! Who counts as an owner of the bot: one notion for everything.

use std::collections::BTreeMap;

use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::{ApplicationInfo, TeamRole};

/// What the operator has said about owners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerSettings {
    /// `BOT_OWNER_ID`.
    pub bot_owner: Option<Id<UserMarker>>,
    /// `owner_ids` of config.json.
    pub owner_ids: Vec<Id<UserMarker>>,
    /// `team_owners` of config.json: whether of the application's team its owner, admins and developers count.
    pub team_owners: bool,
}

impl Default for OwnerSettings {
    fn default() -> Self {
        Self { bot_owner: None, owner_ids: Vec::new(), team_owners: true }
    }
}

/// Why somebody is an owner. Where several reasons hold the first one is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Title {
    /// `BOT_OWNER_ID` names them.
    BotOwner,
    /// `owner_ids` names them.
    OwnerIds,
    /// They own the team of the application.
    TeamOwner,
    /// An admin of that team.
    TeamAdmin,
    /// A developer of that team.
    TeamDeveloper,
    /// They own the application, and `BOT_OWNER_ID` is not set.
    ApplicationOwner,
}

/// The owners of the bot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners(BTreeMap<Id<UserMarker>, Title>);

impl Owners {
    /// All owners. Without `BOT_OWNER_ID` the application's owner is one: of a team's application the team's.
    pub fn new(settings: &OwnerSettings, application: &ApplicationInfo) -> Self {
        let mut owners = Self::default();
        if let Some(user) = settings.bot_owner {
            owners.add(user, Title::BotOwner);
        }
        for user in &settings.owner_ids {
            owners.add(*user, Title::OwnerIds);
        }
        if let Some(team) = application.team.as_ref().filter(|_| settings.team_owners) {
            owners.add(team.owner, Title::TeamOwner);
            for member in &team.members {
                match member.role {
                    TeamRole::Admin => owners.add(member.user, Title::TeamAdmin),
                    TeamRole::Developer => owners.add(member.user, Title::TeamDeveloper),
                    TeamRole::ReadOnly => {}
                }
            }
        }
        if settings.bot_owner.is_none() {
            let owner = application.team.as_ref().map(|team| team.owner).or(application.owner);
            if let Some(owner) = owner {
                owners.add(owner, Title::ApplicationOwner);
            }
        }
        owners
    }

    /// Exactly these, all named by `BOT_OWNER_ID`. For tests.
    pub fn of(users: impl IntoIterator<Item = Id<UserMarker>>) -> Self {
        Self(users.into_iter().map(|user| (user, Title::BotOwner)).collect())
    }

    fn add(&mut self, user: Id<UserMarker>, title: Title) {
        self.0.entry(user).or_insert(title);
    }

    /// Whether the user is an owner.
    pub fn contains(&self, user: Id<UserMarker>) -> bool {
        self.0.contains_key(&user)
    }

    /// Why the user is an owner; `None` when they are none.
    pub fn title(&self, user: Id<UserMarker>) -> Option<Title> {
        self.0.get(&user).copied()
    }

    /// All owners with the reason, by id.
    pub fn iter(&self) -> impl Iterator<Item = (Id<UserMarker>, Title)> {
        self.0.iter().map(|(user, title)| (*user, *title))
    }

    /// Whether nobody is an owner.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::info;
    use super::*;

    fn team() -> ApplicationInfo {
        let member = |id: &str, role: &str| json!({"membership_state": 2, "role": role, "user": {"id": id}});
        info(json!({"id": "9", "owner": {"id": "77"}, "team": {"owner_user_id": "1", "members": [
            member("1", "admin"), member("2", "admin"), member("3", "developer"), member("4", "read_only"),
        ]}}))
    }

    fn ids(owners: &Owners) -> Vec<(u64, Title)> {
        owners.iter().map(|(user, title)| (user.get(), title)).collect()
    }

    #[test]
    fn everybody_who_is_named_counts() {
        let settings = OwnerSettings {
            bot_owner: Some(Id::new(10)),
            owner_ids: vec![Id::new(11), Id::new(10), Id::new(3)],
            team_owners: true,
        };
        let owners = Owners::new(&settings, &team());
        let expected = [
            (1, Title::TeamOwner),
            (2, Title::TeamAdmin),
            (3, Title::OwnerIds),
            (10, Title::BotOwner),
            (11, Title::OwnerIds),
        ];
        assert_eq!(ids(&owners), expected);
        assert!(!owners.contains(Id::new(4)) && !owners.contains(Id::new(77)));
    }

    #[test]
    fn the_team_can_be_left_out() {
        let settings =
            OwnerSettings { bot_owner: Some(Id::new(10)), team_owners: false, ..OwnerSettings::default() };
        assert_eq!(ids(&Owners::new(&settings, &team())), [(10, Title::BotOwner)]);
    }

    #[test]
    fn without_a_name_the_applications_owner_is_one() {
        let alone = info(json!({"id": "9", "owner": {"id": "77"}}));
        let nobody = OwnerSettings { team_owners: false, ..OwnerSettings::default() };
        assert_eq!(ids(&Owners::new(&nobody, &alone)), [(77, Title::ApplicationOwner)]);
        assert_eq!(
            ids(&Owners::new(&nobody, &team())),
            [(1, Title::ApplicationOwner)],
            "no team is a person"
        );
        let named = OwnerSettings { owner_ids: vec![Id::new(5)], ..nobody };
        assert_eq!(ids(&Owners::new(&named, &alone)), [(5, Title::OwnerIds), (77, Title::ApplicationOwner)]);
        assert!(Owners::new(&OwnerSettings::default(), &info(json!({"id": "9"}))).is_empty());
    }
}
