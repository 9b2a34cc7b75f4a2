// One shard of a bot with !where.
const { Client, Events, GatewayIntentBits } = require("discord.js");

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
});

client.on(Events.MessageCreate, async (message) => {
  if (message.content !== "!where") return;
  const sizes = await client.shard.fetchClientValues("guilds.cache.size");
  await message.reply(`shard ${client.shard.ids[0]} of ${client.shard.count}; servers of each: ${sizes.join(", ")}`);
});

client.login(process.env.DISCORD_TOKEN);
