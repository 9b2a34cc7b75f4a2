// A real browser for the tests, and what they all need: a person's page, a channel of their own,
// a look for console errors and for requests that leave this machine, and axe.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { crc32, deflateSync } from "node:zlib";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const BASE = (process.env.COGWRIGHT_URL ?? "http://127.0.0.1:8787").replace(/\/$/, "");
export const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** The control API; throws with its message on a refusal. */
export async function control(method, path, body) {
  const response = await fetch(`${BASE}/_sim/v1${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

/** The default world: its guild, its owner, another person, the bot. */
export async function world() {
  const { users, guilds } = await control("GET", "/world");
  const guild = guilds[0];
  const people = users.filter((user) => !user.bot);
  const owner = people.find((user) => user.id === guild.owner_id);
  const other = people.find((user) => user.id !== guild.owner_id);
  assert.ok(owner && other, "the default world has two people");
  return { guild, owner, other, bot: users.find((user) => user.bot) };
}

let channels = 0;
/** A text channel that no other test uses. */
export const freshChannel = (guild, more = {}) =>
  control("POST", `/world/guilds/${guild.id}/channels`, { name: `test-${process.pid}-${++channels}`, type: 0, ...more });

let people = 0;
/** A person that no other test uses, in the guild. */
export async function newcomer(guild, global_name) {
  const user = await control("POST", "/world/users", { username: `person-${process.pid}-${++people}`, global_name });
  await control("POST", `/world/guilds/${guild.id}/members`, { user: user.id });
  return user;
}

/** A picture of one colour. */
export function png(width, height, [red, green, blue]) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a channel, RGB.
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.from([0, ...Array(width).fill([red, green, blue]).flat()]);
  const pixels = deflateSync(Buffer.concat(Array(height).fill(row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** Opens an address of the server. `finish` closes it and checks that nothing went wrong on the way. */
export async function open(browser, address, { size = "desktop", scheme = "light" } = {}) {
  const phone = size === "phone";
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: scheme,
    hasTouch: phone,
    isMobile: phone,
    reducedMotion: "reduce",
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const problems = [];
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`page error: ${error.stack}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && origin !== new URL(BASE).origin) problems.push(`left this machine: ${request.url()}`);
  });
  await page.goto(BASE + address);
  return {
    page,
    problems,
    async finish() {
      await context.close();
      assert.deepEqual(problems, []);
    },
  };
}

/** Opens the playground as somebody. */
export async function visit(browser, { as, channel, ...how }) {
  const hash = channel ? `#/channels/${channel.id}` : "";
  const opened = await open(browser, `/${as ? `?as=${as.id}` : ""}${hash}`, how);
  const { page } = opened;
  const messages = page.getByRole("log", { name: "Messages" });
  await messages.waitFor();
  return {
    ...opened,
    messages,
    composer: page.getByRole("textbox", { name: /^Message / }),
    article: (text) => messages.getByRole("article").filter({ hasText: text }),
    async say(text) {
      await this.composer.fill(text);
      await this.composer.press("Enter");
    },
    /** Picks a command from the picker and answers its form. */
    async command(name) {
      await this.composer.fill(`/${name}`);
      await page.getByRole("listbox", { name: "Commands" }).getByRole("option", { name: new RegExp(`^/${name}\\b`) }).first().waitFor();
      await this.composer.press("Enter");
      const form = page.getByRole("form", { name: `Command /${name}` });
      await form.waitFor();
      return form;
    },
    async run(name) {
      const form = await this.command(name);
      await form.getByRole("button", { name: `Run /${name}` }).click();
    },
  };
}

/** Fails on any violation axe finds. */
export async function axe(page, where) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => `${node.target} ${node.failureSummary ?? ""}`).join(" | ")}`);
  });
  assert.deepEqual(found, [], `axe at ${where}`);
}

/** Waits until a condition holds. */
export async function until(what, condition, timeout = 15_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) assert.fail(`not within ${timeout} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
