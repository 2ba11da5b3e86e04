// A bot written with an unmodified discord.js 14, to show that the local Discord serves other clients than serenity.
//
// Environment: DISCORD_API (http://127.0.0.1:PORT/api), DISCORD_TOKEN, DISCORD_GUILD, and NODE_MODULES, the
// folder node_modules that holds discord.js. It prints "ready" when its commands are registered and ends on SIGTERM.

import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.NODE_MODULES, "discord.js", "package.json"));
const {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  MessageFlags,
  ModalBuilder,
  REST,
  Routes,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} = require("discord.js");

const { DISCORD_API: api, DISCORD_TOKEN: token, DISCORD_GUILD: guild } = process.env;

const commands = [
  new SlashCommandBuilder()
    .setName("client")
    .setDescription("Clients")
    .addSubcommand((sub) =>
      sub
        .setName("find")
        .setDescription("Find a client")
        .addStringOption((option) =>
          option.setName("client").setDescription("Its name").setRequired(true).setAutocomplete(true),
        ),
    ),
  new SlashCommandBuilder().setName("slow").setDescription("Takes its time"),
  new SlashCommandBuilder().setName("public").setDescription("Posts for everybody"),
  new SlashCommandBuilder()
    .setName("upload")
    .setDescription("Takes a file")
    .addAttachmentOption((option) => option.setName("list").setDescription("A list").setRequired(true)),
].map((command) => command.toJSON());

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  rest: { api },
});

const card = (text) => ({
  embeds: [new EmbedBuilder().setTitle("Client").setDescription(text).addFields({ name: "Credit", value: "5" })],
  components: [
    new ActionRowBuilder().addComponents(
      new ButtonBuilder().setCustomId("refresh").setLabel("Refresh").setStyle(ButtonStyle.Primary),
      new ButtonBuilder().setCustomId("add").setLabel("Add credit").setStyle(ButtonStyle.Success),
      new ButtonBuilder().setCustomId("later").setLabel("Later").setStyle(ButtonStyle.Secondary),
    ),
    new ActionRowBuilder().addComponents(
      new StringSelectMenuBuilder()
        .setCustomId("pick")
        .setPlaceholder("Pick")
        .addOptions({ label: "One", value: "1" }, { label: "Two", value: "2" }),
    ),
  ],
});

const form = () =>
  new ModalBuilder()
    .setCustomId("form")
    .setTitle("Add credit")
    .addComponents(
      new ActionRowBuilder().addComponents(
        new TextInputBuilder().setCustomId("amount").setLabel("Amount").setStyle(TextInputStyle.Short),
      ),
    );

async function answer(interaction) {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    await interaction.respond([{ name: `Ada Ltd (${typed})`, value: "ada" }]);
  } else if (interaction.isChatInputCommand()) {
    if (interaction.commandName === "client") {
      const name = interaction.options.getString("client");
      await interaction.reply({ ...card(`${interaction.options.getSubcommand()} ${name}`), flags: MessageFlags.Ephemeral });
    } else if (interaction.commandName === "slow") {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply("At last");
      await interaction.followUp({ content: "And this", flags: MessageFlags.Ephemeral });
    } else if (interaction.commandName === "upload") {
      const file = interaction.options.getAttachment("list");
      const text = await (await fetch(file.url)).text();
      const copy = new AttachmentBuilder(Buffer.from(text.toUpperCase()), { name: "copy.txt" });
      await interaction.reply({ content: `${file.name} has ${file.size} bytes`, files: [copy] });
    } else {
      const { resource } = await interaction.reply({ ...card("for all"), withResponse: true });
      const posted = await interaction.channel.send("Posted in the channel");
      await posted.edit(`Edited after ${resource.message.id}`);
      const chat = await interaction.user.createDM();
      await chat.send("And in private");
    }
  } else if (interaction.isButton()) {
    if (interaction.customId === "refresh") {
      await interaction.update({ content: "Fresh", components: [] });
    } else if (interaction.customId === "later") {
      await interaction.deferUpdate();
      await interaction.editReply({ content: "Later it is" });
    } else {
      await interaction.showModal(form());
    }
  } else if (interaction.isStringSelectMenu()) {
    await interaction.update({ content: `Picked ${interaction.values.join()}` });
  } else if (interaction.isModalSubmit()) {
    const amount = interaction.fields.getTextInputValue("amount");
    await interaction.update({ content: `Added ${amount}` });
  }
}

client.on(Events.InteractionCreate, (interaction) => {
  answer(interaction).catch((error) => console.error("failed", error));
});
client.on(Events.ShardResume, () => console.log("resumed"));
client.once(Events.ClientReady, async (ready) => {
  const rest = new REST({ api }).setToken(token);
  await rest.put(Routes.applicationGuildCommands(ready.user.id, guild), { body: commands });
  console.log("ready");
});
process.on("SIGTERM", () => client.destroy().then(() => process.exit(0)));
await client.login(token);
