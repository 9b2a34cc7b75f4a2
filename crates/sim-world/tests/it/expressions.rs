//! Custom emojis, stickers and sounds: who makes and changes them, how many there may be, what bots learn.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cogwright_sim_world::{
    Actor, AuditAction, EmojiId, RoleId, SoundId, StickerId, Upload, World, intents,
    messages::{AddReaction, CreateMessage},
    permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, default_world, id, role, state},
    stage::Stage,
};

/// The head of a PNG of this size, which is all that is looked at.
fn png(side: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

pub(crate) fn uri(media: &str, bytes: &[u8]) -> String {
    format!("data:{media};base64,{}", STANDARD.encode(bytes))
}

fn still() -> String {
    uri("image/png", &png(128))
}

fn moving() -> String {
    uri("image/gif", b"GIF89a\x10\0\x10\0\0\0\0")
}

/// So many frames of an MP3, 26 ms each.
pub(crate) fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
    frame.repeat(frames)
}

fn make(stage: &Stage, actor: Actor, name: &str, image: &str) -> places::CreateEmoji {
    places::CreateEmoji { actor, guild: stage.guild, body: json!({ "name": name, "image": image }) }
}

#[test]
fn an_emoji_is_made_changed_and_removed_and_bots_get_the_whole_list() {
    let mut stage = Stage::new();
    let (guild, actor) = (stage.guild, stage.bot);
    let (made, events) = stage.apply(make(&stage, actor, "petal", &still()));
    assert_eq!(
        (&made["name"], &made["animated"], &made["available"]),
        (&json!("petal"), &json!(false), &json!(true))
    );
    assert_eq!(made["user"]["id"], actor.user.to_string());
    let seen = stage.seen(&events, intents::GUILD_EXPRESSIONS);
    assert_eq!((seen.len(), seen[0].0), (1, "GUILD_EMOJIS_UPDATE"));
    assert_eq!((&seen[0].1["guild_id"], &seen[0].1["emojis"][0]["id"]), (&json!(guild), &made["id"]));
    let without = intents::ALL & !intents::GUILD_EXPRESSIONS & !intents::GUILD_MODERATION;
    assert!(stage.seen(&events, without).is_empty());
    let entry = stage.audited();
    let emoji: EmojiId = id(&made);
    assert_eq!((entry.action, entry.target), (AuditAction::EmojiCreate, Some(emoji.get())));
    assert!(stage.world.emoji_picture(emoji).is_some_and(|bytes| *bytes == png(128)[..]));

    let regular = role(&stage.world, &stage.ids, "Regular");
    let body = json!({ "name": "leaf", "roles": [regular] });
    let (changed, events) = stage.apply(places::PatchEmoji { actor, guild, emoji, body: body.clone() });
    assert_eq!((&changed["name"], &changed["roles"]), (&json!("leaf"), &json!([regular])));
    assert_eq!(stage.told(&events), ["GUILD_EMOJIS_UPDATE"]);
    let changes = json!([
        { "key": "name", "old_value": "petal", "new_value": "leaf" },
        { "key": "roles", "old_value": [], "new_value": [regular] },
    ]);
    assert_eq!(stage.audit_entry()["changes"], changes);
    let (_, events) = stage.apply(places::PatchEmoji { actor, guild, emoji, body });
    assert_eq!(stage.told(&events), [""; 0], "the same again is no news");
    // A role that goes takes its right with it.
    stage.apply(operator::DeleteRole { guild, role: regular });
    let read = places::guild_emoji(&stage.world, stage.noor, guild, emoji, NOW).expect("a member");
    assert_eq!((&read["roles"], read.get("user")), (&json!([]), None), "who made it is not for everybody");

    let ((), events) = stage.apply(places::DeleteEmoji { actor, guild, emoji });
    assert_eq!(stage.seen(&events, intents::GUILD_EXPRESSIONS)[0].1["emojis"], json!([]));
    assert_eq!(stage.audited().action, AuditAction::EmojiDelete);
    assert!(stage.world.emoji_picture(emoji).is_none());
    assert!(state(&stage.world)["blobs"].get(emoji.to_string()).is_none(), "nor are its bytes kept");
    assert_eq!(stage.refused(places::DeleteEmoji { actor, guild, emoji }), 10014);
}

#[test]
fn one_s_own_expressions_need_less_than_those_of_others() {
    let mut stage = Stage::new();
    let (guild, bot) = (stage.guild, stage.bot);
    let (others, _) = stage.apply(make(&stage, stage.owner, "others", &still()));
    stage.bot_may(p::VIEW_CHANNEL | p::CREATE_GUILD_EXPRESSIONS);
    let (own, _) = stage.apply(make(&stage, bot, "own", &still()));
    let rename = |emoji: &Value| places::PatchEmoji {
        actor: bot,
        guild,
        emoji: id(emoji),
        body: json!({ "name": "new" }),
    };
    stage.apply(rename(&own));
    assert_eq!(stage.refused(rename(&others)), 50013);
    assert_eq!(stage.refused(places::DeleteEmoji { actor: bot, guild, emoji: id(&others) }), 50013);
    stage.bot_may(p::VIEW_CHANNEL | p::MANAGE_GUILD_EXPRESSIONS);
    stage.apply(rename(&own));
    stage.apply(rename(&others));
    assert_eq!(stage.refused(make(&stage, bot, "more", &still())), 50013, "making is another permission");
    stage.bot_may(p::VIEW_CHANNEL);
    assert_eq!(stage.refused(rename(&own)), 50013);
}

#[test]
fn bad_emojis_are_refused() {
    let mut stage = Stage::new();
    let (guild, actor) = (stage.guild, stage.bot);
    let bad = [
        (json!({ "name": "ab" }), "image", "BASE_TYPE_REQUIRED"),
        (json!({ "image": still() }), "name", "BASE_TYPE_REQUIRED"),
        (json!({ "name": "a", "image": still() }), "name", "BASE_TYPE_BAD_LENGTH"),
        (json!({ "name": "x".repeat(33), "image": still() }), "name", "BASE_TYPE_BAD_LENGTH"),
        (json!({ "name": "a-b", "image": still() }), "name", "STRING_TYPE_REGEX"),
        (json!({ "name": "ab", "image": "data:image/png;base64,AAAA" }), "image", "IMAGE_INVALID"),
        (json!({ "name": "ab", "image": "https://example.org/x.png" }), "image", "IMAGE_INVALID"),
    ];
    for (body, key, code) in bad {
        let error = stage.refusal(places::CreateEmoji { actor, guild, body });
        assert_eq!(error.body()["errors"][key]["_errors"][0]["code"], code);
    }
    let body = json!({ "name": "ab", "image": still(), "roles": [RoleId::new(1)] });
    let error = stage.refusal(places::CreateEmoji { actor, guild, body });
    assert_eq!(error.body()["errors"]["roles"]["0"]["_errors"][0]["code"], "UNKNOWN_ROLE");
    let mut large = png(128);
    large.resize(256 * 1024, 0);
    stage.apply(make(&stage, actor, "large", &uri("image/png", &large)));
    large.push(0);
    assert_eq!(stage.refused(make(&stage, actor, "larger", &uri("image/png", &large))), 50138);
}

#[test]
fn a_guild_has_so_many_emojis_of_each_kind_as_its_boosts_allow() {
    let mut stage = Stage::new();
    let actor = stage.bot;
    for (tier, most) in [(0, 50), (1, 100), (3, 250)] {
        stage.apply(operator::PatchGuild { guild: stage.guild, body: json!({ "premium_tier": tier }) });
        for (picture, code) in [(still(), 30008), (moving(), 30018)] {
            let moves = code == 30018;
            let there = stage.world.guild(stage.guild).expect("is there").emojis.values();
            for _ in there.filter(|e| e.animated == moves).count()..most {
                stage.apply(make(&stage, actor, "more", &picture));
            }
            assert_eq!(stage.refused(make(&stage, actor, "more", &picture)), code, "tier {tier}");
        }
    }
}

#[test]
fn an_application_s_emojis_are_its_own() {
    let mut stage = Stage::new();
    let (actor, application) = (stage.bot, stage.ids.application);
    let make = |name: &str| places::CreateApplicationEmoji {
        actor,
        application,
        body: json!({ "name": name, "image": moving() }),
    };
    let (made, events) = stage.apply(make("own"));
    assert!(events.is_empty(), "nobody is told");
    assert_eq!((&made["animated"], &made["user"]["id"]), (&json!(true), &json!(application)));
    let emoji: EmojiId = id(&made);
    let taken = stage.refusal(make("own"));
    assert_eq!(taken.body()["errors"]["name"]["_errors"][0]["code"], "APPLICATION_EMOJI_NAME_ALREADY_TAKEN");
    stage.apply(make("other"));
    let rename = |name: &str| places::PatchApplicationEmoji {
        actor,
        application,
        emoji,
        body: json!({ "name": name }),
    };
    assert_eq!(stage.refused(rename("other")), 50035);
    assert_eq!(stage.apply(rename("own")).0["name"], "own", "its own name is not taken");
    let (another, _) = stage.apply(operator::CreateApplication { body: json!({ "name": "Another" }) });
    let foreign = Actor::bot(id(&another["application"]));
    let world = &stage.world;
    assert_eq!(places::application_emojis(world, foreign, application).map_err(|e| e.code), Err(20012));
    assert_eq!(
        places::application_emoji(world, actor, application, EmojiId::new(1)).map_err(|e| e.code),
        Err(10014)
    );
    let all = places::application_emojis(world, actor, application).expect("its own");
    assert_eq!(all["items"].as_array().expect("a list").len(), 2);
    assert!(world.emoji_picture(emoji).is_some());
    stage.apply(places::DeleteApplicationEmoji { actor, application, emoji });
    assert_eq!(stage.refused(places::DeleteApplicationEmoji { actor, application, emoji }), 10014);
    // With the application all of them go, and their pictures.
    stage.apply(operator::DeleteApplication { application });
    assert_eq!(state(&stage.world)["application_emojis"], json!({}));
    assert_eq!(state(&stage.world)["blobs"], json!({}));
}

#[test]
fn reactions_are_with_emojis_that_one_may_use() {
    let mut stage = Stage::new();
    let (channel, bot) = (stage.ids.channel, stage.bot);
    let say = CreateMessage {
        actor: bot,
        channel,
        body: json!({ "content": "<:any:123456789012345678>" }),
        files: vec![],
    };
    let (message, _) = stage.apply(say);
    let message = id(&message);
    let react = |actor: Actor, emoji: String| AddReaction { actor, channel, message, emoji };
    assert_eq!(stage.refused(react(bot, "any:123456789012345678".into())), 10014);

    let (own, _) = stage.apply(make(&stage, stage.owner, "own", &moving()));
    let own = own["id"].as_str().expect("an id").to_owned();
    let ((), events) = stage.apply(react(bot, format!("another_name:{own}")));
    let seen = stage.seen(&events, intents::GUILD_MESSAGE_REACTIONS);
    assert_eq!(seen[0].1["emoji"], json!({ "id": own, "name": "own", "animated": true }), "by its real name");
    // One that is there is joined even when it is gone meanwhile.
    let guild = stage.guild;
    let emoji = own.parse().expect("an id");
    stage.apply(places::DeleteEmoji { actor: bot, guild, emoji });
    stage.apply(react(stage.owner, format!("own:{own}")));

    // Another guild's: for those who are in it, and may use what is from elsewhere.
    let body = json!({ "name": "Elsewhere", "owner": stage.owner.user });
    let (elsewhere, _) = stage.apply(operator::CreateGuild { body });
    let foreign = places::CreateEmoji {
        actor: stage.owner,
        guild: id(&elsewhere),
        body: json!({ "name": "foreign", "image": still() }),
    };
    let (foreign, _) = stage.apply(foreign);
    let foreign = format!("foreign:{}", foreign["id"].as_str().expect("an id"));
    assert_eq!(stage.refused(react(bot, foreign.clone())), 10014, "not in that guild");
    let body = json!({ "guilds": [elsewhere["id"]] });
    stage.apply(operator::PatchApplication { application: stage.ids.application, body });
    let everyone = RoleId::from(guild);
    let body = json!({ "permissions": (p::DEFAULT_EVERYONE & !p::USE_EXTERNAL_EMOJIS).to_string() });
    stage.apply(operator::PatchRole { guild, role: everyone, body });
    stage.bot_may(p::VIEW_CHANNEL);
    assert_eq!(stage.refused(react(bot, foreign.clone())), 50013);
    stage.bot_may(p::USE_EXTERNAL_EMOJIS);
    stage.apply(react(bot, foreign));

    // An application's own go everywhere, for itself alone.
    let create = places::CreateApplicationEmoji {
        actor: bot,
        application: stage.ids.application,
        body: json!({ "name": "mine", "image": still() }),
    };
    let (mine, _) = stage.apply(create);
    let mine = format!("mine:{}", mine["id"].as_str().expect("an id"));
    assert_eq!(stage.refused(react(stage.owner, mine.clone())), 10014);
    stage.bot_may(p::VIEW_CHANNEL);
    stage.apply(react(bot, mine));
}

fn stick(stage: &Stage, actor: Actor, body: Value, file: Option<Vec<u8>>) -> places::CreateSticker {
    let upload = |bytes| Upload { index: 0, filename: "x.png".into(), content_type: None, bytes };
    places::CreateSticker { actor, guild: stage.guild, body, files: file.map(upload).into_iter().collect() }
}

fn sticker_body() -> Value {
    json!({ "name": "wave", "description": "", "tags": "👋" })
}

#[test]
fn a_sticker_is_made_changed_and_removed_and_bots_get_the_whole_list() {
    let mut stage = Stage::new();
    let (guild, actor) = (stage.guild, stage.bot);
    let (made, events) = stage.apply(stick(&stage, actor, sticker_body(), Some(png(320))));
    assert_eq!(
        (&made["format_type"], &made["description"], &made["type"]),
        (&json!(1), &Value::Null, &json!(2))
    );
    let seen = stage.seen(&events, intents::GUILD_EXPRESSIONS);
    assert_eq!((seen.len(), seen[0].0), (1, "GUILD_STICKERS_UPDATE"));
    assert_eq!(seen[0].1["stickers"][0]["id"], made["id"]);
    assert_eq!(stage.audited().action, AuditAction::StickerCreate);
    let sticker: StickerId = id(&made);
    assert!(stage.world.sticker_file(sticker).is_some());
    assert_eq!(places::sticker(&stage.world, sticker).expect("is there")["guild_id"], json!(guild));

    let body = json!({ "name": "wave again", "description": "it waves" });
    let (changed, events) = stage.apply(places::PatchSticker { actor, guild, sticker, body: body.clone() });
    assert_eq!((&changed["description"], &changed["tags"]), (&json!("it waves"), &json!("👋")));
    assert_eq!(stage.told(&events), ["GUILD_STICKERS_UPDATE"]);
    let (_, events) = stage.apply(places::PatchSticker { actor, guild, sticker, body });
    assert_eq!(stage.told(&events), [""; 0]);
    let noor = stage.noor;
    assert_eq!(stage.refused(places::PatchSticker { actor: noor, guild, sticker, body: json!({}) }), 50013);
    assert_eq!(stage.refused(places::DeleteSticker { actor: noor, guild, sticker }), 50013);
    let ((), events) = stage.apply(places::DeleteSticker { actor, guild, sticker });
    assert_eq!(stage.told(&events), ["GUILD_STICKERS_UPDATE"]);
    assert_eq!(stage.audited().action, AuditAction::StickerDelete);
    assert_eq!(stage.refused(places::DeleteSticker { actor, guild, sticker }), 10060);
    assert_eq!(places::sticker(&stage.world, sticker).map_err(|e| e.code), Err(10060));
}

#[test]
fn bad_stickers_are_refused() {
    let mut stage = Stage::new();
    let actor = stage.bot;
    for (key, value) in [
        ("name", json!("x")),
        ("name", json!("x".repeat(31))),
        ("description", json!("x")),
        ("description", json!("x".repeat(101))),
        ("tags", json!("x".repeat(201))),
        ("tags", Value::Null),
    ] {
        let mut body = sticker_body();
        body[key] = value;
        let error = stage.refusal(stick(&stage, actor, body, Some(png(320))));
        assert!(error.body()["errors"][key].is_object(), "{key}: {error}");
    }
    let error = stage.refusal(stick(&stage, actor, sticker_body(), None));
    assert_eq!(error.body()["errors"]["file"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    let mut large = png(320);
    large.resize(512 * 1024 + 1, 0);
    let lottie = br#"{"v":"5.5","w":320,"h":320,"layers":[]}"#.to_vec();
    let (mut wide, mut high) = (png(320), png(320));
    wide[16..20].copy_from_slice(&321_u32.to_be_bytes());
    high[20..24].copy_from_slice(&321_u32.to_be_bytes());
    for (file, code) in
        [(large, 50045), (wide, 50046), (high, 50046), (b"text".to_vec(), 50046), (lottie.clone(), 50046)]
    {
        assert_eq!(stage.refused(stick(&stage, actor, sticker_body(), Some(file))), code);
    }
    stage.apply(operator::PatchGuild { guild: stage.guild, body: json!({ "features": ["VERIFIED"] }) });
    let (made, _) = stage.apply(stick(&stage, actor, sticker_body(), Some(lottie)));
    assert_eq!(made["format_type"], 3);
    let (made, _) = stage.apply(stick(&stage, actor, sticker_body(), Some(b"GIF89a\x10\0\x10\0".to_vec())));
    assert_eq!(made["format_type"], 4);
    let mut moving = png(320);
    moving.extend(b"\0\0\0\x08acTL\0\0\0\0\0\0\0\0\0\0\0\0");
    let (made, _) = stage.apply(stick(&stage, actor, sticker_body(), Some(moving)));
    assert_eq!(made["format_type"], 2);
    for _ in 3..5 {
        stage.apply(stick(&stage, actor, sticker_body(), Some(png(1))));
    }
    assert_eq!(stage.refused(stick(&stage, actor, sticker_body(), Some(png(1)))), 30039);
    stage.apply(operator::PatchGuild { guild: stage.guild, body: json!({ "premium_tier": 1 }) });
    stage.apply(stick(&stage, actor, sticker_body(), Some(png(1))));
}

#[test]
fn a_message_shows_stickers_of_its_guild_and_of_everybody() {
    let mut stage = Stage::new();
    let (actor, channel) = (stage.bot, stage.ids.channel);
    let (made, _) = stage.apply(stick(&stage, actor, sticker_body(), Some(png(320))));
    let standard = places::sticker_packs()["sticker_packs"][0]["stickers"][0].clone();
    let say =
        |ids: Value| CreateMessage { actor, channel, body: json!({ "sticker_ids": ids }), files: vec![] };
    let (message, events) = stage.apply(say(json!([made["id"], standard["id"], made["id"]])));
    let items = json!([
        { "id": made["id"], "name": "wave", "format_type": 1 },
        { "id": standard["id"], "name": "Hello", "format_type": 1 },
    ]);
    assert_eq!(message["sticker_items"], items);
    assert_eq!(stage.seen(&events, intents::GUILD_MESSAGES)[0].1["sticker_items"], items);
    let (guild, sticker) = (stage.guild, id(&made));
    stage.apply(places::DeleteSticker { actor, guild, sticker });
    let kept = stage.world.message(channel, id(&message)).expect("is there");
    assert_eq!(kept.stickers.len(), 2, "a message keeps what it showed");
    assert_eq!(stage.refused(say(json!([made["id"]]))), 50081);
    assert_eq!(stage.refused(say(json!([]))), 50006);
    assert_eq!(stage.refused(say(json!(["x"]))), 50035);
    assert_eq!(stage.refused(say(json!([1, 2, 3, 4]))), 50035);
    let v2 = json!({ "flags": 1 << 15, "sticker_ids": [standard["id"]], "components": [{ "type": 10, "content": "x" }] });
    assert_eq!(stage.refused(CreateMessage { actor, channel, body: v2, files: vec![] }), 50035);
}

fn sound(stage: &Stage, body: Value) -> places::CreateSound {
    places::CreateSound { actor: stage.bot, guild: stage.guild, body }
}

#[test]
fn a_sound_is_made_changed_and_removed_and_bots_are_told_of_each() {
    let mut stage = Stage::new();
    let (guild, actor) = (stage.guild, stage.bot);
    let file = uri("audio/mpeg", &mp3(100));
    let body = json!({ "name": "saw", "sound": file, "volume": 0.5, "emoji_name": "🪚" });
    let (made, events) = stage.apply(sound(&stage, body));
    assert_eq!(
        (&made["volume"], &made["emoji_name"], &made["emoji_id"]),
        (&json!(0.5), &json!("🪚"), &Value::Null)
    );
    let seen = stage.seen(&events, intents::GUILD_EXPRESSIONS);
    assert_eq!((seen.len(), seen[0].0, &seen[0].1), (1, "GUILD_SOUNDBOARD_SOUND_CREATE", &made));
    assert_eq!(stage.audited().action, AuditAction::SoundboardSoundCreate);
    let sound: SoundId = made["sound_id"].as_str().expect("an id").parse().expect("an id");
    assert!(stage.world.sound_file(sound).is_some_and(|bytes| *bytes == mp3(100)[..]));
    let (emoji, _) = stage.apply(make(&stage, actor, "saw", &still()));
    let body = json!({ "emoji_id": emoji["id"], "volume": null });
    let (changed, events) = stage.apply(places::PatchSound { actor, guild, sound, body: body.clone() });
    assert_eq!((&changed["emoji_id"], &changed["emoji_name"]), (&emoji["id"], &Value::Null));
    assert_eq!(changed["volume"], 1.0, "null is the default");
    assert_eq!(stage.told(&events), ["GUILD_SOUNDBOARD_SOUND_UPDATE"]);
    let (_, events) = stage.apply(places::PatchSound { actor, guild, sound, body });
    assert_eq!(stage.told(&events), [""; 0]);
    assert_eq!(stage.refused(places::PatchSound { actor: stage.noor, guild, sound, body: json!({}) }), 50013);
    let ((), events) = stage.apply(places::DeleteSound { actor, guild, sound });
    let seen = stage.seen(&events, intents::GUILD_EXPRESSIONS);
    assert_eq!(seen[0], ("GUILD_SOUNDBOARD_SOUND_DELETE", json!({ "sound_id": sound, "guild_id": guild })));
    assert_eq!(stage.audited().action, AuditAction::SoundboardSoundDelete);
    assert_eq!(stage.refused(places::DeleteSound { actor, guild, sound }), 10097);
    assert!(stage.world.sound_file(sound).is_none());
}

#[test]
fn bad_sounds_are_refused() {
    let mut stage = Stage::new();
    let good = || json!({ "name": "saw", "sound": uri("audio/mpeg", &mp3(10)) });
    for (key, value, code) in [
        ("name", json!("x"), "BASE_TYPE_BAD_LENGTH"),
        ("name", Value::Null, "BASE_TYPE_REQUIRED"),
        ("volume", json!(1.5), "NUMBER_TYPE_MAX"),
        ("volume", json!(-0.1), "NUMBER_TYPE_MIN"),
        ("emoji_name", json!("saw"), "UNKNOWN_EMOJI"),
        ("emoji_id", json!("1"), "UNKNOWN_EMOJI"),
        ("sound", Value::Null, "BASE_TYPE_REQUIRED"),
        ("sound", json!(uri("image/png", &png(1))), "BINARY_TYPE_INVALID"),
        ("sound", json!(uri("audio/mpeg", b"noise")), "BINARY_TYPE_INVALID"),
        ("sound", json!(uri("audio/mpeg", &mp3(200))), "SOUND_TOO_LONG"),
    ] {
        let mut body = good();
        body[key] = value;
        let error = stage.refusal(sound(&stage, body));
        assert_eq!(error.body()["errors"][key]["_errors"][0]["code"], code, "{key}");
    }
    let mut large = mp3(10);
    large.resize(512 * 1024 + 1, 0);
    let mut body = good();
    body["sound"] = json!(uri("audio/mpeg", &large));
    let error = stage.refusal(sound(&stage, body));
    assert_eq!(error.body()["errors"]["sound"]["_errors"][0]["code"], "BINARY_TYPE_MAX_SIZE");
    for _ in 0..8 {
        stage.apply(sound(&stage, good()));
    }
    assert_eq!(stage.refused(sound(&stage, good())), 30045);
    stage
        .apply(operator::PatchGuild { guild: stage.guild, body: json!({ "features": ["MORE_SOUNDBOARD"] }) });
    stage.apply(sound(&stage, good()));
}

#[test]
fn a_guild_object_shows_them_and_a_deleted_guild_leaves_no_bytes() {
    let mut stage = Stage::new();
    let (emoji, _) = stage.apply(make(&stage, stage.bot, "petal", &still()));
    let (sticker, _) = stage.apply(stick(&stage, stage.bot, sticker_body(), Some(png(320))));
    stage.apply(sound(&stage, json!({ "name": "saw", "sound": uri("audio/mp3", &mp3(1)) })));
    let viewer = cogwright_sim_world::Viewer::Bot {
        application: stage.ids.application,
        intents: intents::ALL,
        large_threshold: 50,
    };
    let guild = stage.world.guild_create_for(stage.guild, &viewer, NOW).expect("is there");
    assert_eq!((&guild["emojis"][0]["id"], &guild["stickers"][0]["id"]), (&emoji["id"], &sticker["id"]));
    assert_eq!(guild["soundboard_sounds"][0]["name"], "saw");
    assert_eq!(state(&stage.world)["blobs"].as_object().map(serde_json::Map::len), Some(3));
    stage.apply(operator::DeleteGuild { guild: stage.guild });
    assert_eq!(state(&stage.world)["blobs"], json!({}));
}

#[test]
fn a_world_saved_before_there_were_expressions_still_loads() {
    let (world, ids) = default_world();
    let mut old = state(&world);
    old["mint"] = json!({ "last": 1 });
    old.as_object_mut().expect("a world").remove("application_emojis");
    let guild = old["guilds"][ids.guild.to_string()].as_object_mut().expect("a guild");
    for key in ["emojis", "stickers", "sounds"] {
        guild.remove(key);
    }
    let messages = &mut old["channels"][ids.channel.to_string()]["messages"];
    for message in messages.as_object_mut().expect("messages").values_mut() {
        message.as_object_mut().expect("a message").remove("stickers");
    }
    let loaded: World = serde_json::from_value(old).expect("loads");
    assert!(loaded.guild(ids.guild).is_ok_and(|g| g.emojis.is_empty()));
}
