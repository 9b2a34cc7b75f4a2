# Some shards of a bot with !where: `shards.py 0 2` runs the first of two, `shards.py 0,1 4` the first two of four.
import os
import sys

import discord

intents = discord.Intents.default()
intents.message_content = True
shard_ids = [int(shard) for shard in sys.argv[1].split(",")]
client = discord.AutoShardedClient(intents=intents, shard_ids=shard_ids, shard_count=int(sys.argv[2]))


@client.event
async def on_ready():
    print("ready", flush=True)


@client.event
async def on_message(message):
    if message.content == "!where":
        await message.reply(f"shard {message.guild.shard_id} of {client.shard_count}; mine: {len(client.guilds)} servers")


client.run(os.environ["DISCORD_TOKEN"])
