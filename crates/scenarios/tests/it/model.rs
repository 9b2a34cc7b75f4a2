//! What one definition can hold, on the real protocol: every kind of option, context menus, other languages.

use std::time::Duration;

use cogwright_command::{
    Attachment, Channel, Choice, Cog, CommandResult, Ctx, Member, Mentionable, Message, Role, User, command,
};
use cogwright_sim_world::{Actor, CommandKind, Upload, messages};
use cogwright_testkit::{Kit, Message as Shown, Person};
use serde_json::json;

use crate::helpers::{answer, requests, role};

/// How loud.
#[derive(Clone, Copy, Debug, Choice)]
enum Tone {
    /// As it is.
    #[choice(name = "As it is", names("de" = "Wie es ist"))]
    Plain,
    /// In capitals.
    #[choice(name = "Very loud", names("de" = "Sehr laut"))]
    Loud,
}

/// Tells what it was given.
#[command(names("de" = "alles"), descriptions("de" = "Sagt, was es bekam"))]
#[expect(clippy::too_many_arguments, reason = "one of each kind")]
async fn all(
    ctx: Ctx,
    #[option(min = 1, max = 9, names("de" = "anzahl"), descriptions("de" = "Wie viele"))] count: u8,
    #[option(min = 0.5)] size: f64,
    sure: bool,
    #[option(min_length = 2)] word: String,
    tone: Tone,
    #[option(min = 60)] span: Duration,
    user: User,
    member: Member,
    role: Role,
    channel: Channel,
    anybody: Mentionable,
    message: Message,
    file: Attachment,
) -> CommandResult {
    ctx.reply(format!(
        "{count} {size} {sure} {word} {tone:?} {span:?} {} {} {} {} {} {} {} {}",
        user.id,
        member.user.id,
        role.id,
        channel.id,
        anybody.mention(),
        message.content,
        file.filename,
        file.size,
    ))
    .await
}

/// Names somebody.
#[command(user_menu = "Who is this", names("de" = "wer"))]
async fn who(ctx: Ctx, person: User) -> CommandResult {
    ctx.reply(format!("this is {} by {:?}", person.name, ctx.trigger())).await
}

/// Repeats a message.
#[command(message_menu = "Quote", permissions(MANAGE_MESSAGES))]
async fn quote(ctx: Ctx, message: Message) -> CommandResult {
    ctx.reply(format!("quoted: {} by {:?}", message.content, ctx.trigger())).await
}

fn cog() -> Cog {
    Cog::new("Model").command(all).command(who).command(quote)
}

/// Writes a line with a file.
fn sends(kit: &Kit, person: &Person, line: &str) -> Shown {
    let (actor, channel) = (Actor::person(person.id()), person.channel());
    let file = Upload { index: 0, filename: "a.txt".into(), content_type: None, bytes: b"hello".to_vec() };
    let body = json!({ "content": line });
    Shown(kit.sim().apply(messages::CreateMessage { actor, channel, body, files: vec![file] }).unwrap())
}

#[tokio::test]
async fn every_kind_of_option_arrives_alike_in_both_forms() {
    let kit = Kit::with_cogs([cog()]).await.unwrap();
    let (owner, friend) = (kit.owner(), kit.newcomer("friend").unwrap());
    let (mods, here) = (role(&kit, "Mods", "0"), owner.channel());
    let note = friend.says("a note").unwrap();
    let user = friend.id().to_string();
    let told = format!("3 1.5 true two words Loud 90s {user} {user} {mods} {here} <@&{mods}> a note a.txt 5");

    let link = format!("https://discord.com/channels/{}/{here}/{}", kit.guild(), note.id());
    for line in [
        format!(
            "!all 3 1.5 yes \"two words\" \"very loud\" 1m30s <@{user}> {user} <@&{mods}> <#{here}> Mods {link}"
        ),
        format!(
            "!alles anzahl:3 1.5 on 'two words' LOUD 90s friend @friend mods general <@&{mods}> {}",
            note.id()
        )
        .replace('\'', "\""),
    ] {
        let asked = sends(&kit, &owner, &line);
        assert_eq!(kit.reply_to(&asked).await.unwrap().content(), told, "{line}");
    }
    let options = json!({
        "count": 3, "size": 1.5, "sure": true, "word": "two words", "tone": "loud", "span": "90s", "user": user,
        "member": user, "role": mods, "channel": here.to_string(), "anybody": mods, "message": link,
        "file": { "filename": "a.txt", "data": "aGVsbG8=" },
    });
    let used = owner.slash("all", options).await.unwrap();
    assert_eq!(Shown(used.message.unwrap()).content(), told);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn context_menus_run_what_the_prefix_runs_and_keep_its_permissions() {
    let kit = Kit::with_cogs([cog()]).await.unwrap();
    let (owner, friend) = (kit.owner(), kit.newcomer("friend").unwrap());
    let note = friend.says("a note").unwrap();
    let (person, written) = (friend.id().get(), note.id().parse().unwrap());
    let shown = |used: cogwright_testkit::Interacted| Shown(used.message.unwrap());
    let used = owner.uses(CommandKind::User, "Who is this", person).await.unwrap();
    assert_eq!(shown(used).content(), "this is friend by Menu");
    let used = owner.uses(CommandKind::Message, "Quote", written).await.unwrap();
    assert_eq!(shown(used).content(), "quoted: a note by Menu");
    assert_eq!(answer(&kit, &owner, "!wer friend").await.content(), "this is friend by Prefix");
    let refused = friend.uses(CommandKind::Message, "Quote", written).await;
    assert!(refused.is_err(), "Discord does not offer it to those who may not call it");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn what_was_registered_in_full_is_not_written_again() {
    let kit = Kit::with_cogs([cog()]).await.unwrap();
    // The body of the request that registered them, as the bot wrote it.
    let set = requests(&kit, "bulk_set_application_commands", 0);
    let [set] = &*set else { panic!("one request: {set:?}") };
    let text = set.field("request").unwrap().to_string();
    for part in ["\"alles\"", "Sagt, was es bekam", "\"anzahl\"", "Sehr laut", "\"Who is this\"", "\"Quote\""]
    {
        assert!(text.contains(part), "{part} is not registered: {text}");
    }
    let since = kit.sim().journal().last();
    let again = kit.another([cog()]).start().await.unwrap();
    assert!(again.ready().await);
    assert_eq!(crate::registration::writes(&kit, since), [""; 0]);
    again.stop().await.unwrap();
    kit.stop().await.unwrap();
}
