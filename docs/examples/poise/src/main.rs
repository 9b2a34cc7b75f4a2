//! A bot with !ping and /greet. On the local Discord serenity is given a proxy; else it uses Discord.

use poise::serenity_prelude as serenity;
use serenity::{ClientBuilder, GatewayIntents, HttpBuilder};

type Error = Box<dyn std::error::Error + Send + Sync>;
type Context<'a> = poise::Context<'a, (), Error>;

/// Answers
#[poise::command(prefix_command)]
async fn ping(ctx: Context<'_>) -> Result<(), Error> {
    ctx.reply("Pong!").await?;
    Ok(())
}

/// Says hello
#[poise::command(slash_command)]
async fn greet(ctx: Context<'_>, #[description = "To whom"] name: String) -> Result<(), Error> {
    ctx.say(format!("Hello, {name}!")).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut http = HttpBuilder::new(std::env::var("DISCORD_TOKEN")?);
    if let Ok(api) = std::env::var("COGWRIGHT_API_BASE") {
        // serenity ignores its proxy unless its rate limiter is off, and would call the real Discord instead.
        http = http.proxy(api.trim_end_matches("/api")).ratelimiter_disabled(true);
    }
    let framework = poise::Framework::builder()
        .options(poise::FrameworkOptions {
            commands: vec![ping(), greet()],
            prefix_options: poise::PrefixFrameworkOptions {
                prefix: Some("!".into()),
                ..Default::default()
            },
            ..Default::default()
        })
        .setup(|ctx, _ready, framework| {
            Box::pin(async move {
                poise::builtins::register_globally(ctx, &framework.options().commands).await?;
                println!("ready");
                Ok(())
            })
        })
        .build();
    let intents = GatewayIntents::non_privileged() | GatewayIntents::MESSAGE_CONTENT;
    ClientBuilder::new_with_http(http.build(), intents).framework(framework).await?.start().await?;
    Ok(())
}
