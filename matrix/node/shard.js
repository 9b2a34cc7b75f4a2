// An ordinary sharded discord.js bot, started by manager.js once for each shard.
"use strict";

const { Client, Events, GatewayIntentBits } = require("discord.js");

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
});

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  if (message.content === "!where") {
    await message.reply(`shard ${client.shard.ids} of ${client.shard.count}, process ${process.pid}`);
  } else if (message.content === "!total") {
    const sizes = await client.shard.fetchClientValues("guilds.cache.size");
    await message.reply(`${sizes.join(" + ")} = ${sizes.reduce((sum, size) => sum + size)} servers`);
  } else if (message.content === "!all") {
    const guilds = await client.shard.broadcastEval((each) => [...each.guilds.cache.keys()]);
    await message.reply(JSON.stringify(guilds));
  }
});

client.login(process.env.DISCORD_TOKEN);
