"""An ordinary discord.py bot that runs some of its shards in this process: `shards.py 0,1 4` the first two of four."""

import os
import sys

import discord

shards = [int(shard) for shard in sys.argv[1].split(",")]
intents = discord.Intents.default()
intents.message_content = True
client = discord.AutoShardedClient(intents=intents, shard_ids=shards, shard_count=int(sys.argv[2]))


@client.event
async def on_ready():
    print(f"ready with {len(client.guilds)} servers", flush=True)


@client.event
async def on_message(message):
    if message.content == "!where" and not message.author.bot:
        await message.reply(f"shard {message.guild.shard_id} of {client.shard_count}, process {os.getpid()}")


client.run(os.environ["DISCORD_TOKEN"])
