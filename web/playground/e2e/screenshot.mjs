// Makes the pictures of the README: docs/images/playground.png and playground-phone.png.
// COGWRIGHT_URL is a fresh playground; the script writes a short conversation into it.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { control, launch, visit, world } from "./browser.mjs";

const images = new URL("../../../docs/images/", import.meta.url);
const file = (name) => fileURLToPath(new URL(name, images));

await mkdir(images, { recursive: true });
const { guild, owner, other } = await world();
const channel = guild.channels.find((it) => it.name === "general");
const browser = await launch();
try {
  const one = await visit(browser, { as: owner, channel });
  await control("POST", "/actor/send_message", { user: other.id, channel: channel.id, text: "Is the **bot** up? It should answer right here, with no token and no network." });
  await one.say("!ping");
  await one.article("Pong").last().getByText("(edited)").waitFor();
  await one.run("demo");
  const board = one.article("What a bot can show").first();
  await board.getByRole("button", { name: "Count: 0" }).click();
  await board.getByRole("combobox", { name: "Choose a person", exact: true }).click();
  await one.page.getByRole("option", { name: other.global_name }).click();
  await board.getByText(/in the user select/).waitFor();
  await board.getByRole("button", { name: "Ephemeral answer" }).click();
  await one.article("Only you can see this").waitFor();
  await one.page.setViewportSize({ width: 1280, height: 940 });
  await one.composer.focus();
  await one.page.mouse.move(640, 26);
  await one.page.screenshot({ path: file("playground.png") });
  await one.finish();

  const phone = await visit(browser, { as: other, channel, size: "phone", scheme: "dark" });
  const form = await phone.command("echo");
  await form.getByRole("combobox", { name: "text" }).pressSequentially("th");
  await phone.page.getByRole("option").first().waitFor();
  await phone.page.screenshot({ path: file("playground-phone.png") });
  await phone.finish();
} finally {
  await browser.close();
}
