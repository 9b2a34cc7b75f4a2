// An ordinary discord.js bot that shares its server with another bot.
"use strict";

const { ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, Events, GatewayIntentBits } = require("discord.js");

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
});

client.once(Events.ClientReady, async () => {
  await client.application.commands.set([{ name: "greet", description: "Says hello" }]);
  console.log("ready");
});

client.on(Events.MessageCreate, async (message) => {
  if (message.author.id === client.user.id) return;
  if (message.author.bot) console.log(`heard the bot ${message.author.username}: ${message.content}`);
  else if (message.content === "!hello") await message.channel.send("hello from JavaScript");
});

client.on(Events.InteractionCreate, async (interaction) => {
  console.log(`asked: ${interaction.commandName ?? interaction.customId}`);
  if (interaction.isButton()) return interaction.update({ content: "pressed in JavaScript", components: [] });
  const button = new ButtonBuilder().setCustomId("press").setLabel("Press").setStyle(ButtonStyle.Primary);
  await interaction.reply({ content: "greetings from JavaScript", components: [new ActionRowBuilder().addComponents(button)] });
});

client.login(process.env.DISCORD_TOKEN);
