// The scripted bot of the client matrix on discord.js, pointed at a local Discord by its environment.
"use strict";

const {
  ActionRowBuilder, ApplicationCommandOptionType, ButtonBuilder, ButtonStyle, ChannelSelectMenuBuilder, Client,
  Events, GatewayIntentBits, LabelBuilder, MentionableSelectMenuBuilder, MessageFlags, ModalBuilder, Partials,
  RoleSelectMenuBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle, UserSelectMenuBuilder,
} = require("discord.js");

const client = new Client({
  intents: Object.values(GatewayIntentBits).filter((bit) => typeof bit === "number"),
  partials: [Partials.Channel],
  rest: { api: process.env.SIM_API_BASE, cdn: process.env.SIM_CDN_BASE },
});

const commands = [
  {
    name: "echo",
    description: "Says it again",
    options: [
      { type: ApplicationCommandOptionType.String, name: "text", description: "What", required: true, autocomplete: true },
      { type: ApplicationCommandOptionType.Integer, name: "times", description: "How often", required: true, minValue: 1, maxValue: 5 },
      { type: ApplicationCommandOptionType.User, name: "who", description: "To whom", required: true },
    ],
  },
  { name: "panel", description: "A button" },
  { name: "selects", description: "Five selects" },
  { name: "form", description: "A modal" },
  { name: "secret", description: "For one pair of eyes" },
  { name: "slow", description: "Takes its time" },
];

const row = (component) => new ActionRowBuilder().addComponents(component);
const button = () => new ButtonBuilder().setCustomId("press").setLabel("Press").setStyle(ButtonStyle.Primary);
const selects = () => [
  new StringSelectMenuBuilder().setCustomId("pick-string")
    .addOptions(["red", "green", "blue"].map((word) => ({ label: word, value: word }))),
  new UserSelectMenuBuilder().setCustomId("pick-user"),
  new RoleSelectMenuBuilder().setCustomId("pick-role"),
  new MentionableSelectMenuBuilder().setCustomId("pick-mentionable"),
  new ChannelSelectMenuBuilder().setCustomId("pick-channel"),
].map(row);
const form = () => new ModalBuilder().setCustomId("form").setTitle("Form").addLabelComponents(
  new LabelBuilder().setLabel("Answer")
    .setTextInputComponent(new TextInputBuilder().setCustomId("answer").setStyle(TextInputStyle.Short)),
);

const slash = {
  async echo(interaction) {
    const { options } = interaction;
    const who = options.getUser("who").username;
    await interaction.reply(`${options.getString("text")} x${options.getInteger("times")} for ${who}`);
  },
  panel: (interaction) => interaction.reply({ content: "panel", components: [row(button())] }),
  selects: (interaction) => interaction.reply({ content: "selects", components: selects() }),
  form: (interaction) => interaction.showModal(form()),
  secret: (interaction) => interaction.reply({ content: "secret", flags: MessageFlags.Ephemeral }),
  async slow(interaction) {
    await interaction.deferReply();
    await interaction.editReply("slow, done");
    await interaction.followUp("slow, and more");
  },
};

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) await slash[interaction.commandName](interaction);
  else if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    await interaction.respond(["one", "two"].map((n) => ({ name: `${typed}-${n}`, value: `${typed}-${n}` })));
  } else if (interaction.isButton()) await interaction.update({ content: "pressed", components: [row(button())] });
  else if (interaction.isAnySelectMenu()) {
    await interaction.reply(`picked ${interaction.customId}: ${interaction.values.join(",")}`);
  } else if (interaction.isModalSubmit()) {
    await interaction.reply(`form: ${interaction.fields.getTextInputValue("answer")}`);
  }
});

// Without a listener a failed reply (the message may be gone by then) ends the process.
client.on(Events.Error, (error) => console.error(error));

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  if (message.content === "!ping") {
    const reply = await message.reply("pong");
    await reply.edit("pong, edited");
    await message.react("👍");
  } else if (message.content === "!dm") {
    await message.author.send("hello in private");
  } else if (message.content === "!members") {
    const members = await message.guild.members.fetch();
    await message.channel.send(`members: ${members.size}`);
  } else if (message.content === "!forward") {
    await message.forward(message.channel);
  } else if (message.messageSnapshots.size > 0) {
    await message.channel.send(`forwarded: ${message.messageSnapshots.first().content}`);
  }
});

client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands);
  console.log("ready");
});

client.login(process.env.DISCORD_TOKEN);
