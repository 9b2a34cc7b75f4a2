// A small, ordinary discord.js bot: nothing in it knows of tests or of a local Discord.

import {
  ActionRowBuilder, ApplicationCommandOptionType, ButtonBuilder, ButtonStyle, Client, Events, GatewayIntentBits,
  LabelBuilder, MessageFlags, ModalBuilder, TextInputBuilder, TextInputStyle,
} from "discord.js";

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
});

/** @type {import("discord.js").ApplicationCommandDataResolvable[]} */
const commands = [
  {
    name: "roll",
    description: "Rolls a die",
    options: [
      {
        type: ApplicationCommandOptionType.Integer, name: "sides", description: "How many sides it has",
        minValue: 2, maxValue: 100, autocomplete: true,
      },
    ],
  },
  { name: "counter", description: "Counts clicks" },
  { name: "feedback", description: "Tell us" },
  { name: "think", description: "Takes its time" },
];

/** @param {number} count */
const counted = (count) => ({
  content: `Clicked ${count}x`,
  components: [
    /** @type {ActionRowBuilder<ButtonBuilder>} */ (new ActionRowBuilder()).addComponents(
      new ButtonBuilder().setCustomId(`count:${count}`).setLabel("Count").setStyle(ButtonStyle.Primary),
    ),
  ],
});

/** @param {import("discord.js").ChatInputCommandInteraction} interaction */
async function used(interaction) {
  if (interaction.commandName === "roll") {
    const sides = interaction.options.getInteger("sides") ?? 6;
    await interaction.reply(`You rolled ${1 + Math.floor(Math.random() * sides)}`);
  } else if (interaction.commandName === "counter") {
    await interaction.reply(counted(0));
  } else if (interaction.commandName === "feedback") {
    const words = new TextInputBuilder().setCustomId("words").setStyle(TextInputStyle.Short);
    const label = new LabelBuilder().setLabel("Your words").setTextInputComponent(words);
    await interaction.showModal(new ModalBuilder().setCustomId("feedback").setTitle("Feedback").addLabelComponents(label));
  } else if (interaction.commandName === "think") {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply("42");
  }
}

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) await used(interaction);
  else if (interaction.isAutocomplete()) {
    const typed = String(interaction.options.getFocused());
    const usual = [4, 6, 8, 12, 20].filter((n) => String(n).startsWith(typed));
    await interaction.respond(usual.map((n) => ({ name: `${n} sides`, value: n })));
  } else if (interaction.isButton()) {
    await interaction.update(counted(Number(interaction.customId.split(":")[1]) + 1));
  } else if (interaction.isModalSubmit()) {
    const words = interaction.fields.getTextInputValue("words");
    await interaction.reply({ content: `Thank you for: ${words}`, flags: MessageFlags.Ephemeral });
  }
});

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot || message.content !== "!hello") return;
  await message.reply(`Hello ${message.author.displayName}!`);
  await message.react("👋");
});

client.once(Events.ClientReady, (ready) => ready.application.commands.set(commands));

await client.login(process.env["DISCORD_TOKEN"]);
