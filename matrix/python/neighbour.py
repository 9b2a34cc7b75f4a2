"""An ordinary discord.py bot that shares its server with another bot."""

import os

import discord
from discord import app_commands

intents = discord.Intents.default()
intents.message_content = True


class Press(discord.ui.View):
    @discord.ui.button(label="Press", custom_id="press", style=discord.ButtonStyle.primary)
    async def press(self, interaction, button):
        print("asked: press", flush=True)
        await interaction.response.edit_message(content="pressed in Python", view=None)


class Bot(discord.Client):
    def __init__(self):
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self):
        @self.tree.command(description="Says hello")
        async def greet(interaction: discord.Interaction):
            print("asked: greet", flush=True)
            await interaction.response.send_message("greetings from Python", view=Press())

        await self.tree.sync()

    async def on_ready(self):
        print("ready", flush=True)

    async def on_message(self, message):
        if message.author.id == self.user.id:
            return
        if message.author.bot:
            print(f"heard the bot {message.author.name}: {message.content}", flush=True)
        elif message.content == "!hello":
            await message.channel.send("hello from Python")


Bot().run(os.environ["DISCORD_TOKEN"])
