// Starts shard.js once for each shard. Nothing in it knows of a local Discord.
const { ShardingManager } = require("discord.js");

const manager = new ShardingManager("./shard.js", { token: process.env.DISCORD_TOKEN });

manager.spawn().then(() => console.log("ready"));
