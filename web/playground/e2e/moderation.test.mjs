// Moderation from the member list, bans, and the audit log; at desktop and phone size.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, control, freshChannel, launch, newcomer, SIZES, until, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

const members = async () => (await control("GET", `/world/guilds/${place.guild.id}`)).members;
const member = async (id) => (await members()).find((it) => it.user.id === id);
const bans = () => control("GET", `/view/${place.owner.id}/guilds/${place.guild.id}/bans?limit=1000`);

/** The page with the member list open, and the menu of a person in it. */
async function moderator(options = {}) {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel, ...options });
  const { page } = visitor;
  const people = page.getByRole("complementary", { name: "Members" });
  return {
    ...visitor,
    channel,
    async menu(name) {
      if (!(await people.isVisible())) await page.getByRole("button", { name: "Members", exact: true }).click();
      await people.getByRole("button", { name: new RegExp(`^${name}\\b`) }).first().click();
      return page.getByRole("menu", { name: `Actions for ${name}` });
    },
    async server(tab) {
      if (options.size === "phone") {
        const close = page.getByRole("button", { name: "Close members panel" });
        if (await close.isVisible()) await close.click({ position: { x: 5, y: 300 } });
        await page.getByRole("button", { name: "Open navigation" }).click();
      }
      await page.getByRole("button", { name: "Server settings" }).click();
      const dialog = page.getByRole("dialog", { name: /^Server / });
      await dialog.getByRole("tab", { name: tab }).click();
      return dialog;
    },
  };
}

for (const size of Object.keys(SIZES)) {
  describe(`moderation at ${size} size`, () => {
    test("somebody is timed out and let go, kicked, banned with a reason, and the ban is lifted", async () => {
      const who = await newcomer(place.guild, `Rowdy ${size}`);
      const name = who.global_name;
      const visitor = await moderator({ size });
      const { page } = visitor;

      await (await visitor.menu(name)).getByRole("menuitem", { name: "Time out…" }).click();
      const timeOut = page.getByRole("dialog", { name: `Time out ${name}?` });
      await timeOut.getByRole("combobox", { name: "For how long" }).selectOption({ label: "1 hour" });
      await timeOut.getByRole("button", { name: "Time out", exact: true }).click();
      await timeOut.waitFor({ state: "detached" });
      const until_ = Date.parse((await member(who.id)).communication_disabled_until);
      const { now_ms } = await control("GET", "/clock");
      assert.ok(Math.abs(until_ - now_ms - 3_600_000) < 60_000, "for an hour of world time");
      await page.getByRole("complementary", { name: "Members" }).getByRole("button", { name: new RegExp(`^${name}.*timed out`) }).waitFor();
      await (await visitor.menu(name)).getByRole("menuitem", { name: "End the time-out" }).click();
      await until("it is over", async () => !(await member(who.id)).communication_disabled_until);

      await (await visitor.menu(name)).getByRole("menuitem", { name: "Kick…" }).click();
      await page.getByRole("dialog", { name: `Kick ${name}?` }).getByRole("button", { name: "Kick", exact: true }).click();
      await until("they are gone", async () => !(await member(who.id)));
      await control("POST", `/world/guilds/${place.guild.id}/members`, { user: who.id });

      await control("POST", "/actor/send_message", { user: who.id, channel: visitor.channel.id, text: "buy my gears" });
      await visitor.article("buy my gears").waitFor();
      await page.getByRole("complementary", { name: "Members" }).getByRole("button", { name: new RegExp(`^${name}`) }).waitFor();
      await (await visitor.menu(name)).getByRole("menuitem", { name: "Ban…" }).click();
      const ban = page.getByRole("dialog", { name: `Ban ${name}?` });
      await ban.getByRole("combobox", { name: "Delete their messages of" }).selectOption({ label: "The last hour" });
      await ban.getByRole("textbox", { name: /^Reason/ }).fill("<b>gears</b> & more");
      await ban.getByRole("button", { name: "Ban", exact: true }).click();
      await ban.waitFor({ state: "detached" });
      await visitor.article("buy my gears").waitFor({ state: "detached" });
      assert.equal((await bans()).find((it) => it.user.id === who.id).reason, "<b>gears</b> & more");

      const server = await visitor.server("Bans");
      const row = server.getByRole("list", { name: "Bans" }).getByRole("listitem").filter({ hasText: name });
      await row.getByText("<b>gears</b> & more").waitFor();
      await row.getByRole("button", { name: `Lift the ban of ${name}` }).click();
      await row.waitFor({ state: "detached" });
      assert.ok(!(await bans()).some((it) => it.user.id === who.id));
      await visitor.finish();
    });

    test("the audit log says who did what, by action and by person, and goes on by itself", async () => {
      const who = await newcomer(place.guild, `Noisy ${size}`);
      const visitor = await moderator({ size });
      const { page } = visitor;
      const server = await visitor.server("Audit log");
      const log = server.getByRole("list", { name: "Audit log" });
      const guild = place.guild.id;
      const first = log.getByRole("listitem").first();
      await control("POST", "/actor/kick", { user: place.owner.id, guild, target: who.id, reason: "<img src=x onerror=alert(1)>" });
      await first.getByText(`${place.owner.global_name} kicked ${who.global_name}`).waitFor();
      await first.getByText("“<img src=x onerror=alert(1)>”").waitFor();
      assert.equal(await log.locator("img[src='x']").count(), 0, "what people wrote stays text");

      const role = await control("POST", "/actor/create_role", { user: place.owner.id, guild, set: { name: "Brass" } });
      await control("POST", "/actor/edit_role", { user: place.owner.id, guild, role: role.id, set: { name: "Steel", permissions: "2" } });
      await first.getByText(`${place.owner.global_name} changed the role @Steel`).waitFor();
      assert.match(await first.innerText(), /Name\s+Brass\s*→\s*Steel/);
      await first.getByText("Kick members").waitFor();
      await control("POST", "/actor/delete_role", { user: place.owner.id, guild, role: role.id });

      await server.getByRole("combobox", { name: "What" }).selectOption({ label: "Member kicked" });
      await until("only kicks are shown", async () => {
        const texts = await log.getByRole("listitem").allInnerTexts();
        return texts.length > 0 && texts.every((text) => text.includes("kicked"));
      });
      const person = server.getByRole("combobox", { name: "By whom" });
      await person.fill(place.other.global_name);
      await page.getByRole("option", { name: new RegExp(place.other.global_name) }).first().click();
      await server.getByText("Nothing of the kind.").waitFor();
      await server.getByRole("button", { name: "Show everything" }).click();
      await first.getByText("deleted the role").waitFor();
      await visitor.finish();
    });

    for (const scheme of ["light", "dark"]) {
      test(`meets no obstacle axe knows of, ${scheme}`, async () => {
        const who = await newcomer(place.guild, `Quiet ${size} ${scheme}`);
        const visitor = await moderator({ size, scheme });
        const { page } = visitor;
        await visitor.menu(who.global_name);
        await axe(page, "the menu");
        await page.getByRole("menuitem", { name: "Ban…" }).click();
        const dialog = page.getByRole("dialog", { name: /^Ban / });
        await axe(page, "the ban's form");
        await dialog.getByRole("button", { name: "Ban", exact: true }).click();
        await dialog.waitFor({ state: "detached" });
        const server = await visitor.server("Bans");
        const fits = async (what) => {
          await axe(page, what);
          const wide = await server.evaluate((it) => it.scrollWidth > it.clientWidth || document.documentElement.scrollWidth > innerWidth);
          assert.equal(wide, false, `${what} fits`);
        };
        await server.getByRole("list", { name: "Bans" }).waitFor();
        await fits("bans");
        await server.getByRole("tab", { name: "Audit log" }).click();
        await server.getByRole("list", { name: "Audit log" }).waitFor();
        await fits("the audit log");
        await visitor.finish();
      });
    }
  });
}

test("what one may not do is off, and says why", async () => {
  const who = await newcomer(place.guild, "Bystander");
  const visitor = await moderator({ as: who });
  const { page } = visitor;
  const menu = await visitor.menu(place.owner.global_name);
  const kick = menu.getByRole("menuitem", { name: /^Kick…/ });
  assert.equal(await kick.getAttribute("aria-disabled"), "true");
  assert.match(await kick.innerText(), /needs Kick members/);
  await page.keyboard.press("k");
  assert.match(await page.evaluate(() => document.activeElement.innerText), /^Kick…/, "it is reached with the keyboard");
  await page.keyboard.press("Escape");
  const server = await visitor.server("Bans");
  await server.getByRole("alert").getByText(/Missing Permissions/).waitFor();
  assert.match(visitor.problems.splice(0).join(), /403/);
  await visitor.finish();
});

test("a long audit log and many bans come in parts", async () => {
  const guild = place.guild.id;
  for (let at = 0; at < 60; at++) {
    const { id } = await control("POST", "/world/users", { username: `spam-${process.pid}-${at}` });
    await control("POST", "/actor/ban", { user: place.owner.id, guild, target: id });
  }
  const visitor = await moderator();
  const server = await visitor.server("Bans");
  const rows = server.getByRole("list", { name: "Bans" }).getByRole("listitem");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 50);
  await server.getByRole("button", { name: "Show more" }).click();
  await until("the rest is shown", async () => (await rows.count()) >= 60);
  await server.getByRole("tab", { name: "Audit log" }).click();
  const entries = server.getByRole("list", { name: "Audit log" }).getByRole("listitem");
  await entries.first().waitFor();
  assert.equal(await entries.count(), 50);
  await server.getByRole("button", { name: "Show more" }).click();
  await until("older ones are shown", async () => (await entries.count()) > 60);
  await visitor.finish();
  for (const { user } of await bans()) await control("DELETE", `/world/users/${user.id}`);
});
