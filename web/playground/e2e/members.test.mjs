// A member's profile and the roles in it, and the same from a role's side; at desktop and phone size.
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

const held = async (user) => (await control("GET", `/world/guilds/${place.guild.id}`)).members.find((it) => it.user.id === user.id).roles;
let roles = 0;
/** A role of a test's own, at the bottom unless told otherwise. */
const freshRole = (set = {}) => control("POST", `/world/guilds/${place.guild.id}/roles`, { name: `Badge ${process.pid}-${++roles}`, ...set });
const give = (user, role) => control("PUT", `/world/guilds/${place.guild.id}/members/${user.id}/roles/${role.id}`);

/** The page with somebody's profile open. */
async function profile(who, options = {}) {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel, ...options });
  const { page } = visitor;
  const people = page.getByRole("complementary", { name: "Members" });
  if (!(await people.isVisible())) await page.getByRole("button", { name: "Members", exact: true }).click();
  await people.getByRole("button", { name: new RegExp(`^${who.global_name}\\b`) }).first().click();
  await page.getByRole("menuitem", { name: "Profile and roles" }).click();
  const dialog = page.getByRole("dialog", { name: who.global_name });
  return {
    ...visitor,
    dialog,
    list: dialog.getByRole("list", { name: `Roles of ${who.global_name}` }),
    giver: dialog.getByRole("combobox", { name: `Give a role to ${who.global_name}` }),
  };
}

for (const size of Object.keys(SIZES)) {
  describe(`members at ${size} size`, () => {
    test("a role is given and taken, and it is told of", async () => {
      const who = await newcomer(place.guild, `Tinker ${process.pid} ${size}`);
      const role = await freshRole({ color: 0x336699 });
      const { last } = await control("GET", "/journal?limit=1");
      const visitor = await profile(who, { size });
      const { page, dialog, list, giver } = visitor;
      await list.getByText("No roles").waitFor();
      await axe(page, "a profile");
      await giver.click();
      const filter = page.getByRole("combobox", { name: /^Filter/ });
      if (await filter.isVisible()) await filter.fill(role.name);
      await page.getByRole("option", { name: role.name }).click();
      const take = list.getByRole("button", { name: `Take the role ${role.name}` });
      await take.waitFor();
      assert.deepEqual(await held(who), [role.id]);
      await control("POST", "/wait", { after: last, match: { type: "event", event: "GUILD_MEMBER_UPDATE" } });
      await axe(page, "a profile with a role");
      await take.click();
      await list.getByText("No roles").waitFor();
      assert.deepEqual(await held(who), []);
      assert.equal(await giver.evaluate((it) => it === document.activeElement), true, "the focus is not lost with the button");
      const wide = await dialog.evaluate((it) => it.scrollWidth > it.clientWidth || document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, "it fits");
      await visitor.finish();
      await control("DELETE", `/world/guilds/${place.guild.id}/roles/${role.id}`);
    });

    test("from a role's side members are given it, by rank or as the operator", async () => {
      const who = await newcomer(place.guild, `Fitter ${process.pid} ${size}`);
      const role = await freshRole();
      const visitor = await visit(browser, { as: place.owner, channel: await freshChannel(place.guild), size });
      const { page } = visitor;
      await page.getByRole("button", { name: "Roles and permissions" }).click();
      const dialog = page.getByRole("dialog", { name: /^Permissions in / });
      await dialog.getByRole("navigation", { name: "Roles" }).getByRole("button", { name: new RegExp(`^${role.name}`) }).click();
      const section = dialog.getByRole("region", { name: `Role ${role.name}` });
      await section.getByText("0 members", { exact: true }).click();
      await section.getByRole("combobox", { name: `Give ${role.name} to` }).click();
      const filter = page.getByRole("combobox", { name: /^Filter/ });
      if (await filter.isVisible()) await filter.fill(who.global_name);
      await page.getByRole("listbox").getByRole("option", { name: who.global_name }).click();
      const taking = section.getByRole("button", { name: `Take ${role.name} from ${who.global_name}` });
      await taking.waitFor();
      assert.deepEqual(await held(who), [role.id]);
      await dialog.getByRole("combobox", { name: "Acting as" }).selectOption({ label: "the operator, without rules" });
      await taking.click();
      await until("it is taken", async () => !(await held(who)).length);
      await taking.waitFor({ state: "detached" });

      // A bot's own role is nobody's to give, but the operator's.
      if (size === "phone") await dialog.getByRole("button", { name: "All roles" }).click();
      await dialog.getByRole("navigation", { name: "Roles" }).getByRole("button", { name: /belongs to a bot/ }).first().click();
      const bots = dialog.getByRole("region", { name: /^Role / });
      await bots.locator("summary", { hasText: /^\d+ members?$/ }).click();
      assert.equal(await bots.getByRole("button", { name: /^Take / }).count(), 1);
      await dialog.getByRole("combobox", { name: "Acting as" }).selectOption({ index: 0 });
      await bots.getByText("belongs to a bot", { exact: false }).first().waitFor();
      await until("it is locked", async () => (await bots.getByRole("button", { name: /^Take / }).count()) === 0);
      assert.equal(await bots.getByRole("combobox", { name: /^Give / }).count(), 0);
      await axe(page, "a role's members");
      await visitor.finish();
      await control("DELETE", `/world/guilds/${place.guild.id}/roles/${role.id}`);
    });

    test("who ranks below is shown what they may not change; a refusal is told in Discord's words", async () => {
      const mod = await newcomer(place.guild, `Overseer ${process.pid} ${size}`);
      const who = await newcomer(place.guild, `Mender ${process.pid} ${size}`);
      const low = await freshRole({ name: `Low ${process.pid} ${size}` });
      const high = await freshRole({ name: `High ${process.pid} ${size}`, permissions: String(1 << 28) });
      await control("PATCH", `/world/guilds/${place.guild.id}/roles`, [{ id: low.id, position: 1 }, { id: high.id, position: 2 }]);
      await give(mod, high);
      await give(who, high);
      const visitor = await profile(who, { size, as: mod });
      const { page, dialog, list, giver } = visitor;
      await list.getByRole("listitem").filter({ hasText: new RegExp(`${high.name} , ranks as high as you or higher`) }).waitFor();
      assert.equal(await list.getByRole("button").count(), 0);
      await giver.click();
      assert.deepEqual(await page.getByRole("option").allInnerTexts(), [low.name], "only what they may give");
      // What the page knows grows old: they may not any more.
      const old = await control("GET", `/view/${mod.id}`);
      await page.route(`**/view/${mod.id}`, (route) => route.fulfill({ json: old }));
      await control("DELETE", `/world/guilds/${place.guild.id}/members/${mod.id}/roles/${high.id}`);
      await page.getByRole("option", { name: low.name }).click();
      await dialog.getByRole("alert").getByText("Missing Permissions").waitFor();
      assert.match(visitor.problems.splice(0).join(), /403/);
      assert.deepEqual(await held(who), [high.id]);
      await page.unroute(`**/view/${mod.id}`);
      await control("PATCH", `/world/guilds/${place.guild.id}`, { description: `Anew ${size}` });
      await giver.waitFor({ state: "detached" });
      await list.getByRole("listitem").filter({ hasText: new RegExp(`${high.name} , needs Manage roles`) }).waitFor();
      await visitor.finish();
      for (const role of [low, high]) await control("DELETE", `/world/guilds/${place.guild.id}/roles/${role.id}`);
    });
  });
}

test("roles are given and taken with the keyboard alone", async () => {
  const who = await newcomer(place.guild, `Keysmith ${process.pid}`);
  const role = await freshRole({ name: `Keyring ${process.pid}` });
  const visitor = await profile(who);
  const { page, list, giver } = visitor;
  await giver.focus();
  await page.keyboard.press("ArrowDown");
  const filter = page.getByRole("combobox", { name: /^Filter/ });
  if (await filter.isVisible()) await page.keyboard.type("Keyring");
  else await page.keyboard.press("End");
  await page.getByRole("option", { name: role.name }).waitFor();
  if (!(await filter.isVisible())) {
    const all = await page.getByRole("option").allInnerTexts();
    await page.keyboard.press("Home");
    for (let at = 0; at < all.indexOf(role.name); at++) await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  const take = list.getByRole("button", { name: `Take the role ${role.name}` });
  await take.waitFor();
  await page.keyboard.press("Shift+Tab");
  assert.equal(await take.evaluate((it) => it === document.activeElement), true);
  await page.keyboard.press("Enter");
  await list.getByText("No roles").waitFor();
  assert.deepEqual(await held(who), []);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await visitor.finish();
  await control("DELETE", `/world/guilds/${place.guild.id}/roles/${role.id}`);
});
