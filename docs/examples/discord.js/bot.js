// A bot with !ping and /greet. Nothing in it knows of a local Discord.
const { Client, Events, GatewayIntentBits, SlashCommandBuilder } = require("discord.js");

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
});

const greet = new SlashCommandBuilder()
  .setName("greet")
  .setDescription("Says hello")
  .addStringOption((option) => option.setName("name").setDescription("To whom").setRequired(true));

client.once(Events.ClientReady, async () => {
  await client.application.commands.set([greet]);
  console.log("ready");
});

client.on(Events.MessageCreate, async (message) => {
  if (message.content === "!ping") await message.reply("Pong!");
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand() && interaction.commandName === "greet") {
    await interaction.reply(`Hello, ${interaction.options.getString("name")}!`);
  }
});

client.login(process.env.DISCORD_TOKEN);
