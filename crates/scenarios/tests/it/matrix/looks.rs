//! With another theme nothing of the usual one is seen, whatever is called.

use std::time::Duration;

use cogwright_config::{Settings, settings as registry};
use cogwright_testkit::{Message, Person};
use serde_json::{Map, Value};

use super::rows::ROWS;
use super::{COOLED, Stage, Tier};
use crate::helpers::{give, role};

/// The emoji of the other theme, all alike.
const SIGN: &str = "🦀";
/// Its colours, all alike.
const COLOUR: u32 = 0x01_0203;

fn another_theme(settings: &mut Settings) {
    settings.rest.governor = false;
    let colours = &mut settings.theme.colours;
    for colour in [
        &mut colours.success,
        &mut colours.error,
        &mut colours.warning,
        &mut colours.info,
        &mut colours.main_menu,
        &mut colours.categories,
        &mut colours.credits,
    ] {
        *colour = COLOUR;
    }
    let keys = registry().filter_map(|setting| setting.key.strip_prefix("theme.emoji."));
    let emoji: Map<_, _> = keys.map(|key| (key.to_owned(), SIGN.into())).collect();
    settings.theme.emoji = serde_json::from_value(Value::Object(emoji)).unwrap();
    let bar = &mut settings.theme.bar;
    (bar.full, bar.free, bar.kept) = ("#".into(), "-".into(), "=".into());
}

/// Whether it is one of the signs that emoji and bars are made of.
fn is_sign(c: char) -> bool {
    matches!(u32::from(c), 0x2300..=0x27BF | 0x2B00..=0x2BFF | 0x2139 | 0xFE0F | 0x1_F000..=0x1_FAFF)
}

/// What of a message is not of the other theme.
fn usual(message: &Message) -> Vec<String> {
    let text = message.to_string().replace(SIGN, "");
    let mut found: Vec<_> = text.chars().filter(|c| is_sign(*c)).map(String::from).collect();
    let embeds = message["embeds"].as_array().into_iter().flatten();
    let colours = embeds.map(|embed| embed["color"].as_u64()).filter(|colour| *colour != Some(COLOUR.into()));
    found.extend(colours.map(|colour| format!("colour {colour:?}")));
    found
}

/// All that was answered, and how much of it had a sign or a colour.
#[derive(Default)]
struct Seen {
    messages: usize,
    themed: usize,
}

impl Seen {
    fn look(&mut self, message: &Message, what: &str) {
        assert_eq!(usual(message), [""; 0], "{what}: {}", message.0);
        self.messages += 1;
        self.themed += usize::from(message.to_string().contains(SIGN));
    }

    /// Says it, and looks at the answer once it has this part.
    async fn says(&mut self, stage: &Stage, person: &Person, line: &str, part: &str) -> Message {
        let answer = stage.kit.reply_to(&person.says(line).unwrap()).await.unwrap();
        self.look(&answer, line);
        let met = |message: &Message| message.to_string().contains(part);
        let done = stage.kit.until(&answer, &format!("{part:?} in the answer to {line}"), met).await.unwrap();
        self.look(&done, line);
        stage.kit.advance(COOLED);
        done
    }

    async fn presses(&mut self, stage: &Stage, person: &Person, on: &Message, label: &str, part: &str) {
        let pressed = person.clicks(on, label).await.unwrap();
        let message = Message(pressed.message.unwrap());
        let met = |message: &Message| message.to_string().contains(part);
        let done =
            if pressed.ephemeral { message } else { stage.kit.until(&message, part, met).await.unwrap() };
        assert!(met(&done), "{label}: {}", done.0);
        self.look(&done, label);
    }
}

#[tokio::test]
async fn with_another_theme_nothing_of_the_usual_one_is_seen() {
    let stage = Stage::open_with(another_theme).await;
    let (mut seen, kit) = (Seen::default(), &stage.kit);
    let (owner, guild_owner) = (stage.person(Tier::BotOwner), stage.person(Tier::GuildOwner));
    for row in ROWS {
        let line = format!("!{} {}", row.name, row.arguments);
        seen.says(&stage, owner, line.trim_end(), row.answer).await;
        let (arguments, part) = row.bad;
        seen.says(&stage, owner, format!("!{} {arguments}", row.name).trim_end(), part).await;
        if row.tier != Tier::Everybody {
            let member = stage.person(Tier::Everybody);
            seen.says(&stage, member, line.trim_end(), row.tier.refusal()).await;
        }
    }
    // Views, and what is seen rarely.
    let menu = seen.says(&stage, owner, "!help", "Help Menu").await;
    seen.presses(&stage, owner, &menu, "Credits", "Made with").await;
    let chosen = owner.chooses(&menu, "Choose a category", &["1"]).await.unwrap();
    let page = Message(chosen.message.unwrap());
    seen.look(&page, "a category");
    let chosen = owner.chooses(&page, "Show a command in full", &["0"]).await.unwrap();
    seen.look(&Message(chosen.message.unwrap()), "a command");
    seen.says(&stage, owner, "!help status", "Commands").await;
    seen.says(&stage, owner, "!status ad", "There is no").await;
    seen.says(&stage, owner, "!status add playing games", "Status added").await;
    seen.says(&stage, owner, "!status list", "games").await;
    let databases = seen.says(&stage, owner, "!dbstats", "Back up now").await;
    seen.presses(&stage, owner, &databases, "Back up now", "Backup Complete").await;
    let admins = role(kit, "Admins", "8");
    give(kit, guild_owner, owner, &admins);
    let question = format!("!config setprefix {}", role(kit, "Mods", "0"));
    let question = seen.says(&stage, guild_owner, &question, "Some would lose").await;
    seen.presses(&stage, guild_owner, &question, "Yes", "Permission Added").await;
    let first = owner.says("!stats").unwrap();
    kit.reply_to(&first).await.unwrap();
    seen.says(&stage, owner, "!stats", "Try again in").await;
    kit.advance(Duration::from_secs(60));
    assert!(seen.messages > 150 && seen.themed > 100, "{} of {} had a sign", seen.themed, seen.messages);
    stage.kit.stop().await.unwrap();
}
