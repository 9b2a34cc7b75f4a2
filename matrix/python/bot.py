"""The scripted bot of the client matrix on discord.py, pointed at a local Discord by its environment."""

import os

import discord
import yarl
from discord import app_commands, ui

# See discord.py: Route.BASE has the version, DEFAULT_GATEWAY is used until READY names a resume address.
discord.http.Route.BASE = os.environ["SIM_API_BASE"] + "/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["SIM_GATEWAY_URL"] + "/")
discord.asset.Asset.BASE = os.environ["SIM_CDN_BASE"]


class Panel(ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @ui.button(label="Press", style=discord.ButtonStyle.primary, custom_id="press")
    async def press(self, interaction, _button):
        await interaction.response.edit_message(content="pressed", view=self)


async def picked(interaction, select):
    values = [value if isinstance(value, str) else str(value.id) for value in select.values]
    await interaction.response.send_message(f"picked {select.custom_id}: {','.join(values)}")


class Selects(ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @ui.select(custom_id="pick-string", options=[discord.SelectOption(label=w, value=w) for w in ("red", "green", "blue")])
    async def string(self, interaction, select):
        await picked(interaction, select)

    @ui.select(cls=ui.UserSelect, custom_id="pick-user")
    async def user(self, interaction, select):
        await picked(interaction, select)

    @ui.select(cls=ui.RoleSelect, custom_id="pick-role")
    async def role(self, interaction, select):
        await picked(interaction, select)

    @ui.select(cls=ui.MentionableSelect, custom_id="pick-mentionable")
    async def mentionable(self, interaction, select):
        await picked(interaction, select)

    @ui.select(cls=ui.ChannelSelect, custom_id="pick-channel")
    async def channel(self, interaction, select):
        await picked(interaction, select)


class Form(ui.Modal, title="Form"):
    answer = ui.Label(text="Answer", component=ui.TextInput(custom_id="answer", style=discord.TextStyle.short))

    async def on_submit(self, interaction):
        await interaction.response.send_message(f"form: {self.answer.component.value}")


class Bot(discord.Client):
    def __init__(self):
        # The default of two seconds only delays the test.
        super().__init__(intents=discord.Intents.all(), guild_ready_timeout=0.2)
        self.tree = app_commands.CommandTree(self)
        self.announced = False

    async def on_ready(self):
        if not self.announced:
            await self.tree.sync()
            self.announced = True
            print("ready", flush=True)

    async def on_message(self, message):
        if message.author.bot:
            return
        if message.content == "!ping":
            reply = await message.reply("pong")
            await reply.edit(content="pong, edited")
            await message.add_reaction("👍")
        elif message.content == "!dm":
            await message.author.send("hello in private")
        elif message.content == "!members":
            members = await message.guild.chunk()
            await message.channel.send(f"members: {len(members)}")
        elif message.content == "!forward":
            await message.forward(message.channel)
        elif message.message_snapshots:
            await message.channel.send(f"forwarded: {message.message_snapshots[0].content}")


bot = Bot()


@bot.tree.command(name="echo", description="Says it again")
@app_commands.describe(text="What", times="How often", who="To whom")
async def echo(interaction: discord.Interaction, text: str, times: app_commands.Range[int, 1, 5], who: discord.User):
    await interaction.response.send_message(f"{text} x{times} for {who.name}")


@echo.autocomplete("text")
async def echo_text(_interaction: discord.Interaction, current: str):
    return [app_commands.Choice(name=f"{current}-{n}", value=f"{current}-{n}") for n in ("one", "two")]


@bot.tree.command(name="panel", description="A button")
async def panel(interaction: discord.Interaction):
    await interaction.response.send_message("panel", view=Panel())


@bot.tree.command(name="selects", description="Five selects")
async def selects(interaction: discord.Interaction):
    await interaction.response.send_message("selects", view=Selects())


@bot.tree.command(name="form", description="A modal")
async def form(interaction: discord.Interaction):
    await interaction.response.send_modal(Form(custom_id="form"))


@bot.tree.command(name="secret", description="For one pair of eyes")
async def secret(interaction: discord.Interaction):
    await interaction.response.send_message("secret", ephemeral=True)


@bot.tree.command(name="slow", description="Takes its time")
async def slow(interaction: discord.Interaction):
    await interaction.response.defer()
    await interaction.edit_original_response(content="slow, done")
    await interaction.followup.send("slow, and more")


bot.run(os.environ["DISCORD_TOKEN"])
