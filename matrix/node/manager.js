// An ordinary manager of a sharded discord.js bot: a process for each shard. Nothing in it knows of a local Discord.
"use strict";

const { ShardingManager } = require("discord.js");

const manager = new ShardingManager("./shard.js", { token: process.env.DISCORD_TOKEN });

manager.on("shardCreate", (shard) => {
  shard.on("ready", () => console.log(`shard ${shard.id} is ready, process ${shard.process.pid}`));
  shard.on("death", ({ pid }) => console.log(`shard ${shard.id} has lost process ${pid}`));
});

manager.spawn().then((shards) => console.log(`all ${shards.size} shards are ready`));
