"""A small, ordinary discord.py bot: nothing in it knows of tests or of a local Discord."""

import os
import random

import discord
from discord import app_commands, ui


class Counter(ui.View):
    """A message that counts its clicks."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.count = 0

    @ui.button(label="Count", custom_id="count")
    async def count_up(self, interaction: discord.Interaction, _button: ui.Button["Counter"]) -> None:
        self.count += 1
        await interaction.response.edit_message(content=f"Clicked {self.count}x", view=self)


class Feedback(ui.Modal, title="Feedback"):
    """A form."""

    words: ui.TextInput["Feedback"] = ui.TextInput(label="Your words", custom_id="words")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Thank you for: {self.words.value}", ephemeral=True)


class Dicey(discord.Client):
    """Rolls dice and answers greetings."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(roll)
        self.tree.add_command(counter)
        self.tree.add_command(feedback)
        self.tree.add_command(think)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        if message.content == "!hello":
            await message.reply(f"Hello {message.author.display_name}!")
            await message.add_reaction("👋")
        elif message.content == "!age":
            age = discord.utils.utcnow() - message.author.created_at
            await message.channel.send(f"Your account is {age.days} days old.")


@app_commands.command(description="Rolls a die")
@app_commands.describe(sides="How many sides it has")
async def roll(interaction: discord.Interaction, sides: app_commands.Range[int, 2, 100] = 6) -> None:
    await interaction.response.send_message(f"You rolled {random.randint(1, sides)}")


@roll.autocomplete("sides")
async def usual_dice(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
    usual = [n for n in (4, 6, 8, 12, 20) if str(n).startswith(typed)]
    return [app_commands.Choice(name=f"{n} sides", value=n) for n in usual]


@app_commands.command(description="Counts clicks")
async def counter(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Clicked 0x", view=Counter())


@app_commands.command(description="Tell us")
async def feedback(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Feedback())


@app_commands.command(description="Takes its time")
async def think(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content="42")


if __name__ == "__main__":
    Dicey().run(os.environ["DISCORD_TOKEN"])
