"""An ordinary discord.py bot: nothing in it knows of a local Discord."""

import os

import discord

client = discord.Client(intents=discord.Intents.default())


@client.event
async def on_ready():
    count = len(client.guilds)
    print(f"logged in as {client.user} in {count} guild{'' if count == 1 else 's'}", flush=True)
    await client.close()


client.run(os.environ["DISCORD_TOKEN"])
