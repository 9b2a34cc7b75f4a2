"""A bot with !ping and /greet. Nothing in it knows of a local Discord."""

import os

import hikari

bot = hikari.GatewayBot(
    token=os.environ["DISCORD_TOKEN"],
    intents=hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT,
    banner=None,
)


@bot.listen()
async def on_started(_event: hikari.StartedEvent) -> None:
    application = await bot.rest.fetch_application()
    greet = bot.rest.slash_command_builder("greet", "Says hello").add_option(
        hikari.CommandOption(type=hikari.OptionType.STRING, name="name", description="To whom", is_required=True)
    )
    await bot.rest.set_application_commands(application.id, [greet])
    print("ready", flush=True)


@bot.listen()
async def on_message(event: hikari.GuildMessageCreateEvent) -> None:
    if event.content == "!ping":
        await event.message.respond("Pong!", reply=True)


@bot.listen()
async def on_interaction(event: hikari.InteractionCreateEvent) -> None:
    interaction = event.interaction
    if isinstance(interaction, hikari.CommandInteraction) and interaction.command_name == "greet":
        name = interaction.options[0].value
        await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, f"Hello, {name}!")


bot.run(check_for_updates=False)
