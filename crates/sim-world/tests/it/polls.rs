//! Polls: voting, who is told, and how they end.

use cogwright_sim_world::{
    Actor, ChannelId, MessageId, UserId, World, intents, messages::*, permissions as p, places,
    places::operator, wire,
};
use serde_json::{Value, json};

use crate::{helpers::id, stage::Stage};

const ADD: &str = "MESSAGE_POLL_VOTE_ADD";
const REMOVE: &str = "MESSAGE_POLL_VOTE_REMOVE";

fn body(multiselect: bool) -> Value {
    let answer = |text: &str| json!({ "poll_media": { "text": text } });
    let tea = json!({ "poll_media": { "text": "Tea", "emoji": { "name": "🍵" } } });
    json!({ "poll": {
        "question": { "text": "What now?" }, "answers": [tea, answer("Coffee"), answer("Sleep")], "duration": 1,
        "allow_multiselect": multiselect,
    } })
}

fn ask(stage: &mut Stage, actor: Actor, channel: ChannelId, multiselect: bool) -> MessageId {
    let create = CreateMessage { actor, channel, body: body(multiselect), files: Vec::new() };
    id(&stage.apply(create).0)
}

fn vote(stage: &Stage, actor: Actor, message: MessageId, answers: &[u32]) -> Vote {
    Vote { actor, channel: stage.ids.channel, message, answers: answers.to_vec() }
}

fn results(world: &World, channel: ChannelId, message: MessageId, viewer: UserId) -> Value {
    let message = world.message(channel, message).expect("is there");
    wire::message(world, message, Some(viewer))["poll"]["results"].clone()
}

#[test]
fn votes_are_cast_changed_and_taken_back() {
    let mut stage = Stage::new();
    let (noor, mika, bot, guild, channel) =
        (stage.noor, stage.mika, stage.bot, stage.guild, stage.ids.channel);
    let poll = ask(&mut stage, bot, channel, false);
    let events = stage.events(vote(&stage, noor, poll, &[2]));
    let told = stage.seen(&events, intents::GUILD_MESSAGE_POLLS);
    let data = json!({
        "user_id": noor.user, "channel_id": channel, "message_id": poll, "answer_id": 2, "guild_id": guild,
    });
    assert_eq!(told, [(ADD, data)]);
    assert_eq!(stage.seen(&events, intents::ALL & !intents::GUILD_MESSAGE_POLLS), []);
    assert!(stage.events(vote(&stage, noor, poll, &[2, 2][..1])).is_empty(), "the same once more");
    let events = stage.events(vote(&stage, noor, poll, &[1]));
    assert_eq!(stage.told(&events), [REMOVE, ADD]);
    stage.apply(vote(&stage, mika, poll, &[1]));
    let counts = |own: bool| json!({ "answer_counts": [{ "id": 1, "count": 2, "me_voted": own }], "is_finalized": false });
    assert_eq!(results(&stage.world, channel, poll, noor.user), counts(true));
    assert_eq!(results(&stage.world, channel, poll, bot.user), counts(false));
    assert_eq!(
        stage.told(&stage.world.clone().apply(vote(&stage, mika, poll, &[]), stage.now).expect("may").events),
        [REMOVE]
    );

    assert_eq!(stage.refused(vote(&stage, bot, poll, &[1])), 20001);
    assert_eq!(stage.refused(vote(&stage, noor, poll, &[4])), 50035);
    assert_eq!(stage.refused(vote(&stage, noor, poll, &[0])), 50035);
    assert_eq!(stage.refused(vote(&stage, noor, poll, &[1, 2])), 50035, "one answer only");
    assert_eq!(stage.refused(vote(&stage, noor, MessageId::new(1), &[1])), 10008);
    let plain =
        CreateMessage { actor: bot, channel, body: json!({ "content": "no poll" }), files: Vec::new() };
    let plain = id(&stage.apply(plain).0);
    assert_eq!(stage.refused(vote(&stage, noor, plain, &[1])), 520_000);
    let until = stage.now.plus(std::time::Duration::from_secs(60)).iso();
    let timed_out = json!({ "communication_disabled_until": until });
    stage.apply(operator::PatchMember { guild, user: noor.user, body: timed_out });
    assert_eq!(stage.refused(vote(&stage, noor, poll, &[2])), 50013);

    let several = ask(&mut stage, bot, channel, true);
    let events = stage.events(vote(&stage, mika, several, &[1, 3]));
    assert_eq!(stage.told(&events), [ADD, ADD]);
    let events = stage.events(vote(&stage, mika, several, &[3, 2]));
    assert_eq!(stage.told(&events), [REMOVE, ADD]);
    // A user takes their votes along; a world that is saved keeps the others'.
    stage.apply(operator::DeleteUser { user: noor.user });
    stage.world =
        serde_json::from_str(&serde_json::to_string(&stage.world).expect("is saved")).expect("is loaded");
    assert_eq!(results(&stage.world, channel, poll, mika.user)["answer_counts"][0]["count"], 1);
}

#[test]
fn a_poll_that_was_saved_before_there_were_votes_is_loaded() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let poll = ask(&mut stage, bot, channel, false);
    let mut saved = serde_json::to_value(&stage.world).expect("is saved");
    let old = &mut saved["channels"][channel.to_string()]["messages"][poll.to_string()]["poll"];
    let shown = stage.world.message(channel, poll).expect("is there");
    *old = wire::message(&stage.world, shown, None)["poll"].clone();
    stage.world = serde_json::from_value(saved).expect("is loaded");
    stage.apply(vote(&stage, stage.mika, poll, &[1]));
    stage.now = stage.now.plus(std::time::Duration::from_secs(3600));
    assert_eq!(stage.world.next_deadline(), Some(stage.now));
    let events = stage.world.tick(stage.now);
    assert_eq!(stage.told(&events), ["MESSAGE_UPDATE", "MESSAGE_CREATE"]);
}

#[test]
fn voters_are_listed_by_page() {
    let mut stage = Stage::new();
    let (bot, channel) = (stage.bot, stage.ids.channel);
    let poll = ask(&mut stage, bot, channel, false);
    let mut people: Vec<Actor> = vec![stage.noor, stage.mika, stage.owner];
    for person in &people {
        stage.apply(vote(&stage, *person, poll, &[1]));
    }
    people.sort_by_key(|a| a.user);
    let list = |stage: &Stage, actor: Actor, answer: u32, page: VotersPage| {
        let users = voters(&stage.world, actor, channel, poll, answer, page, stage.now);
        users.map(|v| v["users"].as_array().expect("a list").iter().map(id::<UserId>).collect::<Vec<_>>())
    };
    let all: Vec<UserId> = people.iter().map(|a| a.user).collect();
    assert_eq!(list(&stage, bot, 1, VotersPage::default()), Ok(all.clone()));
    assert_eq!(list(&stage, bot, 2, VotersPage::default()), Ok(vec![]));
    let page = VotersPage { limit: Some(1), after: Some(all[0]) };
    assert_eq!(list(&stage, bot, 1, page), Ok(vec![all[1]]));
    let code = |answer, page| list(&stage, bot, answer, page).map_err(|e| e.code);
    assert_eq!(code(4, VotersPage::default()), Err(50035));
    assert_eq!(code(1, VotersPage { limit: Some(101), after: None }), Err(50035));
    let body = json!({ "permission_overwrites": [
        { "id": stage.guild, "type": 0, "allow": "0", "deny": p::READ_MESSAGE_HISTORY.to_string() },
    ] });
    stage.apply(operator::PatchChannel { channel, body });
    let noor = stage.noor;
    assert_eq!(list(&stage, noor, 1, VotersPage::default()).map_err(|e| e.code), Err(50013));
    assert_eq!(stage.refused(vote(&stage, noor, poll, &[2])), 50013);
}

#[test]
fn a_page_of_voters_holds_25() {
    let mut stage = Stage::new();
    let (bot, channel, guild) = (stage.bot, stage.ids.channel, stage.guild);
    let poll = ask(&mut stage, bot, channel, false);
    for n in 0..26 {
        let user =
            id(&stage.apply(operator::CreateUser { body: json!({ "username": format!("voter{n}") }) }).0);
        stage.apply(operator::AddMember { guild, body: json!({ "user": user }) });
        stage.apply(vote(&stage, Actor::person(user), poll, &[1]));
    }
    let page = voters(&stage.world, bot, channel, poll, 1, VotersPage::default(), stage.now).expect("may");
    assert_eq!(page["users"].as_array().map(Vec::len), Some(25));
}

#[test]
fn what_a_poll_does_not_say_is_a_day_and_one_answer_and_emojis_are_completed() {
    let mut stage = Stage::new();
    let (bot, channel, guild) = (stage.bot, stage.ids.channel, stage.guild);
    let gif = "data:image/gif;base64,R0lGODlhEAAQAAAAAA==";
    let body = json!({ "name": "spin", "image": gif });
    let emoji = stage.apply(places::CreateEmoji { actor: bot, guild, body }).0;
    let answers = json!([{ "poll_media": { "text": "Round", "emoji": { "id": emoji["id"] } } }]);
    let question = json!({ "text": "How?", "emoji": { "name": "🍵" } });
    let body = json!({ "poll": { "question": question, "answers": answers } });
    let (said, _) = stage.apply(CreateMessage { actor: bot, channel, body, files: Vec::new() });
    let poll = &said["poll"];
    let day = stage.now.plus(std::time::Duration::from_secs(86_400)).iso();
    assert_eq!((&poll["expiry"], &poll["allow_multiselect"]), (&json!(day), &json!(false)));
    assert_eq!(poll["question"], json!({ "text": "How?" }), "a question has no emoji");
    let whole = json!({ "id": emoji["id"], "name": "spin", "animated": true });
    assert_eq!(poll["answers"][0]["poll_media"], json!({ "text": "Round", "emoji": whole }));
    stage.apply(vote(&stage, stage.noor, id(&said), &[1]));
    let events = stage.events(EndPoll { actor: bot, channel, message: id(&said) });
    let fields = stage.payload(&events, "MESSAGE_CREATE")["embeds"][0]["fields"].clone();
    let field = |name: &str| {
        let found = fields.as_array().expect("fields").iter().find(|f| f["name"] == name);
        found.map(|f| f["value"].clone())
    };
    assert_eq!(field("victor_answer_emoji_id"), Some(emoji["id"].clone()));
    assert_eq!(field("victor_answer_emoji_name"), Some(json!("spin")));
    assert_eq!(field("victor_answer_emoji_animated"), Some(json!("true")));
}

#[test]
fn a_poll_ends_with_its_time_or_by_its_author_and_tells_the_result() {
    let mut stage = Stage::new();
    let (noor, mika, bot, channel) = (stage.noor, stage.mika, stage.bot, stage.ids.channel);
    let (late, early) = (ask(&mut stage, bot, channel, false), ask(&mut stage, bot, channel, true));
    let end = |actor, message| EndPoll { actor, channel, message };
    assert_eq!(stage.refused(end(mika, early)), 50005);
    let edit = EditMessage {
        actor: bot,
        channel,
        message: early,
        body: json!({ "content": "x" }),
        files: Vec::new(),
    };
    assert_eq!(stage.refused(edit), 520_003);
    stage.apply(vote(&stage, noor, early, &[1]));
    stage.apply(vote(&stage, mika, early, &[1, 2]));
    stage.now = stage.now.plus(std::time::Duration::from_secs(60));
    let (shown, events) = stage.apply(end(bot, early));
    assert_eq!(
        (&shown["poll"]["results"]["is_finalized"], &shown["poll"]["expiry"]),
        (&json!(true), &json!(stage.now.iso()))
    );
    assert_eq!(stage.told(&events), ["MESSAGE_UPDATE", "MESSAGE_CREATE"]);
    let result = stage.payload(&events, "MESSAGE_CREATE");
    assert_eq!((&result["type"], &result["author"]["id"]), (&json!(46), &json!(bot.user)));
    assert_eq!(result["message_reference"]["message_id"], json!(early));
    let fields = |message: &Value| -> Value {
        let fields = message["embeds"][0]["fields"].as_array().expect("fields").iter();
        fields.map(|f| (f["name"].as_str().expect("a name").to_owned(), f["value"].clone())).collect()
    };
    let won = json!({
        "poll_question_text": "What now?", "victor_answer_votes": "2", "total_votes": "3", "victor_answer_id": "1",
        "victor_answer_text": "Tea", "victor_answer_emoji_name": "🍵",
    });
    assert_eq!((&result["embeds"][0]["type"], fields(&result)), (&json!("poll_result"), won));
    assert_eq!(stage.refused(end(bot, early)), 520_001);
    assert_eq!(stage.refused(vote(&stage, noor, early, &[2])), 520_001);
    let plain: MessageId = id(&result);
    assert_eq!(stage.refused(end(bot, plain)), 520_006);

    stage.apply(vote(&stage, noor, late, &[1]));
    stage.apply(vote(&stage, mika, late, &[3]));
    let due = stage.world.next_deadline().expect("a poll is open");
    assert!(stage.world.tick(cogwright_sim_world::Timestamp::from_ms(due.ms() - 1)).is_empty());
    stage.now = due;
    // Between its end and the tick no vote is taken.
    assert_eq!(stage.refused(vote(&stage, noor, late, &[2])), 520_001);
    let events = stage.world.tick(due);
    assert_eq!(stage.told(&events), ["MESSAGE_UPDATE", "MESSAGE_CREATE"]);
    let drawn = json!({ "poll_question_text": "What now?", "victor_answer_votes": "1", "total_votes": "2" });
    assert_eq!(fields(&stage.payload(&events, "MESSAGE_CREATE")), drawn, "nobody has won");
    assert!(stage.world.tick(due).is_empty());
    assert_eq!(stage.world.next_deadline(), None);
    // One whose message is gone ends without a word.
    let gone = ask(&mut stage, bot, channel, false);
    stage.apply(DeleteMessage { actor: bot, channel, message: gone });
    stage.now = stage.now.plus(std::time::Duration::from_secs(3600));
    assert!(stage.world.tick(stage.now).is_empty());
}

#[test]
fn in_a_direct_message_the_other_intent_counts() {
    let mut stage = Stage::new();
    let (bot, owner) = (stage.bot, stage.owner);
    let body = json!({ "recipient_id": owner.user });
    let dm: ChannelId = id(&stage.apply(places::OpenDm { actor: bot, body }).0);
    let poll = ask(&mut stage, bot, dm, false);
    let events = stage.events(Vote { actor: owner, channel: dm, message: poll, answers: vec![1] });
    let told = stage.seen(&events, intents::DIRECT_MESSAGE_POLLS);
    assert!(told.len() == 1 && told[0].1.get("guild_id").is_none(), "{told:?}");
    assert_eq!(stage.seen(&events, intents::GUILD_MESSAGE_POLLS), []);
}
