//! What webhooks write: in which threads, under which look, with which components, and what they may edit.

use cogwright_sim_world::{
    Actor, ChannelId, MessageId,
    places::{self, operator},
    webhooks::{
        CreateWebhook, Credentials, DeleteWebhookMessage, EditWebhookMessage, ExecuteWebhook, WebhookPlace,
        webhook_message,
    },
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgo=";

fn hook(stage: &mut Stage, actor: Actor, channel: ChannelId) -> Credentials {
    let body = json!({ "name": "Hook", "avatar": PIXEL });
    let made = stage.does(CreateWebhook { actor, channel, body });
    Credentials { webhook: id(&made), token: made["token"].as_str().expect("a token").to_owned() }
}

fn execute(credentials: &Credentials, thread: Option<ChannelId>, body: Value) -> ExecuteWebhook {
    ExecuteWebhook {
        credentials: credentials.clone(),
        thread,
        with_components: true,
        body,
        files: Vec::new(),
    }
}

fn thread(stage: &mut Stage, channel: ChannelId) -> ChannelId {
    let (actor, body) = (stage.owner, json!({ "name": "t", "type": 11 }));
    id(&stage.does(places::CreateThread { actor, channel, body, files: Vec::new() }))
}

#[test]
fn a_message_goes_under_the_webhook_s_own_look_unless_told_otherwise() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let own = hook(&mut stage, bot, channel);
    let said = stage.does(execute(&own, None, json!({ "content": "x" })));
    let avatar = &said["author"]["avatar"];
    assert!(avatar.is_string());
    let other =
        stage.does(execute(&own, None, json!({ "content": "x", "avatar_url": "https://a.example/x" })));
    assert!(other["author"]["avatar"].is_string() && other["author"]["avatar"] != *avatar);
}

#[test]
fn threads_are_those_of_its_channel_in_every_route() {
    let mut stage = Stage::new();
    let (bot, channel, guild) = (stage.bot, stage.ids.channel, stage.guild);
    let other = stage.made(guild, "other", 0);
    let (own, near, far) =
        (hook(&mut stage, bot, channel), thread(&mut stage, channel), thread(&mut stage, other));
    let text = || json!({ "content": "x" });
    assert_eq!(stage.refused(execute(&own, Some(far), text())), 10003);
    let message: MessageId = id(&stage.does(execute(&own, Some(near), text())));
    let place = |thread| WebhookPlace { credentials: own.clone(), thread, message };
    let read = |stage: &Stage, thread| webhook_message(&stage.world, &place(thread)).map_err(|e| e.code);
    assert!(read(&stage, Some(near)).is_ok());
    assert_eq!(read(&stage, None), Err(10008), "not in the channel itself");
    assert_eq!(read(&stage, Some(far)), Err(10003));
    assert_eq!(stage.refused(DeleteWebhookMessage { place: place(Some(far)) }), 10003);
    // An archived thread takes no edits, and a new message opens it.
    let edit = || EditWebhookMessage {
        place: place(Some(near)),
        with_components: false,
        body: json!({ "content": "y" }),
        files: Vec::new(),
    };
    stage.does(operator::PatchChannel { channel: near, body: json!({ "archived": true }) });
    assert_eq!(stage.refused(edit()), 50083);
    stage.does(execute(&own, Some(near), text()));
    stage.does(edit());
}

#[test]
fn a_name_of_nothing_but_spaces_is_none_for_a_post() {
    let mut stage = Stage::new();
    let (bot, guild) = (stage.bot, stage.guild);
    let forum = stage.made(guild, "forum", 15);
    let own = hook(&mut stage, bot, forum);
    assert_eq!(stage.refused(execute(&own, None, json!({ "content": "x", "thread_name": "  " }))), 220_001);
}

#[test]
fn nothing_to_press_or_choose_comes_through_a_person_s_webhook() {
    let mut stage = Stage::new();
    let (owner, channel) = (stage.owner, stage.ids.channel);
    let own = hook(&mut stage, owner, channel);
    let row = |inner: Value| json!({ "type": 1, "components": [inner] });
    let select = |kind: u8| {
        let mut select = json!({ "type": kind, "custom_id": "x" });
        if kind == 3 {
            select["options"] = json!([{ "label": "x", "value": "x" }]);
        }
        json!({ "content": "x", "components": [row(select)] })
    };
    for kind in [3, 5, 6, 7, 8] {
        let refused = stage.refusal(execute(&own, None, select(kind))).body();
        let node = &refused["errors"]["components"]["0"]["components"]["0"]["_errors"];
        assert_eq!(node[0]["code"], "WEBHOOK_COMPONENT_INTERACTIVE", "{kind}");
    }
    let button = |style: u8| match style {
        5 => json!({ "type": 2, "style": 5, "label": "x", "url": "https://a.example" }),
        _ => json!({ "type": 2, "style": style, "label": "x", "custom_id": "x" }),
    };
    let section = |style: u8| {
        let text = json!({ "type": 10, "content": "x" });
        let section = json!({ "type": 9, "components": [text], "accessory": button(style) });
        json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": [section] }] })
    };
    let refused = stage.refusal(execute(&own, None, section(1))).body();
    let node = &refused["errors"]["components"]["0"]["components"]["0"]["accessory"]["_errors"];
    assert_eq!(node[0]["code"], "WEBHOOK_COMPONENT_INTERACTIVE", "{refused}");
    stage.does(execute(&own, None, section(5)));
    // Nor by an edit.
    let message: MessageId = id(&stage.does(execute(&own, None, json!({ "content": "x" }))));
    let edit = |with_components, style| EditWebhookMessage {
        place: WebhookPlace { credentials: own.clone(), thread: None, message },
        with_components,
        body: json!({ "components": [row(button(style))] }),
        files: Vec::new(),
    };
    assert_eq!(stage.refused(edit(true, 1)), 50035);
    assert_eq!(stage.does(edit(false, 1))["components"], json!([]), "not looked at");
    assert_eq!(stage.does(edit(true, 5))["components"][0]["type"], 1);
}
