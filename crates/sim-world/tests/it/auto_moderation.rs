//! Auto moderation: who makes rules, who is told of them, and what they do to what people write.

use cogwright_sim_world::{
    Actor, ChannelKind, Event, EventKind, RuleId,
    auto_moderation::{self, *},
    intents, messages, permissions as p,
    places::operator,
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

const RULE: &str = "AUTO_MODERATION_RULE_CREATE";
const EXECUTION: &str = "AUTO_MODERATION_ACTION_EXECUTION";

fn keyword(words: &[&str], actions: Value) -> Value {
    json!({
        "name": "Words", "event_type": 1, "trigger_type": 1, "enabled": true, "actions": actions,
        "trigger_metadata": { "keyword_filter": words },
    })
}

fn block() -> Value {
    json!([{ "type": 1 }])
}

fn create(stage: &mut Stage, body: Value) -> RuleId {
    let (actor, guild) = (stage.owner, stage.guild);
    id(&stage.apply(CreateRule { actor, guild, body }).0)
}

fn say(stage: &Stage, who: Actor, text: &str) -> messages::CreateMessage {
    let body = json!({ "content": text });
    messages::CreateMessage { actor: who, channel: stage.ids.channel, body, files: Vec::new() }
}

/// Sends what must be blocked: the events that it caused nevertheless.
#[track_caller]
fn blocked(stage: &mut Stage, who: Actor, text: &str) -> Vec<Event> {
    let before = count(stage);
    let action = say(stage, who, text);
    let error = stage.world.apply(action, stage.now).expect_err("is blocked");
    assert_eq!((error.status, error.code), (400, 200_000), "{error}");
    assert_eq!(count(stage), before, "it was not sent");
    stage.world.take_aftermath()
}

fn count(stage: &Stage) -> usize {
    stage.world.channel(stage.ids.channel).expect("is there").messages.len()
}

#[test]
fn rules_are_made_changed_and_removed_by_those_who_manage_the_guild() {
    let mut stage = Stage::new();
    let (mika, owner, guild) = (stage.mika, stage.owner, stage.guild);
    let body = keyword(&["cat"], block());
    let by = |actor, body: &Value| CreateRule { actor, guild, body: body.clone() };
    assert_eq!(stage.refused(by(mika, &body)), 50013);
    assert_eq!(
        stage.refused(CreateRule { guild: cogwright_sim_world::GuildId::new(1), ..by(mika, &body) }),
        10004
    );
    let (made, events) = stage.apply(by(owner, &body));
    assert_eq!(stage.told(&events), [RULE]);
    assert_eq!(stage.audited().action as u8, 140);
    let shown = json!({
        "id": made["id"], "guild_id": guild, "name": "Words", "creator_id": owner.user, "event_type": 1,
        "trigger_type": 1, "enabled": true, "exempt_roles": [], "exempt_channels": [],
        "trigger_metadata": { "keyword_filter": ["cat"], "regex_patterns": [], "allow_list": [] },
        "actions": [{ "type": 1, "metadata": {} }],
    });
    assert_eq!(made, shown);
    // Only a bot that manages the guild learns of it, with its intent.
    let blind = stage.second_bot(p::VIEW_AUDIT_LOG);
    assert_eq!(stage.seen_by(blind, &events, intents::AUTO_MODERATION_CONFIGURATION), []);
    assert_eq!(stage.seen(&events, intents::ALL & !intents::AUTO_MODERATION_CONFIGURATION).len(), 1, "audit");

    let rule = id(&made);
    let listed = |actor| rules(&stage.world, actor, guild, stage.now).map_err(|e| e.code);
    let shown_to =
        |actor| auto_moderation::rule(&stage.world, actor, guild, rule, stage.now).map_err(|e| e.code);
    assert_eq!((listed(owner), shown_to(owner)), (Ok(json!([made])), Ok(made.clone())));
    assert_eq!((listed(mika), shown_to(mika)), (Err(50013), Err(50013)));
    let change = |actor, body| PatchRule { actor, guild, rule, body };
    assert_eq!(stage.refused(change(mika, json!({}))), 50013);
    let events = stage.events(change(owner, json!({ "enabled": false, "trigger_type": 5 })));
    assert_eq!(stage.told(&events), ["AUTO_MODERATION_RULE_UPDATE"]);
    assert_eq!(stage.payload(&events, "AUTO_MODERATION_RULE_UPDATE")["trigger_type"], 1);
    let entry = stage.audited();
    assert_eq!(entry.action as u8, 141);
    assert_eq!(entry.changes, [json!({ "key": "enabled", "old_value": true, "new_value": false })]);
    assert!(stage.events(change(owner, json!({ "enabled": false }))).is_empty());
    let remove = |actor| DeleteRule { actor, guild, rule };
    assert_eq!(stage.refused(remove(mika)), 50013);
    let events = stage.events(remove(owner));
    assert_eq!(
        (stage.told(&events), stage.audited().action as u8),
        (vec!["AUTO_MODERATION_RULE_DELETE"], 142)
    );
    assert_eq!(stage.refused(remove(owner)), 0);
    assert_eq!(stage.refused(change(owner, json!({}))), 0);
}

#[test]
fn a_rule_s_body_is_held_against_its_trigger_type() {
    let mut stage = Stage::new();
    let (actor, guild, channel) = (stage.owner, stage.guild, stage.ids.channel);
    let with = |key: &str, value: Value| {
        let mut body = keyword(&["cat"], block());
        body[key] = value;
        CreateRule { actor, guild, body }
    };
    let actions = |value: Value| with("actions", json!([value]));
    let metadata = |value: Value| with("trigger_metadata", value);
    for body in [
        CreateRule { actor, guild, body: json!({}) },
        with("event_type", json!(2)),
        with("trigger_type", json!(2)),
        with("actions", json!([])),
        with("name", json!("")),
        actions(json!({})),
        actions(json!({ "type": 4 })),
        actions(json!({ "type": 2 })),
        actions(json!({ "type": 2, "metadata": { "channel_id": "1" } })),
        actions(json!({ "type": 3, "metadata": {} })),
        actions(json!({ "type": 3, "metadata": { "duration_seconds": 2_419_201 } })),
        actions(json!({ "type": 1, "metadata": { "custom_message": "x".repeat(151) } })),
        metadata(json!({ "keyword_filter": [""] })),
        metadata(json!({ "keyword_filter": ["x".repeat(61)] })),
        metadata(json!({ "regex_patterns": ["("] })),
        metadata(json!({ "regex_patterns": ["x".repeat(261)] })),
        metadata(json!({ "allow_list": vec!["x"; 101] })),
        with("exempt_roles", json!(["x"])),
    ] {
        let shown = format!("{:?}", body.body);
        assert_eq!(stage.refused(body), 50035, "{shown}");
    }
    let of_type = |kind: u64, event: u64, metadata: Value, actions: Value| {
        let body = json!({
            "name": "x", "event_type": event, "trigger_type": kind, "trigger_metadata": metadata, "actions": actions,
        });
        CreateRule { actor, guild, body }
    };
    let timeout = || json!([{ "type": 3, "metadata": { "duration_seconds": 60 } }]);
    assert_eq!(stage.refused(of_type(4, 1, Value::Null, block())), 50035, "presets must be named");
    assert_eq!(stage.refused(of_type(4, 1, json!({ "presets": [4] }), block())), 50035);
    assert_eq!(stage.refused(of_type(4, 1, json!({ "presets": [1] }), timeout())), 50035);
    assert_eq!(stage.refused(of_type(5, 1, json!({ "mention_total_limit": 51 }), block())), 50035);
    assert_eq!(stage.refused(of_type(6, 2, json!({}), block())), 50035, "profiles are not blocked");
    stage.apply(of_type(3, 1, Value::Null, block()));
    stage.apply(of_type(4, 1, json!({ "presets": [1, 1, 3], "allow_list": vec!["x"; 1000] }), block()));
    stage.apply(of_type(5, 1, json!({ "mention_total_limit": 50 }), timeout()));
    let (profile, _) =
        stage.apply(of_type(6, 2, json!({ "keyword_filter": ["cat"] }), json!([{ "type": 4 }])));
    assert_eq!((&profile["event_type"], &profile["actions"][0]["type"]), (&json!(2), &json!(4)));
    for (kind, event, metadata, actions) in [
        (3, 1, Value::Null, block()),
        (4, 1, json!({ "presets": [2] }), block()),
        (5, 1, json!({}), block()),
        (6, 2, json!({}), json!([{ "type": 4 }])),
    ] {
        assert_eq!(stage.refused(of_type(kind, event, metadata, actions)), 50035, "one of type {kind}");
    }
    // Whoever cannot time out by hand cannot let a rule do it.
    stage.bot_may(p::MANAGE_GUILD);
    let bot = stage.bot;
    let mut body = keyword(&["cat"], timeout());
    assert_eq!(stage.refused(CreateRule { actor: bot, guild, body: body.clone() }), 50013);
    body["actions"] = json!([{ "type": 2, "metadata": { "channel_id": channel } }]);
    let (made, _) = stage.apply(CreateRule { actor: bot, guild, body });
    let change = PatchRule { actor: bot, guild, rule: id(&made), body: json!({ "actions": timeout() }) };
    assert_eq!(stage.refused(change), 50013);
}

#[test]
fn a_blocked_message_is_not_sent_but_reported_and_its_author_timed_out() {
    let mut stage = Stage::new();
    let (noor, guild, channel) = (stage.noor, stage.guild, stage.ids.channel);
    let report = stage.channel(ChannelKind::Announcement);
    let actions = json!([
        { "type": 1, "metadata": { "custom_message": "Dogs only." } },
        { "type": 2, "metadata": { "channel_id": report } },
        { "type": 3, "metadata": { "duration_seconds": 60 } },
    ]);
    let rule = create(&mut stage, keyword(&["dog", "cat*"], actions));
    let sent = stage.events(say(&stage, noor, "birds"));
    assert_eq!(stage.told(&sent), ["MESSAGE_CREATE"]);
    let action = say(&stage, noor, "two Cats");
    let error = stage.world.apply(action, stage.now).expect_err("is blocked");
    assert_eq!(error.body()["errors"]["content"]["_errors"][0]["message"], "Dogs only.");
    let events = stage.world.take_aftermath();
    assert!(stage.world.take_aftermath().is_empty(), "told once");
    assert_eq!(
        stage.told(&events),
        [EXECUTION, "MESSAGE_CREATE", EXECUTION, "GUILD_MEMBER_UPDATE", EXECUTION]
    );
    let seen = stage.seen(&events, intents::ALL);
    let done: Vec<&Value> =
        seen.iter().filter(|(name, _)| *name == EXECUTION).map(|(_, data)| data).collect();
    let alert = stage.payload(&events, "MESSAGE_CREATE");
    assert_eq!(
        *done[0],
        json!({
            "guild_id": guild, "action": { "type": 1, "metadata": { "custom_message": "Dogs only." } },
            "rule_id": rule, "rule_trigger_type": 1, "user_id": noor.user, "channel_id": channel,
            "content": "two Cats", "matched_keyword": "cat*", "matched_content": "Cat",
        })
    );
    assert_eq!(done[1]["alert_system_message_id"], alert["id"]);
    assert_eq!((&alert["type"], &alert["channel_id"]), (&json!(24), &json!(report)));
    let embed = &alert["embeds"][0];
    assert_eq!(
        (&embed["type"], &embed["description"]),
        (&json!("auto_moderation_message"), &json!("two Cats"))
    );
    let field = |name: &str| {
        let fields = embed["fields"].as_array().expect("fields");
        fields.iter().find(|f| f["name"] == name).map(|f| f["value"].clone())
    };
    assert_eq!(field("rule_name"), Some(json!("Words")));
    assert_eq!(field("keyword_matched_content"), Some(json!("Cat")));
    assert_eq!(field("flagged_message_id"), None);
    assert_eq!(stage.audits()[1..], [143, 144, 145]);
    let options = json!({
        "auto_moderation_rule_name": "Words", "auto_moderation_rule_trigger_type": "1", "channel_id": channel,
    });
    assert_eq!(stage.audit_entry()["options"], options);
    // Without the content intent the texts are blank; without the execution intent, or MANAGE_GUILD, there is nothing.
    let blank = stage.seen(&events, intents::AUTO_MODERATION_EXECUTION);
    assert_eq!(
        (blank.len(), &blank[0].1["content"], &blank[0].1["matched_content"]),
        (3, &json!(""), &json!(""))
    );
    let blind = stage.second_bot(p::VIEW_CHANNEL);
    assert_eq!(stage.seen_by(blind, &events, intents::AUTO_MODERATION_EXECUTION), []);
    // While it lasts, nothing can be written; afterwards it can.
    assert_eq!(stage.refused(say(&stage, noor, "birds")), 50013);
    stage.now = cogwright_sim_world::Timestamp::from_ms(stage.now.ms() + 60_000);
    stage.world.tick(stage.now);
    stage.apply(say(&stage, noor, "birds"));
}

#[test]
fn a_message_that_is_only_reported_is_sent_and_edits_are_looked_at_too() {
    let mut stage = Stage::new();
    let (noor, channel) = (stage.noor, stage.ids.channel);
    let report = json!([{ "type": 2, "metadata": { "channel_id": channel } }]);
    create(&mut stage, keyword(&["cat"], report));
    let (sent, events) = stage.apply(say(&stage, noor, "a cat"));
    assert_eq!(stage.told(&events), ["MESSAGE_CREATE", "MESSAGE_CREATE", EXECUTION]);
    assert_eq!(stage.payload(&events, EXECUTION)["message_id"], sent["id"]);
    let alert = events.iter().rfind(|e| e.kind == EventKind::MessageCreate).expect("an alert");
    let fields = alert.data["embeds"][0]["fields"].as_array().expect("fields");
    let flagged = fields.iter().find(|f| f["name"] == "flagged_message_id").map(|f| &f["value"]);
    assert_eq!(flagged, Some(&sent["id"]));
    create(&mut stage, keyword(&["dog"], block()));
    let edit = |text: &str| messages::EditMessage {
        actor: noor,
        channel,
        message: id(&sent),
        body: json!({ "content": text }),
        files: Vec::new(),
    };
    let error = stage.world.apply(edit("a dog"), stage.now).expect_err("is blocked");
    assert_eq!(error.code, 200_000);
    assert_eq!(stage.told(&stage.world.clone().take_aftermath()), [EXECUTION]);
    stage.world.take_aftermath();
    let kept = stage.world.message(channel, id(&sent)).expect("is there").content.clone();
    assert_eq!(kept, "a cat");
    let events = stage.events(edit("the cat"));
    assert_eq!(stage.told(&events), ["MESSAGE_UPDATE", "MESSAGE_CREATE", EXECUTION]);
}

#[test]
fn exemptions_triggers_and_what_goes_with_roles_and_channels() {
    let mut stage = Stage::new();
    let (noor, mika, owner, bot, guild) = (stage.noor, stage.mika, stage.owner, stage.bot, stage.guild);
    let channel = stage.ids.channel;
    let newcomer = crate::helpers::role(&stage.world, &stage.ids, "Newcomer");
    let rule = create(&mut stage, keyword(&["cat"], block()));
    blocked(&mut stage, noor, "cat");
    blocked(&mut stage, mika, "cat");
    // Those who manage the guild, and bots.
    stage.apply(say(&stage, owner, "cat"));
    stage.apply(say(&stage, bot, "cat"));
    stage.bot_may(p::SEND_MESSAGES | p::VIEW_CHANNEL);
    stage.apply(say(&stage, bot, "cat"));
    stage.bot_may(p::ALL);
    let change = |body| PatchRule { actor: owner, guild, rule, body };
    stage.apply(change(json!({ "exempt_roles": [newcomer] })));
    stage.apply(say(&stage, noor, "cat"));
    blocked(&mut stage, mika, "cat");
    stage.apply(change(json!({ "exempt_channels": [channel] })));
    stage.apply(say(&stage, mika, "cat"));
    let body = json!({ "name": "thread", "type": 11 });
    let thread = cogwright_sim_world::places::CreateThread { actor: mika, channel, body, files: Vec::new() };
    let thread = id(&stage.apply(thread).0);
    stage.apply(messages::CreateMessage { channel: thread, ..say(&stage, mika, "cat") });
    stage.apply(change(json!({ "exempt_channels": [], "enabled": false })));
    stage.apply(say(&stage, mika, "cat"));
    // Also beside one that is on.
    let dogs = create(&mut stage, keyword(&["dog"], block()));
    stage.apply(say(&stage, mika, "cat"));
    blocked(&mut stage, mika, "dog");
    stage.apply(DeleteRule { actor: owner, guild, rule: dogs });
    let other = stage.channel(ChannelKind::Announcement);
    let actions = json!([{ "type": 2, "metadata": { "channel_id": other } }]);
    stage.apply(change(json!({ "enabled": true, "actions": actions, "exempt_channels": [other] })));
    stage.apply(operator::DeleteRole { guild, role: newcomer });
    stage.apply(operator::DeleteChannel { channel: other });
    let left = stage.world.guild(guild).expect("is there").auto_moderation[&rule].clone();
    assert!(left.exempt_roles.is_empty() && left.exempt_channels.is_empty() && left.actions.is_empty());
    assert!(!left.enabled, "it has nothing to do any more");

    for (kind, metadata) in [
        (3, json!(null)),
        (4, json!({ "presets": [1], "allow_list": ["heck no"] })),
        (5, json!({ "mention_total_limit": 2 })),
    ] {
        let body = json!({
            "name": "x", "event_type": 1, "trigger_type": kind, "enabled": true, "actions": block(),
            "trigger_metadata": metadata,
        });
        create(&mut stage, body);
    }
    blocked(&mut stage, noor, &format!("buy {SPAM} now"));
    let events = blocked(&mut stage, noor, "oh Heck");
    assert_eq!(stage.payload(&events, EXECUTION)["matched_keyword"], "heck");
    stage.apply(say(&stage, noor, "heck no"));
    let two = format!("<@{}> <@!{}> <@&1>", owner.user, owner.user);
    stage.apply(say(&stage, noor, &two));
    let events = blocked(&mut stage, noor, &format!("{two} <@3>"));
    assert_eq!(stage.payload(&events, EXECUTION)["matched_keyword"], Value::Null);
    // A world that was saved knows its patterns again.
    let body = json!({ "trigger_metadata": { "keyword_filter": [], "regex_patterns": ["^c.t$"] } });
    stage.apply(change(body));
    stage.apply(change(json!({ "enabled": true, "actions": block() })));
    let saved = serde_json::to_string(&stage.world).expect("is saved");
    stage.world = serde_json::from_str(&saved).expect("is loaded");
    blocked(&mut stage, noor, "COT");
}
