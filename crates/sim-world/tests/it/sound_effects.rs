//! Sounds that are played in a voice channel.

use cogwright_sim_world::{
    Actor, ChannelId, ChannelKind, GuildId, SoundId, UserId, Viewer, intents, permissions as p,
    places::{CreateSound, PatchChannel, PatchMember, operator},
    voice::{Connect, SendSound},
};
use serde_json::{Value, json};

use crate::{
    expressions::{mp3, uri},
    helpers::id,
    stage::Stage,
};

const EFFECT: &str = "VOICE_CHANNEL_EFFECT_SEND";

fn enter(stage: &mut Stage, user: UserId, channel: ChannelId, self_deaf: bool) {
    let guild = stage.guild;
    stage.does(Connect {
        user,
        guild,
        channel: Some(channel),
        session: None,
        self_mute: true,
        self_deaf,
        self_video: false,
    });
}

/// A sound of a guild, with an emoji.
fn sound(stage: &mut Stage, guild: GuildId) -> SoundId {
    let file = uri("audio/mpeg", &mp3(10));
    let body = json!({ "name": "clank", "sound": file, "volume": 0.5, "emoji_name": "🔧" });
    let made = stage.does(CreateSound { actor: stage.owner, guild, body });
    made["sound_id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

fn send(actor: Actor, channel: ChannelId, body: Value) -> SendSound {
    SendSound { actor, channel, body }
}

#[test]
fn those_who_are_in_the_channel_hear_it() {
    let mut stage = Stage::new();
    let (guild, bot, noor) = (stage.guild, stage.bot, stage.noor);
    let voice = stage.channel(ChannelKind::Voice);
    let own = sound(&mut stage, guild);
    enter(&mut stage, noor.user, voice, false);
    let play = |body| send(noor, voice, body);
    let events = stage.events(play(json!({ "sound_id": own })));
    assert!(stage.told(&events).is_empty(), "the bot is not there");
    let viewer = Viewer::Person(noor.user);
    assert_eq!(stage.told_as(&events, &viewer), [EFFECT], "whoever plays it hears it too");
    enter(&mut stage, bot.user, voice, false);
    let events = stage.events(play(json!({ "sound_id": own, "source_guild_id": guild })));
    let data = json!({
        "channel_id": voice, "guild_id": guild, "user_id": noor.user, "animation_type": 1, "animation_id": 0,
        "emoji": { "id": null, "name": "🔧", "animated": false }, "sound_id": own, "sound_volume": 0.5,
    });
    assert_eq!(stage.seen(&events, intents::GUILD_VOICE_STATES), [(EFFECT, data)]);
    assert_eq!(stage.seen(&events, intents::ALL & !intents::GUILD_VOICE_STATES), []);
    let events = stage.events(SendSound { actor: bot, channel: voice, body: json!({ "sound_id": "2" }) });
    let heard = stage.payload(&events, EFFECT);
    assert_eq!(
        (&heard["sound_id"], &heard["emoji"]["name"]),
        (&json!(2), &json!("🔔")),
        "a number, as on Discord"
    );
    assert_eq!(stage.refused(play(json!({ "sound_id": "99" }))), 10097);
    assert_eq!(stage.refused(play(json!({}))), 50035);
}

#[test]
fn only_those_who_are_there_and_can_be_heard_play_sounds() {
    let mut stage = Stage::new();
    let (guild, noor, owner) = (stage.guild, stage.noor, stage.owner);
    let (voice, show) = (stage.channel(ChannelKind::Voice), stage.channel(ChannelKind::Stage));
    let play = |channel| send(noor, channel, json!({ "sound_id": "1" }));
    assert_eq!(stage.refused(play(stage.ids.channel)), 50024);
    assert_eq!(stage.refused(play(ChannelId::new(1))), 10003);
    let error = stage.refusal(play(voice));
    assert_eq!((error.status, error.code), (403, 50168));
    enter(&mut stage, noor.user, show, false);
    assert_eq!(stage.refused(play(voice)), 50168, "in another channel");
    let error = stage.refusal(play(show));
    assert_eq!((error.status, error.code), (403, 50167), "in the audience");
    enter(&mut stage, noor.user, voice, true);
    assert_eq!(stage.refused(play(voice)), 50167, "deafened by themselves");
    enter(&mut stage, noor.user, voice, false);
    stage.does(play(voice));
    let set = |stage: &mut Stage, key: &str, to: bool| {
        let patch = PatchMember { actor: owner, guild, user: noor.user, body: json!({ key: to }) };
        stage.does(patch);
    };
    for key in ["mute", "deaf"] {
        set(&mut stage, key, true);
        assert_eq!(stage.refused(play(voice)), 50167, "{key}");
        set(&mut stage, key, false);
    }
    for bit in [p::SPEAK, p::USE_SOUNDBOARD] {
        let overwrites = json!([{ "id": guild, "type": 0, "deny": bit.to_string() }]);
        let body = json!({ "permission_overwrites": overwrites });
        stage.does(PatchChannel { actor: owner, channel: voice, body });
        assert_eq!(stage.refused(play(voice)), 50013, "{bit}");
    }
}

#[test]
fn sounds_of_another_guild_need_a_permission_and_membership() {
    let mut stage = Stage::new();
    let (guild, noor, owner) = (stage.guild, stage.noor, stage.owner);
    let voice = stage.channel(ChannelKind::Voice);
    let other: GuildId =
        id(&stage.does(operator::CreateGuild { body: json!({ "name": "Other", "owner": owner.user }) }));
    let theirs = sound(&mut stage, other);
    enter(&mut stage, noor.user, voice, false);
    enter(&mut stage, owner.user, voice, false);
    let from = |actor, source| send(actor, voice, json!({ "sound_id": theirs, "source_guild_id": source }));
    stage.does(from(owner, Some(other)));
    assert_eq!(stage.refused(from(owner, None)), 10097, "not of this guild");
    assert_eq!(stage.refused(from(owner, Some(GuildId::new(1)))), 10004);
    assert_eq!(stage.refused(from(noor, Some(other))), 50001, "no member there");
    let overwrites = json!([{ "id": guild, "type": 0, "deny": p::USE_EXTERNAL_SOUNDS.to_string() }]);
    let body = json!({ "permission_overwrites": overwrites });
    stage.does(PatchChannel { actor: owner, channel: voice, body });
    assert_eq!(stage.refused(from(noor, Some(other))), 50013);
}
