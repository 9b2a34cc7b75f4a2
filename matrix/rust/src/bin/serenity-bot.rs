//! The scripted bot of the client matrix on serenity, pointed at a local Discord by its environment.

use std::{
    env,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use serenity::{
    all::{
        ActionRowComponent, ChannelId, ChunkGuildFilter, Command, CommandInteraction, CommandOptionType,
        ComponentInteraction, ComponentInteractionDataKind, GatewayIntents, GuildMembersChunkEvent,
        InputTextStyle, Interaction, Message, MessageReference, MessageReferenceKind, ModalInteraction,
        ReactionType, Ready, ResolvedValue,
    },
    async_trait,
    builder::{
        AutocompleteChoice, CreateActionRow, CreateAutocompleteResponse, CreateButton, CreateCommand,
        CreateCommandOption, CreateInputText, CreateInteractionResponse, CreateInteractionResponseFollowup,
        CreateInteractionResponseMessage, CreateMessage, CreateModal, CreateSelectMenu, CreateSelectMenuKind,
        CreateSelectMenuOption, EditInteractionResponse, EditMessage,
    },
    client::{Client, ClientBuilder, Context, EventHandler},
    http::HttpBuilder,
};

#[derive(Default)]
struct Handler {
    announced: AtomicBool,
    /// Where the answer to `!members` goes, and how many came so far.
    counting: Mutex<Option<(ChannelId, usize)>>,
}

fn commands() -> Vec<CreateCommand> {
    let option = |kind, name: &str, what: &str| CreateCommandOption::new(kind, name, what).required(true);
    let plain = |name: &str, what: &str| CreateCommand::new(name).description(what);
    vec![
        plain("echo", "Says it again")
            .add_option(option(CommandOptionType::String, "text", "What").set_autocomplete(true))
            .add_option(
                option(CommandOptionType::Integer, "times", "How often").min_int_value(1).max_int_value(5),
            )
            .add_option(option(CommandOptionType::User, "who", "To whom")),
        plain("panel", "A button"),
        plain("selects", "Five selects"),
        plain("form", "A modal"),
        plain("secret", "For one pair of eyes"),
        plain("slow", "Takes its time"),
    ]
}

fn button() -> Vec<CreateActionRow> {
    vec![CreateActionRow::Buttons(vec![CreateButton::new("press").label("Press")])]
}

fn selects() -> Vec<CreateActionRow> {
    let options = ["red", "green", "blue"].map(|w| CreateSelectMenuOption::new(w, w)).to_vec();
    let kinds = [
        ("pick-string", CreateSelectMenuKind::String { options }),
        ("pick-user", CreateSelectMenuKind::User { default_users: None }),
        ("pick-role", CreateSelectMenuKind::Role { default_roles: None }),
        ("pick-mentionable", CreateSelectMenuKind::Mentionable { default_users: None, default_roles: None }),
        ("pick-channel", CreateSelectMenuKind::Channel { channel_types: None, default_channels: None }),
    ];
    kinds.into_iter().map(|(id, kind)| CreateActionRow::SelectMenu(CreateSelectMenu::new(id, kind))).collect()
}

fn say(text: impl Into<String>) -> CreateInteractionResponseMessage {
    CreateInteractionResponseMessage::new().content(text)
}

async fn command(ctx: &Context, call: &CommandInteraction) -> serenity::Result<()> {
    use CreateInteractionResponse::{Defer, Message as Answer, Modal};
    let answer = match call.data.name.as_str() {
        "echo" => {
            let (mut text, mut times, mut who) = (String::new(), 0, String::new());
            for option in call.data.options() {
                match option.value {
                    ResolvedValue::String(s) => text = s.to_owned(),
                    ResolvedValue::Integer(n) => times = n,
                    ResolvedValue::User(user, _) => who = user.name.clone(),
                    _ => {}
                }
            }
            Answer(say(format!("{text} x{times} for {who}")))
        }
        "panel" => Answer(say("panel").components(button())),
        "selects" => Answer(say("selects").components(selects())),
        "form" => {
            let input = CreateInputText::new(InputTextStyle::Short, "Answer", "answer");
            Modal(CreateModal::new("form", "Form").components(vec![CreateActionRow::InputText(input)]))
        }
        "secret" => Answer(say("secret").ephemeral(true)),
        _ => {
            call.create_response(&ctx.http, Defer(CreateInteractionResponseMessage::new())).await?;
            call.edit_response(&ctx.http, EditInteractionResponse::new().content("slow, done")).await?;
            let more = CreateInteractionResponseFollowup::new().content("slow, and more");
            return call.create_followup(&ctx.http, more).await.map(drop);
        }
    };
    call.create_response(&ctx.http, answer).await
}

async fn complete(ctx: &Context, call: &CommandInteraction) -> serenity::Result<()> {
    let typed = call.data.autocomplete().map(|o| o.value).unwrap_or_default();
    let choices =
        ["one", "two"].map(|n| AutocompleteChoice::new(format!("{typed}-{n}"), format!("{typed}-{n}")));
    let answer = CreateAutocompleteResponse::new().set_choices(choices.to_vec());
    call.create_response(&ctx.http, CreateInteractionResponse::Autocomplete(answer)).await
}

async fn component(ctx: &Context, call: &ComponentInteraction) -> serenity::Result<()> {
    use ComponentInteractionDataKind as Kind;
    fn ids<T: ToString>(list: &[T]) -> String {
        list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
    let values = match &call.data.kind {
        Kind::Button => {
            let update = say("pressed").components(button());
            return call.create_response(&ctx.http, CreateInteractionResponse::UpdateMessage(update)).await;
        }
        Kind::StringSelect { values } => ids(values),
        Kind::UserSelect { values } => ids(values),
        Kind::RoleSelect { values } => ids(values),
        Kind::MentionableSelect { values } => ids(values),
        Kind::ChannelSelect { values } => ids(values),
        Kind::Unknown(kind) => format!("unknown kind {kind}"),
    };
    let answer = say(format!("picked {}: {values}", call.data.custom_id));
    call.create_response(&ctx.http, CreateInteractionResponse::Message(answer)).await
}

async fn submitted(ctx: &Context, call: &ModalInteraction) -> serenity::Result<()> {
    let inputs = call.data.components.iter().flat_map(|row| &row.components);
    let value = inputs.into_iter().find_map(|c| match c {
        ActionRowComponent::InputText(input) if input.custom_id == "answer" => input.value.clone(),
        _ => None,
    });
    let answer = say(format!("form: {}", value.unwrap_or_default()));
    call.create_response(&ctx.http, CreateInteractionResponse::Message(answer)).await
}

impl Handler {
    async fn answer(&self, ctx: &Context, message: &Message) -> serenity::Result<()> {
        match message.content.as_str() {
            "!ping" => {
                let mut reply = message.reply(&ctx.http, "pong").await?;
                reply.edit(&ctx.http, EditMessage::new().content("pong, edited")).await?;
                message.react(&ctx.http, ReactionType::Unicode("👍".into())).await?;
            }
            "!dm" => {
                message.author.dm(&ctx.http, CreateMessage::new().content("hello in private")).await?;
            }
            "!members" => {
                *self.counting.lock().unwrap() = Some((message.channel_id, 0));
                let guild = message.guild_id.expect("said in a guild");
                ctx.shard.chunk_guild(guild, None, false, ChunkGuildFilter::None, None);
            }
            "!forward" => {
                let here = MessageReference::new(MessageReferenceKind::Forward, message.channel_id);
                let forward = CreateMessage::new().reference_message(here.message_id(message.id));
                message.channel_id.send_message(&ctx.http, forward).await?;
            }
            _ => {
                if let Some(snapshot) = message.message_snapshots.first() {
                    message.channel_id.say(&ctx.http, format!("forwarded: {}", snapshot.content)).await?;
                }
            }
        }
        Ok(())
    }
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, ctx: Context, _: Ready) {
        Command::set_global_commands(&ctx.http, commands()).await.expect("commands are registered");
        if !self.announced.swap(true, Ordering::SeqCst) {
            println!("ready");
        }
    }

    async fn message(&self, ctx: Context, message: Message) {
        if !message.author.bot {
            self.answer(&ctx, &message).await.expect("answered");
        }
    }

    async fn guild_members_chunk(&self, ctx: Context, chunk: GuildMembersChunkEvent) {
        let done = {
            let mut counting = self.counting.lock().unwrap();
            let Some((_, count)) = counting.as_mut() else { return };
            *count += chunk.members.len();
            if chunk.chunk_index + 1 == chunk.chunk_count { counting.take() } else { None }
        };
        if let Some((channel, count)) = done {
            let text = CreateMessage::new().content(format!("members: {count}"));
            channel.send_message(&ctx.http, text).await.expect("sent");
        }
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let done = match &interaction {
            Interaction::Command(call) => command(&ctx, call).await,
            Interaction::Autocomplete(call) => complete(&ctx, call).await,
            Interaction::Component(call) => component(&ctx, call).await,
            Interaction::Modal(call) => submitted(&ctx, call).await,
            _ => Ok(()),
        };
        done.expect("answered");
    }
}

#[tokio::main]
async fn main() {
    let var = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is set"));
    // serenity's proxy is scheme and host; with its limiter on it would be ignored.
    let host = var("SIM_API_BASE").trim_end_matches("/api").to_owned();
    let http = HttpBuilder::new(var("DISCORD_TOKEN")).proxy(host).ratelimiter_disabled(true).build();
    let builder: ClientBuilder = ClientBuilder::new_with_http(http, GatewayIntents::all());
    let mut client: Client = builder.event_handler(Handler::default()).await.expect("a client");
    client.start().await.expect("it runs");
}
