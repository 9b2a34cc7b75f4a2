//! A bot with !ping and /greet. On the local Discord twilight is given proxies; else it uses Discord.

use std::{env, error::Error};

use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};
use twilight_http::Client;
use twilight_model::{
    application::{
        command::CommandType,
        interaction::{InteractionData, application_command::CommandOptionValue},
    },
    http::interaction::{InteractionResponse, InteractionResponseData, InteractionResponseType},
};
use twilight_util::builder::command::{CommandBuilder, StringBuilder};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let token = env::var("DISCORD_TOKEN")?;
    let intents = Intents::GUILDS | Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT;
    let mut http = Client::builder().token(token.clone());
    let mut config = ConfigBuilder::new(token, intents);
    if let (Ok(api), Ok(gateway)) = (env::var("COGWRIGHT_API_BASE"), env::var("COGWRIGHT_GATEWAY_URL")) {
        // Host and port without a scheme; `true` stands for plain HTTP.
        let host = api.trim_start_matches("http://").trim_end_matches("/api").to_owned();
        http = http.proxy(host, true);
        config = config.proxy_url(gateway);
    }
    let http = http.build();
    let application = http.current_user_application().await?.model().await?.id;
    let interactions = http.interaction(application);
    let greet = CommandBuilder::new("greet", "Says hello", CommandType::ChatInput)
        .option(StringBuilder::new("name", "To whom").required(true))
        .build();
    interactions.set_global_commands(&[greet]).await?;

    let mut shard = Shard::with_config(ShardId::ONE, config.build());
    while let Some(item) = shard.next_event(EventTypeFlags::all()).await {
        match item {
            Ok(Event::Ready(_)) => println!("ready"),
            Ok(Event::MessageCreate(message)) if message.content == "!ping" => {
                http.create_message(message.channel_id).reply(message.id).content("Pong!").await?;
            }
            Ok(Event::InteractionCreate(interaction)) => {
                let Some(InteractionData::ApplicationCommand(command)) = &interaction.data else { continue };
                let name = match command.options.first().map(|option| &option.value) {
                    Some(CommandOptionValue::String(name)) => name,
                    _ => continue,
                };
                let answer = InteractionResponse {
                    kind: InteractionResponseType::ChannelMessageWithSource,
                    data: Some(InteractionResponseData {
                        content: Some(format!("Hello, {name}!")),
                        ..Default::default()
                    }),
                };
                interactions.create_response(interaction.id, &interaction.token, &answer).await?;
            }
            Ok(_) => {}
            // An event that the model does not know is not the end.
            Err(error) => eprintln!("{error}"),
        }
    }
    Ok(())
}
