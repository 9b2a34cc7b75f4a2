// A discord.js bot as people write them: collectors of messages, reactions and components, a modal that is awaited,
// autocomplete, the member list. Nothing in it knows of a local Discord; it runs under `cogwright sim exec`.
"use strict";

const {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, ComponentType, Events, GatewayIntentBits, MessageFlags,
  ModalBuilder, SlashCommandBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} = require("discord.js");

const TOOLS = ["saw", "sander", "soldering iron"];
const { Guilds, GuildMembers, GuildMessages, GuildMessageReactions, MessageContent } = GatewayIntentBits;
const client = new Client({ intents: [Guilds, GuildMembers, GuildMessages, GuildMessageReactions, MessageContent] });

const commands = [
  new SlashCommandBuilder().setName("lend").setDescription("Lends a tool")
    .addStringOption((option) => option.setName("tool").setDescription("Which").setRequired(true).setAutocomplete(true))
    .addUserOption((option) => option.setName("to").setDescription("To whom").setRequired(true))
    .addIntegerOption((option) => option.setName("days").setDescription("For how long").setMinValue(1).setMaxValue(14)),
  new SlashCommandBuilder().setName("shelf").setDescription("What stands on it"),
];

const row = (component) => new ActionRowBuilder().addComponents(component);
const order = (tool) => new ButtonBuilder().setCustomId("order").setLabel("Order")
  .setStyle(ButtonStyle.Primary).setDisabled(!tool);
const choice = () => new StringSelectMenuBuilder().setCustomId("tool")
  .addOptions(TOOLS.map((tool) => ({ label: tool, value: tool })));
const form = () => new ModalBuilder().setCustomId("amount").setTitle("Order").addComponents(
  row(new TextInputBuilder().setCustomId("amount").setLabel("How many").setStyle(TextInputStyle.Short)),
);

async function lend(interaction) {
  const { options } = interaction;
  const days = options.getInteger("days") ?? 3;
  const to = await interaction.guild.members.fetch(options.getUser("to").id);
  await interaction.reply(`${options.getString("tool")} to ${to.displayName} for ${days} days`);
}

async function shelf(interaction) {
  let tool;
  const components = () => [row(choice()), row(order(tool))];
  const { resource } = await interaction.reply({ content: "shelf", components: components(), withResponse: true });
  const collector = resource.message.createMessageComponentCollector({ time: 60_000 });
  collector.on("collect", async (pressed) => {
    if (pressed.user.id !== interaction.user.id) {
      await pressed.reply({ content: "Not your shelf.", flags: MessageFlags.Ephemeral });
    } else if (pressed.componentType === ComponentType.StringSelect) {
      [tool] = pressed.values;
      await pressed.update({ content: `chosen: ${tool}`, components: components() });
    } else {
      await pressed.showModal(form());
      const sent = await pressed.awaitModalSubmit({ time: 30_000 });
      await sent.update({ content: `ordered ${sent.fields.getTextInputValue("amount")} x ${tool}`, components: [] });
      collector.stop();
    }
  });
}

const spoken = {
  async quiz(message) {
    await message.channel.send("What is 6 times 7?");
    const filter = (answer) => answer.author.id === message.author.id;
    const answers = await message.channel.awaitMessages({ filter, max: 1, time: 30_000 });
    await message.channel.send(answers.first()?.content === "42" ? "right" : "wrong");
  },
  async vote(message) {
    const ballot = await message.channel.send("vote");
    const filter = (reaction, user) => reaction.emoji.name === "✅" && !user.bot;
    const collector = ballot.createReactionCollector({ filter, max: 1, time: 30_000 });
    collector.on("collect", (_reaction, user) => ballot.edit(`${user.username} voted`));
    await ballot.react("✅");
  },
  async confirm(message) {
    const sure = new ButtonBuilder().setCustomId("sure").setLabel("Sure").setStyle(ButtonStyle.Danger);
    const asked = await message.reply({ content: "sure?", components: [row(sure)] });
    const pressed = await asked.awaitMessageComponent({ componentType: ComponentType.Button, time: 30_000 });
    await pressed.deferUpdate();
    await asked.edit({ content: "confirmed", components: [] });
  },
  async everyone(message) {
    const members = await message.guild.members.fetch();
    const bots = members.filter((member) => member.user.bot).size;
    await message.channel.send(`${members.size} members, ${bots} of them bots`);
  },
};

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) await { lend, shelf }[interaction.commandName](interaction);
  else if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    await interaction.respond(TOOLS.filter((tool) => tool.startsWith(typed)).map((tool) => ({ name: tool, value: tool })));
  }
});

client.on(Events.MessageCreate, async (message) => {
  if (!message.author.bot && message.content.startsWith("!")) await spoken[message.content.slice(1)]?.(message);
});

client.on(Events.Error, (error) => console.error(error));

client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands);
  console.log("ready");
});

client.login(process.env.DISCORD_TOKEN);
