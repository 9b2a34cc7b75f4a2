//! The scripted bot of the client matrix on twilight, pointed at a local Discord by its environment.

use std::{collections::HashMap, env, error::Error, sync::Arc};

use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};
use twilight_http::{Client, request::channel::reaction::RequestReactionType};
use twilight_model::{
    application::{
        command::{Command, CommandOptionChoice, CommandOptionChoiceValue, CommandType},
        interaction::{
            Interaction, InteractionData, application_command::CommandOptionValue,
            modal::ModalInteractionComponent,
        },
    },
    channel::message::{
        Component, MessageFlags,
        component::{
            ActionRow, Button, ButtonStyle, SelectMenu, SelectMenuOption, SelectMenuType, TextInput,
            TextInputStyle,
        },
    },
    gateway::payload::{incoming::MessageCreate, outgoing::RequestGuildMembers},
    http::interaction::{InteractionResponse, InteractionResponseData, InteractionResponseType},
    id::{
        Id,
        marker::{ApplicationMarker, ChannelMarker},
    },
};
use twilight_util::builder::command::{CommandBuilder, IntegerBuilder, StringBuilder, UserBuilder};

type Failure = Box<dyn Error + Send + Sync>;

fn commands() -> Vec<Command> {
    let plain = |name: &str, what: &str| CommandBuilder::new(name, what, CommandType::ChatInput);
    vec![
        plain("echo", "Says it again")
            .option(StringBuilder::new("text", "What").required(true).autocomplete(true))
            .option(IntegerBuilder::new("times", "How often").required(true).min_value(1).max_value(5))
            .option(UserBuilder::new("who", "To whom").required(true))
            .build(),
        plain("panel", "A button").build(),
        plain("selects", "Five selects").build(),
        plain("form", "A modal").build(),
        plain("secret", "For one pair of eyes").build(),
        plain("slow", "Takes its time").build(),
    ]
}

fn row(component: Component) -> Component {
    Component::ActionRow(ActionRow { id: None, components: vec![component] })
}

fn button() -> Component {
    row(Component::Button(Button {
        id: None,
        custom_id: Some("press".into()),
        disabled: false,
        emoji: None,
        label: Some("Press".into()),
        style: ButtonStyle::Primary,
        url: None,
        sku_id: None,
    }))
}

fn select(custom_id: &str, kind: SelectMenuType) -> Component {
    let word = |w: &str| SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label: w.into(),
        value: w.into(),
    };
    let options = (kind == SelectMenuType::Text).then(|| ["red", "green", "blue"].map(word).to_vec());
    row(Component::SelectMenu(SelectMenu {
        id: None,
        channel_types: None,
        custom_id: custom_id.into(),
        default_values: None,
        disabled: false,
        kind,
        max_values: None,
        min_values: None,
        options,
        placeholder: None,
        required: None,
    }))
}

fn selects() -> Vec<Component> {
    vec![
        select("pick-string", SelectMenuType::Text),
        select("pick-user", SelectMenuType::User),
        select("pick-role", SelectMenuType::Role),
        select("pick-mentionable", SelectMenuType::Mentionable),
        select("pick-channel", SelectMenuType::Channel),
    ]
}

fn form() -> InteractionResponseData {
    #[expect(deprecated, reason = "rows in modals are the legacy shape that this bot stands for")]
    let input = Component::TextInput(TextInput {
        id: None,
        custom_id: "answer".into(),
        label: Some("Answer".into()),
        max_length: None,
        min_length: None,
        placeholder: None,
        required: None,
        style: TextInputStyle::Short,
        value: None,
    });
    InteractionResponseData {
        custom_id: Some("form".into()),
        title: Some("Form".into()),
        components: Some(vec![row(input)]),
        ..InteractionResponseData::default()
    }
}

fn say(text: impl Into<String>) -> InteractionResponseData {
    InteractionResponseData { content: Some(text.into()), ..InteractionResponseData::default() }
}

fn show(text: &str, components: Vec<Component>) -> InteractionResponseData {
    InteractionResponseData { components: Some(components), ..say(text) }
}

fn answered_in(components: &[ModalInteractionComponent]) -> Option<String> {
    components.iter().find_map(|component| match component {
        ModalInteractionComponent::TextInput(input) if input.custom_id == "answer" => {
            Some(input.value.clone())
        }
        ModalInteractionComponent::ActionRow(row) => answered_in(&row.components),
        ModalInteractionComponent::Label(label) => answered_in(std::slice::from_ref(&label.component)),
        _ => None,
    })
}

struct Bot {
    http: Client,
    application: Id<ApplicationMarker>,
}

impl Bot {
    async fn respond(
        &self,
        call: &Interaction,
        kind: InteractionResponseType,
        data: Option<InteractionResponseData>,
    ) -> Result<(), Failure> {
        let response = InteractionResponse { kind, data };
        self.http.interaction(self.application).create_response(call.id, &call.token, &response).await?;
        Ok(())
    }

    async fn interaction(&self, call: Interaction) -> Result<(), Failure> {
        use InteractionResponseType as Kind;
        match &call.data {
            Some(InteractionData::ApplicationCommand(data)) => {
                let focused = data.options.iter().find_map(|o| match &o.value {
                    CommandOptionValue::Focused(typed, _) => Some(typed),
                    _ => None,
                });
                if let Some(typed) = focused {
                    let choice = |n: &str| CommandOptionChoice {
                        name: format!("{typed}-{n}"),
                        name_localizations: None,
                        value: CommandOptionChoiceValue::String(format!("{typed}-{n}")),
                    };
                    let choices = Some(["one", "two"].map(choice).to_vec());
                    let data = InteractionResponseData { choices, ..InteractionResponseData::default() };
                    let kind = Kind::ApplicationCommandAutocompleteResult;
                    return self.respond(&call, kind, Some(data)).await;
                }
                let answer = match data.name.as_str() {
                    "echo" => {
                        let (mut text, mut times, mut who) = (String::new(), 0, String::new());
                        for option in &data.options {
                            match &option.value {
                                CommandOptionValue::String(s) => text.clone_from(s),
                                CommandOptionValue::Integer(n) => times = *n,
                                CommandOptionValue::User(id) => {
                                    let users = &data.resolved.as_ref().ok_or("resolved")?.users;
                                    who.clone_from(&users.get(id).ok_or("the user is resolved")?.name);
                                }
                                _ => {}
                            }
                        }
                        say(format!("{text} x{times} for {who}"))
                    }
                    "panel" => show("panel", vec![button()]),
                    "selects" => show("selects", selects()),
                    "form" => return self.respond(&call, Kind::Modal, Some(form())).await,
                    "secret" => {
                        InteractionResponseData { flags: Some(MessageFlags::EPHEMERAL), ..say("secret") }
                    }
                    _ => {
                        self.respond(&call, Kind::DeferredChannelMessageWithSource, None).await?;
                        let client = self.http.interaction(self.application);
                        client.update_response(&call.token).content(Some("slow, done")).await?;
                        client.create_followup(&call.token).content("slow, and more").await?;
                        return Ok(());
                    }
                };
                self.respond(&call, Kind::ChannelMessageWithSource, Some(answer)).await
            }
            Some(InteractionData::MessageComponent(data)) if data.custom_id == "press" => {
                let update = show("pressed", vec![button()]);
                self.respond(&call, Kind::UpdateMessage, Some(update)).await
            }
            Some(InteractionData::MessageComponent(data)) => {
                let answer = say(format!("picked {}: {}", data.custom_id, data.values.join(",")));
                self.respond(&call, Kind::ChannelMessageWithSource, Some(answer)).await
            }
            Some(InteractionData::ModalSubmit(data)) => {
                let value = answered_in(&data.components).unwrap_or_default();
                self.respond(&call, Kind::ChannelMessageWithSource, Some(say(format!("form: {value}")))).await
            }
            _ => Ok(()),
        }
    }

    async fn message(&self, message: Box<MessageCreate>) -> Result<(), Failure> {
        match message.content.as_str() {
            "!ping" => {
                let reply =
                    self.http.create_message(message.channel_id).reply(message.id).content("pong").await?;
                let reply = reply.model().await?;
                self.http.update_message(reply.channel_id, reply.id).content(Some("pong, edited")).await?;
                let emoji = RequestReactionType::Unicode { name: "👍" };
                self.http.create_reaction(message.channel_id, message.id, &emoji).await?;
            }
            "!dm" => {
                let dm = self.http.create_private_channel(message.author.id).await?.model().await?;
                self.http.create_message(dm.id).content("hello in private").await?;
            }
            "!forward" => {
                self.http.create_message(message.channel_id).forward(message.channel_id, message.id).await?;
            }
            _ => {
                if let Some(snapshot) = message.message_snapshots.first() {
                    let text = format!("forwarded: {}", snapshot.message.content);
                    self.http.create_message(message.channel_id).content(&text).await?;
                }
            }
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let var = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is set"));
    let token = var("DISCORD_TOKEN");
    // Host and port without a scheme; `true` stands for plain HTTP.
    let host = var("SIM_API_BASE").trim_end_matches("/api").trim_start_matches("http://").to_owned();
    let http = Client::builder().token(token.clone()).proxy(host, true).build();
    let application = http.current_user_application().await?.model().await?.id;
    let bot = Arc::new(Bot { http, application });
    let config = ConfigBuilder::new(token, Intents::all()).proxy_url(var("SIM_GATEWAY_URL")).build();
    let mut shard = Shard::with_config(ShardId::ONE, config);
    let mut counting: HashMap<String, (Id<ChannelMarker>, usize)> = HashMap::new();
    let mut announced = false;
    while let Some(item) = shard.next_event(EventTypeFlags::all()).await {
        let event = match item {
            Ok(event) => event,
            Err(error) => {
                eprintln!("{error}: {:?}", error.source().map(ToString::to_string));
                continue;
            }
        };
        match event {
            Event::Ready(_) if !announced => {
                announced = true;
                bot.http.interaction(application).set_global_commands(&commands()).await?;
                println!("ready");
            }
            Event::MessageCreate(message) if !message.author.bot && message.content == "!members" => {
                let guild = message.guild_id.ok_or("said in a guild")?;
                let nonce = message.id.to_string();
                counting.insert(nonce.clone(), (message.channel_id, 0));
                shard.command(&RequestGuildMembers::builder(guild).nonce(nonce).query("", None));
            }
            Event::MessageCreate(message) if !message.author.bot => {
                let bot = Arc::clone(&bot);
                tokio::spawn(async move { bot.message(message).await.expect("answered") });
            }
            Event::MemberChunk(chunk) => {
                let nonce = chunk.nonce.unwrap_or_default();
                let Some((channel, count)) = counting.get_mut(&nonce) else { continue };
                *count += chunk.members.len();
                if chunk.chunk_index + 1 == chunk.chunk_count {
                    bot.http.create_message(*channel).content(&format!("members: {count}")).await?;
                }
            }
            Event::InteractionCreate(interaction) => {
                let bot = Arc::clone(&bot);
                tokio::spawn(async move { bot.interaction(interaction.0).await.expect("answered") });
            }
            _ => {}
        }
    }
    Err("the gateway's stream ended".into())
}
