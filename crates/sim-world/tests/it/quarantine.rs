//! Auto moderation of what is no message: members' names, and titles of threads. And what counts as spam.

use cogwright_sim_world::{
    Actor, ChannelKind, Event, GuildId, RuleId, UserId,
    auto_moderation::*,
    intents, member_flags, messages, permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

const EXECUTION: &str = "AUTO_MODERATION_ACTION_EXECUTION";
const FLAG: u32 = member_flags::AUTOMOD_QUARANTINED_USERNAME;

/// A rule of the owner's against the word "cat", on.
fn rule(stage: &mut Stage, kind: u8, actions: &Value) -> RuleId {
    let body = json!({
        "name": "Cats", "event_type": if kind == 6 { 2 } else { 1 }, "trigger_type": kind, "enabled": true,
        "actions": actions, "trigger_metadata": { "keyword_filter": ["*cat*"] },
    });
    id(&stage.does(CreateRule { actor: stage.owner, guild: stage.guild, body }))
}

/// Blocks interaction, and reports to the announcement channel.
fn both(stage: &Stage) -> Value {
    let channel = stage.channel(ChannelKind::Announcement);
    json!([{ "type": 4 }, { "type": 2, "metadata": { "channel_id": channel } }])
}

fn flags(stage: &Stage, user: UserId) -> u32 {
    stage.world.member(stage.guild, user).expect("a member").flags
}

fn rename(user: UserId, name: &str) -> operator::PatchUser {
    operator::PatchUser { user, body: json!({ "global_name": name }) }
}

fn nickname(actor: Actor, guild: GuildId, user: UserId, nick: Value) -> places::PatchMember {
    places::PatchMember { actor, guild, user, body: json!({ "nick": nick }) }
}

fn say(stage: &Stage, who: Actor, text: &str) -> messages::CreateMessage {
    let body = json!({ "content": text });
    messages::CreateMessage { actor: who, channel: stage.ids.channel, body, files: Vec::new() }
}

/// The fields of the alert among events, without what differs from time to time.
fn alert(stage: &Stage, events: &[Event]) -> Vec<(String, String)> {
    let message = stage.payload(events, "MESSAGE_CREATE");
    assert_eq!(message["type"], 24, "{message}");
    let fields = message["embeds"][0]["fields"].as_array().expect("fields").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    fields.map(|f| (text(&f["name"]), text(&f["value"]))).filter(|(name, _)| name != "decision_id").collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_name_that_triggers_a_rule_puts_its_bearer_into_quarantine_until_they_have_another() {
    let mut stage = Stage::new();
    let (noor, guild) = (stage.noor, stage.guild);
    let actions = both(&stage);
    let made = rule(&mut stage, 6, &actions);
    let events = stage.events(rename(noor.user, "Concatenator"));
    assert_eq!(
        stage.told(&events),
        ["GUILD_MEMBER_UPDATE", EXECUTION, "MESSAGE_CREATE", EXECUTION],
        "the member first, then what was done in the rule's order"
    );
    assert_eq!(stage.payload(&events, "GUILD_MEMBER_UPDATE")["flags"], 1 << 7);
    assert_eq!(
        stage.payload(&events, EXECUTION),
        json!({
            "guild_id": guild, "action": { "type": 4, "metadata": {} }, "rule_id": made, "rule_trigger_type": 6,
            "user_id": noor.user, "content": "Concatenator", "matched_keyword": "*cat*", "matched_content": "cat",
        })
    );
    assert_eq!(
        alert(&stage, &events),
        pairs(&[
            ("rule_name", "Cats"),
            ("keyword", "*cat*"),
            ("keyword_matched_content", "cat"),
            ("quarantine_user", "display_name"),
            ("quarantine_event", "username_update"),
            ("quarantine_user_action", "quarantine_user"),
        ])
    );
    assert_eq!(stage.audits()[1..], [146, 144]);
    assert!(stage.audit_entry()["options"].get("channel_id").is_none());

    // They may read, and take a nickname; nothing else.
    assert_eq!(stage.refused(say(&stage, noor, "hi")), 50013);
    let bits = stage.world.channel_permissions(stage.ids.channel, noor.user, stage.now).expect("a channel");
    assert_eq!(bits, p::VIEW_CHANNEL | p::READ_MESSAGE_HISTORY | p::CHANGE_NICKNAME);
    let why = stage.world.explain_in_channel(stage.ids.channel, noor.user, stage.now).expect("a channel");
    let decided = why.of(p::SEND_MESSAGES).decided_by;
    assert_eq!(decided, Some(p::Cause::Quarantined));
    let own = |nick: Value| places::PatchMyMember { actor: noor, guild, body: json!({ "nick": nick }) };
    stage.does(own(json!("Noor")));
    assert_eq!(flags(&stage, noor.user), FLAG, "the name below the nickname is still there");
    // Names once more: told once, done once.
    let events = stage.events(rename(noor.user, "Catapult"));
    assert_eq!(stage.told(&events), ["GUILD_MEMBER_UPDATE"]);
    let events = stage.events(rename(noor.user, "Noor"));
    assert_eq!(stage.payload(&events, "GUILD_MEMBER_UPDATE")["flags"], 0);
    stage.does(say(&stage, noor, "hi"));
}

#[test]
fn whoever_joins_or_writes_with_such_a_name_is_caught_too_but_not_whom_the_rule_exempts() {
    let mut stage = Stage::new();
    let (noor, mika, owner, guild) = (stage.noor, stage.mika, stage.owner, stage.guild);
    // Before there is a rule, everybody may be called what they like.
    stage.does(rename(noor.user, "Tomcat"));
    stage.does(rename(owner.user, "Wildcat"));
    let actions = both(&stage);
    let made = rule(&mut stage, 6, &actions);
    assert_eq!(flags(&stage, noor.user), 0);
    stage.does(say(&stage, owner, "I manage the guild"));
    let action = say(&stage, noor, "hi");
    let error = stage.world.apply(action, stage.now).expect_err("is caught");
    assert_eq!((error.status, error.code), (403, 50013));
    let events = stage.world.take_aftermath();
    assert_eq!(stage.told(&events), ["GUILD_MEMBER_UPDATE", EXECUTION, "MESSAGE_CREATE", EXECUTION]);
    assert_eq!(stage.payload(&events, EXECUTION)["channel_id"], json!(stage.ids.channel));
    assert!(alert(&stage, &events).contains(&("quarantine_event".into(), "message_send".into())));
    assert_eq!(flags(&stage, noor.user), FLAG);

    let (stranger, _) = stage.apply(operator::CreateUser { body: json!({ "username": "education" }) });
    let stranger: UserId = id(&stranger);
    let events = stage.events(operator::AddMember { guild, body: json!({ "user": stranger }) });
    assert_eq!(stage.payload(&events, "GUILD_MEMBER_ADD")["flags"], 1 << 7);
    let done = stage.told(&events).into_iter().filter(|name| *name == EXECUTION).count();
    assert_eq!(done, 2);

    // An exempt role lets them out, and so does what a moderator of the guild is.
    let newcomer = crate::helpers::role(&stage.world, &stage.ids, "Newcomer");
    let change = |body| PatchRule { actor: owner, guild, rule: made, body };
    let events = stage.events(change(json!({ "exempt_roles": [newcomer] })));
    let freed = stage.told(&events).into_iter().filter(|name| *name == "GUILD_MEMBER_UPDATE").count();
    assert_eq!((freed, flags(&stage, noor.user), flags(&stage, stranger)), (1, 0, FLAG));
    let give = |role| operator::SetMemberRole { guild, user: stranger, role, give: true };
    let moderator = crate::helpers::role(&stage.world, &stage.ids, "Moderator");
    stage.does(give(moderator));
    assert_eq!(flags(&stage, stranger), FLAG, "a moderator who does not manage the guild");
    stage.grant("Moderator", p::MANAGE_GUILD);
    stage.does(give(newcomer));
    assert_eq!(flags(&stage, stranger), 0);
    stage.does(rename(mika.user, "Concat"));
    assert_eq!(flags(&stage, mika.user), 0, "may manage the guild now");

    // Without the rule everybody is free, and a saved world knows who is not.
    let stray: UserId = id(&stage.apply(operator::CreateUser { body: json!({ "username": "cattle" }) }).0);
    stage.does(operator::AddMember { guild, body: json!({ "user": stray }) });
    let saved = serde_json::to_string(&stage.world).expect("is saved");
    stage.world = serde_json::from_str(&saved).expect("is loaded");
    assert_eq!(flags(&stage, stray), FLAG);
    let events = stage.events(DeleteRule { actor: owner, guild, rule: made });
    assert_eq!(stage.told(&events), ["AUTO_MODERATION_RULE_DELETE", "GUILD_MEMBER_UPDATE"]);
    assert_eq!(flags(&stage, stray), 0);
}

#[test]
fn a_nickname_that_triggers_the_rule_is_refused_whoever_gives_it() {
    let mut stage = Stage::new();
    let (noor, mika, bot, owner, guild) = (stage.noor, stage.mika, stage.bot, stage.owner, stage.guild);
    let actions = both(&stage);
    let made = rule(&mut stage, 6, &actions);
    for by in [bot, mika] {
        let action = nickname(by, guild, noor.user, json!("Top cat"));
        let error = stage.world.apply(action, stage.now).expect_err("is refused");
        let told = &error.body()["errors"]["nick"]["_errors"][0];
        assert_eq!((error.status, error.code), (400, 50035));
        assert_eq!(told["code"], "AUTO_MODERATION_USER_PROFILES_INVALID_NICKNAME");
        let events = stage.world.take_aftermath();
        assert_eq!(stage.told(&events), ["MESSAGE_CREATE", EXECUTION], "reported, nobody is quarantined");
        let fields = alert(&stage, &events);
        assert_eq!(
            fields[3..],
            pairs(&[
                ("quarantine_user", "nickname"),
                ("block_profile_update_type", "nickname_update"),
                ("quarantine_user_action", "block_profile_update"),
            ])
        );
    }
    let own = places::PatchMyMember { actor: noor, guild, body: json!({ "nick": "A cat" }) };
    assert!(stage.world.apply(own, stage.now).is_err());
    stage.world.take_aftermath();
    let member = stage.world.member(guild, noor.user).expect("a member");
    assert_eq!((member.nick.as_deref(), member.flags), (None, 0));
    stage.does(nickname(bot, guild, noor.user, json!("Dog")));
    // To take it away is always possible, and bots and managers may have any.
    stage.does(nickname(bot, guild, noor.user, Value::Null));
    stage.does(nickname(owner, guild, owner.user, json!("Cat herder")));
    stage.does(nickname(owner, guild, bot.user, json!("Catbot")));

    // A rule that only reports lets it pass.
    let report = json!({ "actions": [{ "type": 2, "metadata": { "channel_id": stage.ids.channel } }] });
    stage.does(PatchRule { actor: owner, guild, rule: made, body: report });
    let events = stage.events(nickname(bot, guild, noor.user, json!("Top cat")));
    assert_eq!(stage.told(&events), ["GUILD_MEMBER_UPDATE", "MESSAGE_CREATE", EXECUTION]);
    assert_eq!(flags(&stage, noor.user), 0);
    stage.does(say(&stage, noor, "hi"));
    // Neither the message intents nor anything but the right to manage the guild shows what was done.
    let events = stage.events(rename(noor.user, "Cat"));
    let without = intents::ALL & !intents::AUTO_MODERATION_EXECUTION;
    assert!(!stage.told_with(&events, without).contains(&EXECUTION));
}

#[test]
fn titles_of_threads_are_looked_at() {
    let mut stage = Stage::new();
    let (noor, owner, guild, channel) = (stage.noor, stage.owner, stage.guild, stage.ids.channel);
    let forum = stage.channel(ChannelKind::Forum);
    let made = rule(&mut stage, 1, &json!([{ "type": 1, "metadata": { "custom_message": "Dogs only." } }]));
    let thread = |name: &str| places::CreateThread {
        actor: noor,
        channel,
        body: json!({ "name": name, "type": 11 }),
        files: Vec::new(),
    };
    let post = |name: &str, text: &str| places::CreateThread {
        actor: noor,
        channel: forum,
        body: json!({ "name": name, "message": { "content": text } }),
        files: Vec::new(),
    };
    let said = id(&stage.does(say(&stage, noor, "dogs")));
    let on = |name: &str| places::CreateThreadFromMessage {
        actor: noor,
        channel,
        message: said,
        body: json!({ "name": name }),
    };
    let channels = stage.world.guild(guild).expect("is there").channels.len();
    let blocked = |stage: &mut Stage, result: Result<(), cogwright_sim_world::ApiError>, content: &str| {
        let error = result.expect_err("is blocked");
        assert_eq!((error.status, error.code), (400, 200_001), "{error}");
        assert_eq!(error.body()["errors"]["name"]["_errors"][0]["message"], "Dogs only.");
        let events = stage.world.take_aftermath();
        assert_eq!(stage.told(&events), [EXECUTION]);
        assert_eq!(stage.payload(&events, EXECUTION)["content"], content);
    };
    let result = stage.world.apply(thread("cats"), stage.now).map(drop);
    blocked(&mut stage, result, "cats");
    let result = stage.world.apply(on("my cat"), stage.now).map(drop);
    blocked(&mut stage, result, "my cat");
    let result = stage.world.apply(post("A cat", "dogs"), stage.now).map(drop);
    blocked(&mut stage, result, "A cat");
    assert_eq!(stage.world.guild(guild).expect("is there").channels.len(), channels, "none was started");
    // A post's text is a message like any other.
    let error = stage.world.apply(post("Dogs", "a cat"), stage.now).expect_err("is blocked");
    assert_eq!(error.code, 200_000);
    assert_eq!(error.body()["errors"]["message"]["content"]["_errors"][0]["message"], "Dogs only.");
    stage.world.take_aftermath();

    let own: cogwright_sim_world::ChannelId = id(&stage.does(thread("dogs")));
    let patch =
        |name: &str| places::PatchChannel { actor: noor, channel: own, body: json!({ "name": name }) };
    let result = stage.world.apply(patch("cats"), stage.now).map(drop);
    blocked(&mut stage, result, "cats");
    stage.does(patch("puppies"));
    stage.does(places::CreateThread { actor: owner, ..thread("cats") });

    // One that is only reported is started.
    let report = json!([{ "type": 2, "metadata": { "channel_id": channel } }]);
    stage.does(PatchRule { actor: owner, guild, rule: made, body: json!({ "actions": report }) });
    for events in
        [stage.events(thread("cats")), stage.events(post("cats", "dogs")), stage.events(patch("cats"))]
    {
        assert_eq!(stage.told(&events).into_iter().filter(|name| *name == EXECUTION).count(), 1);
    }
    let (made, events) = stage.apply(post("dogs", "cats"));
    assert_eq!(stage.payload(&events, EXECUTION)["message_id"], made["id"], "the post's first message");
}

#[test]
fn the_same_text_again_and_again_is_spam() {
    let mut stage = Stage::new();
    let (noor, mika) = (stage.noor, stage.mika);
    rule(&mut stage, 3, &json!([{ "type": 1 }]));
    let elsewhere = stage.made(stage.guild, "elsewhere", 0);
    for n in 0..SPAM_REPEATS {
        let channel = if n == 0 { elsewhere } else { stage.ids.channel };
        stage.does(messages::CreateMessage { channel, ..say(&stage, noor, "Buy now") });
    }
    let spam = |stage: &mut Stage, who, text: &str| {
        let action = say(stage, who, text);
        let result = stage.world.apply(action, stage.now);
        stage.world.take_aftermath();
        result.is_err_and(|error| error.code == 200_000)
    };
    assert!(spam(&mut stage, noor, "buy  NOW"), "blanks and letters' case aside");
    assert!(!spam(&mut stage, noor, "Buy later"));
    assert!(!spam(&mut stage, mika, "Buy now"), "somebody else");
    assert!(spam(&mut stage, noor, "Buy now"), "what is blocked changes nothing");
    stage.now = stage.now.plus(SPAM_WINDOW);
    assert!(!spam(&mut stage, noor, "Buy now"), "it is forgotten");
}
