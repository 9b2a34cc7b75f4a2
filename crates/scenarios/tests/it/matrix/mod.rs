//! Every built-in command: who may call it where, in both forms, and what bad arguments are answered. The page of the
//! documentation is made of the same table.

mod cooldowns;
mod looks;
mod page;
mod rows;

use std::collections::BTreeSet;
use std::time::Duration;

use cogwright_config::Settings;
use cogwright_runtime::described_cogs;
use cogwright_sim_world::places::operator;
use cogwright_sim_world::{Actor, places};
use cogwright_testkit::{Kit, Message, Person};
use serde_json::{Value, json};

use self::rows::{ROWS, Row};

/// Whom a command lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Everybody,
    Administrator,
    GuildOwner,
    BotOwner,
}

impl Tier {
    const ALL: [Self; 4] = [Self::BotOwner, Self::Everybody, Self::Administrator, Self::GuildOwner];

    /// Whether somebody of the tier `caller` gets in. An owner of the bot passes as what they are: the one of this
    /// test is a member without any role.
    fn admits(self, caller: Self) -> bool {
        caller >= self
    }

    /// What the others are told.
    fn refusal(self) -> &'static str {
        match self {
            Self::Everybody => "never said",
            Self::Administrator => "You need **Administrator**",
            Self::GuildOwner => "Only the owner of this server and the owners of the bot",
            Self::BotOwner => "Only the owners of the bot",
        }
    }
}

/// More than the cooldown of any built-in command.
const COOLED: Duration = Duration::from_secs(11);

const GUILD_ONLY: &str = "This command only works in a server";

/// A kit with one person of each tier.
struct Stage {
    kit: Kit,
    people: [(Tier, Person); 4],
}

impl Stage {
    async fn open() -> Self {
        Self::open_with(|settings| settings.rest.governor = false).await
    }

    /// The whole table in a few seconds is more than Discord's global limit takes, so `change` switches the governor off.
    async fn open_with(change: fn(&mut Settings)) -> Self {
        let kit = Kit::builder().builtin().settings(change).frozen().start().await.unwrap();
        let admin = kit.newcomer("admin").unwrap();
        let people = Tier::ALL.map(|tier| {
            let person = match tier {
                Tier::BotOwner => kit.owner(),
                Tier::Everybody => kit.newcomer("member").unwrap(),
                Tier::Administrator => admin.clone(),
                Tier::GuildOwner => crate::guild_settings::guild_owner(&kit),
            };
            (tier, person)
        });
        let stage = Self { kit, people };
        stage.administrates(&admin);
        stage
    }

    fn person(&self, tier: Tier) -> &Person {
        &self.people.iter().find(|(of, _)| *of == tier).unwrap().1
    }

    fn administrates(&self, person: &Person) {
        let (guild, body) = (self.kit.guild(), json!({ "name": "Administrators", "permissions": "8" }));
        let role = self.kit.sim().apply(operator::CreateRole { guild, body }).unwrap();
        let give = places::SetMemberRole {
            actor: Actor::person(self.person(Tier::GuildOwner).id()),
            guild,
            user: person.id(),
            role: role["id"].as_str().unwrap().parse().unwrap(),
            give: true,
        };
        self.kit.sim().apply(give).unwrap();
    }

    /// Writes it and waits until the answer, its edits included, has this part.
    async fn says(&self, person: &Person, line: &str, part: &str, who: &str) {
        let asked = person.says(line).unwrap();
        let answer = self.kit.reply_to(&asked).await.unwrap();
        self.comes_to(&answer, part, &format!("{who}: {line}")).await;
    }

    async fn comes_to(&self, answer: &Message, part: &str, what: &str) {
        if !answer.to_string().contains(part) {
            let met = |message: &Message| message.to_string().contains(part);
            self.kit.until(answer, &format!("{part:?} in the answer to {what}"), met).await.unwrap();
        }
        assert_eq!(answer["mentions"].as_array().map(Vec::len), Some(0), "{what} pings: {}", answer.0);
    }

    /// Uses the slash form; `None` when Discord does not offer it.
    async fn uses(&self, person: &Person, row: &Row, options: &Value) -> Option<(Message, bool)> {
        let (root, options) = row.slash(options.clone());
        let used = person.slash(root, options).await.ok()?;
        let message = used.message.unwrap_or_else(|| panic!("/{} was not answered", row.name));
        Some((Message(message), used.ephemeral))
    }

    /// Uses the slash form, which is offered, and must end like this.
    async fn answers(&self, person: &Person, row: &Row, options: &Value, part: &str, who: &str) {
        let what = format!("{who}: /{} {options}", row.name);
        let (message, ephemeral) =
            self.uses(person, row, options).await.unwrap_or_else(|| panic!("{what} is not offered"));
        self.comes_to(&message, part, &what).await;
        assert!(ephemeral || part == row.answer, "{what}: a refusal is for the caller alone");
    }
}

#[tokio::test]
async fn every_listed_command_has_a_row() {
    let cogs = described_cogs(&Settings::with_token("a.b.c")).await.unwrap();
    let listed: BTreeSet<_> = cogs
        .iter()
        .flat_map(cogwright_command::Cog::commands)
        .filter(|c| c.is_listed())
        .map(cogwright_command::Spec::qualified_name)
        .collect();
    let rows: BTreeSet<_> = ROWS.iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(rows.len(), ROWS.len(), "a command has two rows");
    assert_eq!(rows, listed, "left: rows of the table, right: commands of the catalogue");
}

#[tokio::test]
async fn the_prefix_form_lets_in_whom_the_table_says() {
    let stage = Stage::open().await;
    for row in ROWS {
        let line = format!("!{} {}", row.name, row.arguments);
        for (tier, person) in &stage.people {
            let part = if row.tier.admits(*tier) { row.answer } else { row.tier.refusal() };
            stage.says(person, line.trim_end(), part, &format!("{tier:?}")).await;
        }
        stage.kit.advance(COOLED);
        for tier in [Tier::BotOwner, Tier::Everybody] {
            let direct = stage.person(tier).in_dm_with(stage.kit.bot_user()).unwrap();
            let part = match (row.direct, row.tier.admits(tier)) {
                (false, _) => GUILD_ONLY,
                (true, true) => row.answer,
                (true, false) => row.tier.refusal(),
            };
            stage.says(&direct, line.trim_end(), part, &format!("{tier:?} in a DM")).await;
        }
        stage.kit.advance(COOLED);
        let (arguments, part) = row.bad;
        let line = format!("!{} {arguments}", row.name);
        stage.says(stage.person(Tier::BotOwner), line.trim_end(), part, "bad arguments").await;
        stage.kit.advance(COOLED);
    }
    stage.kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_slash_form_lets_in_whom_the_table_says() {
    let stage = Stage::open().await;
    let owner = stage.person(Tier::BotOwner);
    // Discord shows whoever is a mere member none of these, whomever the bot belongs to.
    for row in ROWS.iter().filter(|row| row.tier != Tier::Everybody) {
        assert!(
            stage.uses(owner, row, &row.options()).await.is_none(),
            "/{} is offered to members",
            row.name
        );
    }
    stage.administrates(owner);
    for row in ROWS {
        let options = row.options();
        for (tier, person) in &stage.people {
            let who = format!("{tier:?}");
            if row.tier.admits(*tier) {
                stage.answers(person, row, &options, row.answer, &who).await;
            } else if *tier == Tier::Everybody {
                assert!(stage.uses(person, row, &options).await.is_none(), "/{} is offered", row.name);
            } else {
                stage.answers(person, row, &options, row.tier.refusal(), &who).await;
            }
        }
        stage.kit.advance(COOLED);
        for tier in [Tier::BotOwner, Tier::Everybody] {
            let (direct, who) =
                (stage.person(tier).in_dm_with(stage.kit.bot_user()).unwrap(), format!("{tier:?} in a DM"));
            if !row.direct {
                assert!(
                    stage.uses(&direct, row, &options).await.is_none(),
                    "/{} is offered: {who}",
                    row.name
                );
            } else if row.tier.admits(tier) {
                stage.answers(&direct, row, &options, row.answer, &who).await;
            } else {
                stage.answers(&direct, row, &options, row.tier.refusal(), &who).await;
            }
        }
        stage.kit.advance(COOLED);
        if let Some((options, part)) = row.bad_options {
            let options: Value = serde_json::from_str(options).unwrap();
            stage.answers(owner, row, &options, part, "bad options").await;
        }
    }
    stage.kit.stop().await.unwrap();
}
