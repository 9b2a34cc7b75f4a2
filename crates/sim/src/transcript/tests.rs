//! What a transcript shows to whom, and how it reads.

use cogwright_sim_world::{
    Actor, ChannelId, MessageId, Timestamp, Upload, UserId, World,
    messages::{AddReaction, CreateMessage, EditMessage},
    places::{self, operator},
};
use serde_json::{Value, json};

use super::{Transcript, collect::collect};

const NOW: u64 = 1_792_000_123_000;

/// A channel of its own in the default world, and the people in it.
struct Stage {
    world: World,
    channel: ChannelId,
    owner: UserId,
    bot: Actor,
    at: u64,
}

impl Stage {
    fn new() -> Self {
        let then = Timestamp::from_ms(NOW - 86_400_000);
        let (mut world, ids) = World::default_world("http://127.0.0.1/cdn", then);
        let body = json!({ "name": "lab" });
        let channel = world.apply(operator::CreateChannel { guild: ids.guild, body }, then).unwrap().output;
        let channel = channel["id"].as_str().unwrap().parse().unwrap();
        let bot = Actor { user: ids.application.into(), application: Some(ids.application) };
        Self { world, channel, owner: ids.user, bot, at: NOW }
    }

    fn now(&mut self) -> Timestamp {
        self.at += 1000;
        Timestamp::from_ms(self.at)
    }

    fn says(&mut self, actor: Actor, body: Value, files: Vec<Upload>) -> MessageId {
        let (channel, now) = (self.channel, self.now());
        let message = self.world.apply(CreateMessage { actor, channel, body, files }, now).unwrap().output;
        message["id"].as_str().unwrap().parse().unwrap()
    }

    fn seen(&self, viewer: Option<UserId>, limit: usize) -> Transcript {
        collect(&self.world, self.channel, viewer, limit, Timestamp::from_ms(self.at)).unwrap()
    }
}

/// Everything a message can carry, and an attempt at markup in every text.
fn full() -> Stage {
    let mut stage = Stage::new();
    let owner = Actor::person(stage.owner);
    let asked =
        stage.says(owner, json!({ "content": "<script>alert('1')</script> & \u{1b}[2J hello" }), vec![]);
    let upload = Upload {
        index: 0,
        filename: "pixel.png".into(),
        content_type: Some("image/png".into()),
        bytes: PIXEL.to_vec(),
    };
    let body = json!({
        "content": format!("Hello <@{}>, see <#{}>\nand a second line", stage.owner, stage.channel),
        "message_reference": { "message_id": asked.to_string() },
        "attachments": [{ "id": 0, "description": "one \"pixel\"" }],
        "embeds": [{
            "title": "A <b>title</b>", "url": "https://example.org/?a=1&b=2", "description": "Described",
            "color": 0x33_66_99, "author": { "name": "Somebody" }, "footer": { "text": "The end" },
            "fields": [{ "name": "Name", "value": "Value <i>" }],
        }],
        "components": [
            { "type": 1, "components": [
                { "type": 2, "style": 1, "label": "Press <u>", "custom_id": "press" },
                { "type": 2, "style": 5, "label": "Elsewhere", "url": "https://example.org", "disabled": true },
            ] },
            { "type": 1, "components": [{ "type": 3, "custom_id": "pick", "placeholder": "Pick one", "options": [
                { "label": "red", "value": "r", "default": true }, { "label": "<green>", "value": "g" },
            ] }] },
        ],
    });
    let answer = stage.says(stage.bot, body, vec![upload]);
    let now = stage.now();
    let react = AddReaction { actor: owner, channel: stage.channel, message: answer, emoji: "👍".into() };
    stage.world.apply(react, now).unwrap();
    let now = stage.now();
    let edit = EditMessage {
        actor: owner,
        channel: stage.channel,
        message: asked,
        body: json!({ "content": "<script>alert('2')</script> & \u{1b}[2J hello, edited" }),
        files: vec![],
    };
    stage.world.apply(edit, now).unwrap();
    let v2 = json!({ "flags": 1 << 15, "components": [{ "type": 17, "accent_color": 0xC7_7D2B, "components": [
        { "type": 9, "components": [{ "type": 10, "content": "Beside" }],
          "accessory": { "type": 2, "style": 2, "label": "Act", "custom_id": "act" } },
        { "type": 14 },
        { "type": 10, "content": "Below the line" },
    ] }] });
    stage.says(stage.bot, v2, vec![]);
    stage
}

/// The smallest PNG there is.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89,
];

/// Without ids, which differ from run to run in nothing but length of the world's history.
fn steady(stage: &Stage, text: &str) -> String {
    let mut text = text.to_owned();
    for (number, id) in stage.world.channel(stage.channel).unwrap().messages.keys().enumerate() {
        text = text.replace(&id.to_string(), &format!("MESSAGE-{number}"));
    }
    text
}

#[test]
fn a_channel_as_text() {
    let stage = full();
    insta::assert_snapshot!(steady(&stage, &stage.seen(Some(stage.owner), 100).text()));
}

#[test]
fn a_channel_as_a_page() {
    let stage = full();
    let page = steady(&stage, &stage.seen(Some(stage.owner), 100).html());
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"), "{page}");
    assert!(!page.contains('\u{1b}'), "{page}");
    insta::assert_snapshot!(page.replace(super::html::STYLE, "(style)\n"));
}

#[test]
fn a_forward_shows_what_it_took() {
    let mut stage = Stage::new();
    let owner = Actor::person(stage.owner);
    let picture =
        Upload { index: 0, filename: "pixel.png".into(), content_type: None, bytes: PIXEL.to_vec() };
    let body = json!({ "content": "<b>look</b>", "embeds": [{ "title": "Title" }] });
    let said = stage.says(owner, body, vec![picture]);
    let reference = json!({ "type": 1, "channel_id": stage.channel, "message_id": said.to_string() });
    stage.says(stage.bot, json!({ "message_reference": reference }), vec![]);
    let forward = stage.seen(Some(stage.owner), 1);
    insta::assert_snapshot!(forward.text());
    let page = forward.html();
    assert!(page.contains("&lt;b&gt;look&lt;/b&gt;") && page.contains("data:image/png"), "{page}");
    assert!(page.contains("<span class=\"mark\">forwarded</span>"), "{page}");
}

#[test]
fn ephemeral_messages_are_shown_to_their_person_alone_and_marked() {
    let mut stage = full();
    let other = stage.world.users().find(|u| !u.bot && u.id != stage.owner).unwrap().id;
    let everybody = stage.seen(Some(other), 100).len();
    // The document that a saved world is, with one message turned into an ephemeral one.
    let mut saved = serde_json::to_value(&stage.world).unwrap();
    let channel = stage.channel.to_string();
    let messages = saved["channels"][&channel]["messages"].as_object_mut().unwrap();
    let last = messages.values_mut().last().unwrap();
    last["ephemeral_to"] = json!(stage.owner);
    stage.world = serde_json::from_value(saved).unwrap();
    assert_eq!(stage.seen(Some(other), 100).len(), everybody - 1);
    assert_eq!(stage.seen(None, 100).len(), everybody);
    let mine = stage.seen(Some(stage.owner), 100);
    assert_eq!(mine.len(), everybody);
    assert!(mine.text().contains("[only Robin sees this]"), "{mine}");
    assert!(mine.html().contains("class=\"only\""), "{}", mine.html());
}

#[test]
fn what_happens_to_a_thread_is_told_in_words() {
    let mut stage = Stage::new();
    let (owner, bot, now) = (Actor::person(stage.owner), stage.bot, stage.now());
    let body = json!({ "name": "bench", "type": 11 });
    let start = places::CreateThread { actor: owner, channel: stage.channel, body, files: Vec::new() };
    let thread = stage.world.apply(start, now).unwrap().output["id"].as_str().unwrap().parse().unwrap();
    stage.channel = thread;
    let user = bot.user;
    stage.world.apply(places::AddThreadMember { actor: owner, channel: thread, user }, now).unwrap();
    stage.world.apply(places::RemoveThreadMember { actor: owner, channel: thread, user }, now).unwrap();
    let body = json!({ "name": "table" });
    stage.world.apply(places::PatchChannel { actor: owner, channel: thread, body }, now).unwrap();
    let text = stage.seen(None, 100).text();
    for said in [
        "Robin added Cogwright to the thread.",
        "Robin removed Cogwright from the thread.",
        "Robin changed the name of the thread: table.",
    ] {
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn who_cannot_see_the_channel_gets_nothing() {
    let mut stage = full();
    let then = Timestamp::from_ms(stage.at);
    let stranger = stage.world.apply(operator::CreateUser { body: json!({ "username": "stranger" }) }, then);
    let stranger: UserId = stranger.unwrap().output["id"].as_str().unwrap().parse().unwrap();
    let refused = collect(&stage.world, stage.channel, Some(stranger), 100, then).unwrap_err();
    assert_eq!((refused.status, refused.code), (403, 50001));
    let nobody = collect(&stage.world, ChannelId::new(7), None, 100, then).unwrap_err();
    assert_eq!(nobody.code, 10003);
}

#[test]
fn the_newest_are_kept_and_what_is_left_out_is_said() {
    let stage = full();
    let one = stage.seen(Some(stage.owner), 1);
    assert_eq!(one.len(), 1);
    assert!(one.text().contains("Below the line") && one.text().contains("older messages"), "{one}");
    assert!(!stage.seen(Some(stage.owner), 100).text().contains("older messages"));
}
