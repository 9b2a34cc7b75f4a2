// The workbench: every call and frame, the clock, the portal, faults; at desktop and phone size.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, control, freshChannel, launch, SIZES, until, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

/** Opens the page with the workbench at a tab. */
async function bench(options, tab = "Inspector") {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel, ...options });
  const { page } = visitor;
  await page.getByRole("button", { name: "Workbench", exact: true }).click();
  const drawer = page.getByRole("complementary", { name: "Workbench" });
  await drawer.getByRole("tab", { name: tab }).click();
  return { ...visitor, channel, drawer, journal: drawer.getByRole("listbox", { name: "Journal" }) };
}

for (const size of Object.keys(SIZES)) {
  describe(`the workbench at ${size} size`, () => {
    test("lists what happens, filters, pauses, clears and shows an entry", async () => {
      const visitor = await bench({ size });
      const { page, drawer, journal, channel } = visitor;
      const say = (text) => control("POST", "/actor/send_message", { user: place.owner.id, channel: channel.id, text });
      await drawer.getByRole("button", { name: "Clear the list" }).click();
      await say("!ping");
      const filter = drawer.getByRole("searchbox", { name: "Filter entries" });
      await filter.fill(`status:2xx ${channel.id}`);
      const made = journal.getByRole("option", { name: /POST \/channels\/\S+\/messages 200/ });
      await made.first().click();
      const json = drawer.getByRole("group", { name: "JSON of the entry" });
      assert.match(await json.innerText(), /"operation": "create_message"/);
      await drawer.getByRole("button", { name: "Copy entry as JSON" }).click();
      const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
      assert.equal(copied.operation, "create_message");

      await drawer.getByRole("button", { name: "Events" }).click();
      await drawer.getByRole("button", { name: "REST" }).click();
      await filter.fill(`event:message_create ${channel.id}`);
      await journal.getByRole("option").first().waitFor();
      assert.equal(await journal.getByRole("option", { name: /POST|EVENT/ }).count(), 0, "only gateway frames");
      await drawer.getByRole("button", { name: "Pause" }).click();
      const shown = await journal.getByRole("option").count();
      await say("unheard");
      await drawer.getByText(/Paused; \d+ more/).waitFor();
      assert.equal(await journal.getByRole("option").count(), shown);
      await drawer.getByRole("button", { name: "Go on" }).click();
      await until("the held entries are shown", async () => (await journal.getByRole("option").count()) > shown);

      await journal.focus();
      await page.keyboard.press("Home");
      const first = await journal.getAttribute("aria-activedescendant");
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await journal.getAttribute("aria-activedescendant"), first);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      await visitor.finish();
    });

    test("leads from a message to what caused it", async () => {
      const channel = await freshChannel(place.guild);
      const visitor = await visit(browser, { as: place.owner, channel, size });
      const { page } = visitor;
      await visitor.say("!ping");
      const answer = visitor.article("Pong").last();
      await answer.focus();
      await page.keyboard.press("m");
      await page.getByRole("menuitem", { name: "Show what caused this" }).click();
      const drawer = page.getByRole("complementary", { name: "Workbench" });
      await drawer.getByText("What led to message").waitFor();
      await drawer.getByRole("option", { selected: true, name: /POST \/channels\/\S+\/messages 200/ }).waitFor();
      await drawer.getByRole("option", { name: /↓ BOT MESSAGE_CREATE/ }).first().waitFor();
      assert.match(await drawer.getByRole("group", { name: "JSON of the entry" }).innerText(), /"content": ".*Measuring/);
      await drawer.getByRole("button", { name: "Show all entries" }).click();
      await drawer.getByText("What led to message").waitFor({ state: "detached" });
      await visitor.finish();
    });

    test("freezes and advances the clock", async () => {
      const visitor = await bench({ size }, "Clock");
      const { drawer } = visitor;
      const time = drawer.getByRole("time");
      await drawer.getByRole("button", { name: "Freeze time" }).click();
      await drawer.getByRole("button", { name: "Let time flow" }).waitFor();
      try {
        const { now_ms } = await control("GET", "/clock");
        await drawer.getByRole("button", { name: "1 min", exact: true }).click();
        await until("a minute more", async () => (await control("GET", "/clock")).now_ms === now_ms + 60_000);
        await drawer.getByRole("textbox", { name: "Advance by" }).fill("soon");
        await drawer.getByRole("button", { name: "Advance", exact: true }).click();
        await drawer.getByRole("alert").waitFor();
        await drawer.getByRole("textbox", { name: "Advance by" }).fill("1h 30m");
        await drawer.getByRole("button", { name: "Advance", exact: true }).click();
        await until("ninety minutes more", async () => (await control("GET", "/clock")).now_ms === now_ms + 5_460_000);
        await until("it is shown", async () => (await time.getAttribute("datetime")) === (await control("GET", "/clock")).now);
      } finally {
        await drawer.getByRole("button", { name: "Let time flow" }).click();
      }
      await drawer.getByRole("button", { name: "Freeze time" }).waitFor();
      await visitor.finish();
    });

    test("changes intents and limits, makes a token, turns a session", async () => {
      const name = `Portal ${size}`;
      const { application } = await control("POST", "/world/applications", { name });
      const visitor = await bench({ size }, "Portal");
      const { drawer } = visitor;
      const card = drawer.getByRole("article", { name });
      await card.getByRole("checkbox", { name: "Message content" }).click();
      const flags = async () => (await control("GET", "/world")).applications.find((it) => it.id === application.id).flags;
      await until("the intent is granted", async () => (await flags()) & (1 << 19));
      await card.getByRole("button", { name: "New token…" }).click();
      await card.getByRole("button", { name: "Make a new token" }).click();
      await card.getByText("Shown this once").waitFor();
      const token = await card.locator("code.token").innerText();
      assert.match(token, /^\S+\.\S+\.\S+$/);
      await card.getByRole("button", { name: "Hide" }).click();
      assert.equal(await drawer.getByText(token).count(), 0);

      const bot = drawer.getByRole("article", { name: place.bot.username, exact: true });
      await bot.getByText("/echo", { exact: true }).waitFor();
      const { last } = await control("GET", "/journal?limit=1");
      await bot.getByRole("button", { name: /^Reconnect session/ }).first().click();
      await control("POST", "/wait", { after: last, match: { type: "gateway", direction: "in", op: 6 } });

      const before = (await control("GET", "/settings")).rate_limits;
      try {
        await drawer.getByRole("radio", { name: /^Enforce/ }).click();
        await until("limits are enforced", async () => (await control("GET", "/settings")).rate_limits === "enforce");
      } finally {
        await control("PATCH", "/settings", { rate_limits: before });
      }
      await control("DELETE", `/world/applications/${application.id}`);
      await visitor.finish();
    });

    test("adds a fault, tells that it has fired, and removes it", async () => {
      const visitor = await bench({ size }, "Faults");
      const { drawer, channel } = visitor;
      await drawer.getByRole("combobox", { name: "What" }).selectOption("latency");
      await drawer.getByRole("spinbutton", { name: "Delay (ms)" }).fill("20");
      await drawer.getByRole("textbox", { name: /^Where/ }).fill(`/channels/${channel.id}/messages`);
      await drawer.getByRole("button", { name: "Add fault" }).click();
      await drawer.getByText("fired 0 of 1").waitFor();
      await control("POST", "/actor/send_message", { user: place.owner.id, channel: channel.id, text: "!ping" });
      await drawer.getByText("fired 1 of 1").waitFor();
      await drawer.getByRole("button", { name: /^Remove fault/ }).click();
      await drawer.getByText("Nothing goes wrong.").waitFor();

      // Kinds with several settings, and with settings inside settings.
      const planned = async () => (await control("GET", "/faults")).faults.map((it) => it.kind);
      await drawer.getByRole("combobox", { name: "What" }).selectOption("rest_429");
      await drawer.getByRole("combobox", { name: "Scope" }).selectOption("global");
      await drawer.getByRole("textbox", { name: /^Where/ }).fill("/nowhere");
      await drawer.getByRole("button", { name: "Add fault" }).click();
      await until("it is planned", async () => (await planned()).some((it) => it.type === "rest_429" && it.scope === "global"));
      await drawer.getByRole("button", { name: /^Remove fault/ }).click();
      await drawer.getByText("Nothing goes wrong.").waitFor();
      await drawer.getByRole("combobox", { name: "What" }).selectOption("chaos");
      await drawer.getByText("How likely each is, from 0 to 1").click();
      for (const box of await drawer.locator("details").getByRole("spinbutton").all()) await box.fill("0");
      await drawer.getByRole("spinbutton", { name: "Slow answer" }).fill("0.01");
      await drawer.getByRole("button", { name: "Add fault" }).click();
      await drawer.getByText("seed 1, latency 0.01").waitFor();
      assert.equal((await planned())[0].rates.latency, 0.01);
      await drawer.getByRole("button", { name: /^Remove fault/ }).click();
      await drawer.getByText("Nothing goes wrong.").waitFor();
      await visitor.finish();
    });

    for (const scheme of ["light", "dark"]) {
      test(`meets no obstacle axe knows of, ${scheme}`, async () => {
        const visitor = await bench({ size, scheme });
        const { page, drawer, journal } = visitor;
        await journal.getByRole("option").first().click();
        await axe(page, "the inspector");
        for (const tab of ["Clock", "Portal", "Faults"]) {
          await drawer.getByRole("tab", { name: tab }).click();
          await drawer.getByRole("heading").first().waitFor();
          await axe(page, tab);
          const wide = await drawer.evaluate((it) => it.scrollWidth > it.clientWidth || document.documentElement.scrollWidth > innerWidth);
          assert.equal(wide, false, `${tab} fits`);
        }
        await page.keyboard.press("Alt+w");
        await drawer.waitFor({ state: "detached" });
        await page.keyboard.press("Alt+w");
        await drawer.waitFor();
        if (size === "desktop") {
          await drawer.getByRole("button", { name: "Dock at the bottom" }).click();
          await drawer.getByRole("tab", { name: "Inspector" }).click();
          await axe(page, "the inspector at the bottom");
        }
        await visitor.finish();
      });
    }
  });
}
