// An ordinary discord.js bot: nothing in it knows of a local Discord.
"use strict";

const { Client, Events, GatewayIntentBits } = require("discord.js");

const client = new Client({ intents: [GatewayIntentBits.Guilds] });

client.once(Events.ClientReady, () => {
  const count = client.guilds.cache.size;
  console.log(`logged in as ${client.user.tag} in ${count} guild${count === 1 ? "" : "s"}`);
  client.destroy();
});

client.login(process.env.DISCORD_TOKEN);
