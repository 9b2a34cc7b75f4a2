"""A bot with !ping and /greet. Nothing in it knows of a local Discord."""

import os

import discord
from discord import app_commands

intents = discord.Intents.default()
intents.message_content = True


class Bot(discord.Client):
    def __init__(self):
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self):
        await self.tree.sync()

    async def on_ready(self):
        print("ready", flush=True)

    async def on_message(self, message):
        if message.content == "!ping":
            await message.reply("Pong!")


bot = Bot()


@bot.tree.command(description="Says hello")
@app_commands.describe(name="To whom")
async def greet(interaction: discord.Interaction, name: str):
    await interaction.response.send_message(f"Hello, {name}!")


bot.run(os.environ["DISCORD_TOKEN"])
