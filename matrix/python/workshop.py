"""A discord.py bot as people write them: cogs, hybrid commands, views, modals, autocomplete, `wait_for`, the member
list. Nothing in it knows of a local Discord; it runs under `cogwright sim exec`."""

import asyncio
import os

import discord
from discord import app_commands, ui
from discord.ext import commands

TOOLS = ("saw", "sander", "soldering iron")


class Order(ui.Modal, title="Order"):
    amount = ui.TextInput(label="How many", max_length=3)

    def __init__(self, tool):
        super().__init__()
        self.tool = tool

    async def on_submit(self, interaction):
        if not self.amount.value.isdigit():
            await interaction.response.send_message("A number, please.", ephemeral=True)
            return
        await interaction.response.edit_message(content=f"ordered {self.amount.value} x {self.tool}", view=None)


class Shelf(ui.View):
    """Only who asked may use it; it ends by disabling itself."""

    def __init__(self, owner):
        super().__init__(timeout=60)
        self.owner = owner
        self.tool = None

    async def interaction_check(self, interaction):
        if interaction.user == self.owner:
            return True
        await interaction.response.send_message("Not your shelf.", ephemeral=True)
        return False

    @ui.select(custom_id="tool", options=[discord.SelectOption(label=tool) for tool in TOOLS])
    async def choose(self, interaction, select):
        self.tool = select.values[0]
        self.order.disabled = False
        await interaction.response.edit_message(content=f"chosen: {self.tool}", view=self)

    @ui.button(label="Order", custom_id="order", disabled=True)
    async def order(self, interaction, _button):
        await interaction.response.send_modal(Order(self.tool))


class Workshop(commands.Cog):
    def __init__(self, bot):
        self.bot = bot

    @commands.hybrid_command(description="Lends a tool")
    @commands.has_permissions(send_messages=True)
    async def lend(self, ctx, tool: str, to: discord.Member, days: commands.Range[int, 1, 14] = 3):
        await ctx.send(f"{tool} to {to.display_name} for {days} days")

    @lend.autocomplete("tool")
    async def tools(self, _interaction, current):
        return [app_commands.Choice(name=tool, value=tool) for tool in TOOLS if tool.startswith(current)]

    @commands.hybrid_group(fallback="list", description="What stands on it")
    async def shelf(self, ctx):
        await ctx.send("shelf", view=Shelf(ctx.author))

    @shelf.command(description="Counts the tools")
    async def count(self, ctx):
        await ctx.send(f"{len(TOOLS)} tools")

    @commands.command()
    async def quiz(self, ctx):
        await ctx.send("What is 6 times 7?")

        def fits(message):
            return message.author == ctx.author and message.channel == ctx.channel

        try:
            answer = await self.bot.wait_for("message", check=fits, timeout=30)
        except asyncio.TimeoutError:
            await ctx.send("too late")
        else:
            await ctx.send("right" if answer.content == "42" else "wrong")

    @commands.command()
    async def vote(self, ctx):
        ballot = await ctx.send("vote")
        # Waits from before the reaction on: whoever is quick would be missed otherwise.
        voted = asyncio.ensure_future(self.bot.wait_for(
            "reaction_add", check=lambda reaction, user: reaction.message.id == ballot.id and not user.bot, timeout=30
        ))
        await ballot.add_reaction("✅")
        _, voter = await voted
        await ballot.edit(content=f"{voter.name} voted")

    @commands.command()
    async def everyone(self, ctx):
        members = await ctx.guild.chunk()
        await ctx.send(f"{len(members)} members, {sum(member.bot for member in members)} of them bots")

    async def cog_command_error(self, ctx, error):
        if isinstance(error, (commands.UserInputError, commands.CheckFailure)):
            await ctx.send(f"refused: {type(error).__name__}")
        else:
            raise error


class Bot(commands.Bot):
    async def setup_hook(self):
        await self.add_cog(Workshop(self))
        await self.tree.sync()

    async def on_ready(self):
        print("ready", flush=True)


bot = Bot(command_prefix="!", intents=discord.Intents.all(), chunk_guilds_at_startup=False)
bot.run(os.environ["DISCORD_TOKEN"])
