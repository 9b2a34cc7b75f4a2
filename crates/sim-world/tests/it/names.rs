//! Names of users, members and webhooks. See Discord docs: User / Usernames and Nicknames.

use cogwright_sim_world::{
    ApiError,
    places::{self, operator},
    webhooks::{self, WebhookAccess},
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

/// The code of the only error under a key.
fn code(error: &ApiError, key: &str) -> Value {
    let body = error.body();
    let errors = &body["errors"][key]["_errors"];
    assert_eq!(errors.as_array().map(Vec::len), Some(1), "{body}");
    errors[0]["code"].clone()
}

#[test]
fn white_space_goes_from_the_ends_and_from_in_between() {
    let mut stage = Stage::new();
    let (bot, guild, channel) = (stage.bot, stage.ids.guild, stage.ids.channel);
    let wide = "\u{3000} Cog \t\u{200B} \n wright\u{FEFF} ";

    let renamed = stage.does(places::PatchMe { actor: bot, body: json!({ "username": wide }) });
    assert_eq!(renamed["username"], "Cog wright");
    let own = stage.does(places::PatchMyMember { actor: bot, guild, body: json!({ "nick": wide }) });
    assert_eq!(own["nick"], "Cog wright");
    let member =
        places::PatchMember { actor: bot, guild, user: stage.noor.user, body: json!({ "nick": wide }) };
    assert_eq!(stage.does(member)["nick"], "Cog wright");
    let body = json!({ "nick": format!("a{}b", " ".repeat(40)) });
    let operated = operator::PatchMember { guild, user: stage.noor.user, body };
    let told = stage.events(operated);
    assert_eq!(stage.payload(&told, "GUILD_MEMBER_UPDATE")["nick"], "a b", "as long as it is afterwards");
    let hook = stage.does(webhooks::CreateWebhook { actor: bot, channel, body: json!({ "name": wide }) });
    assert_eq!(hook["name"], "Cog wright");

    // Nothing but white space is no name; joiners hold emojis together.
    let body = json!({ "nick": "\u{200B} \u{2060}" });
    assert_eq!(stage.does(places::PatchMyMember { actor: bot, guild, body })["nick"], Value::Null);
    let nameless = webhooks::CreateWebhook { actor: bot, channel, body: json!({ "name": " \u{200B} " }) };
    assert_eq!(code(&stage.refusal(nameless), "name"), "BASE_TYPE_REQUIRED");
    let short = places::PatchMe { actor: bot, body: json!({ "username": " x " }) };
    assert_eq!(code(&stage.refusal(short), "username"), "BASE_TYPE_BAD_LENGTH");
    let family = "👨\u{200D}👩\u{200D}👧";
    let body = json!({ "nick": family });
    assert_eq!(stage.does(places::PatchMyMember { actor: bot, guild, body })["nick"], family);
}

#[test]
fn some_words_are_in_no_username_though_in_nicknames() {
    let mut stage = Stage::new();
    let (actor, guild, channel) = (stage.bot, stage.ids.guild, stage.ids.channel);
    for name in ["a@b", "a#b", "a:b", "a```b", "My DisCord"] {
        let user = places::PatchMe { actor, body: json!({ "username": name }) };
        assert_eq!(code(&stage.refusal(user), "username"), "USERNAME_INVALID_CONTAINS", "{name}");
        let member = places::PatchMyMember { actor, guild, body: json!({ "nick": name }) };
        assert_eq!(stage.does(member)["nick"], name);
    }
    for name in ["everyone", "HERE "] {
        let user = places::PatchMe { actor, body: json!({ "username": name }) };
        assert_eq!(code(&stage.refusal(user), "username"), "USERNAME_INVALID", "{name}");
        stage.does(places::PatchMe { actor, body: json!({ "username": format!("{name}x") }) });
    }

    // See Discord docs: Webhook / Create Webhook.
    let hook = stage.does(webhooks::CreateWebhook { actor, channel, body: json!({ "name": "a@b#c:" }) });
    let webhook = id(&hook);
    let access = WebhookAccess::Actor(actor, webhook);
    for name in ["discord", "a\u{200B}Clyde"] {
        let renamed = webhooks::PatchWebhook { access: access.clone(), body: json!({ "name": name }) };
        assert_eq!(code(&stage.refusal(renamed), "name"), "USERNAME_INVALID_CONTAINS", "{name}");
    }
}
