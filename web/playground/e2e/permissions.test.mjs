// The permission editor: roles, overwrites, and the result with the step that decided; at desktop and phone size.
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

const read = () => control("GET", `/world/guilds/${place.guild.id}`);
const role = async (name) => (await read()).roles.find((it) => it.name === name);

/** Opens the editor on a channel of its own. */
async function editor(options = {}) {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel, ...options });
  const { page } = visitor;
  await page.getByRole("button", { name: "Roles and permissions" }).click();
  const dialog = page.getByRole("dialog", { name: /^Permissions in / });
  await dialog.getByRole("navigation", { name: "Roles" }).waitFor();
  const phone = options.size === "phone";
  return {
    ...visitor,
    channel,
    dialog,
    tab: (name) => dialog.getByRole("tab", { name }).click(),
    /** The result is beside the editor, or on a phone its own tab. */
    async result() {
      if (phone) await this.tab("Result");
      return dialog.getByRole("list", { name: "Result" });
    },
    async choose(name) {
      const list = dialog.getByRole("navigation", { name: "Roles" });
      if (phone && !(await list.isVisible())) await dialog.getByRole("button", { name: "All roles" }).click();
      await list.getByRole("button", { name: new RegExp(`^${name}\\b`) }).click();
    },
  };
}

for (const size of Object.keys(SIZES)) {
  describe(`permissions at ${size} size`, () => {
    test("a role is made, named, coloured, moved, given permissions and deleted, and bots are told", async () => {
      const visitor = await editor({ size });
      const { page, dialog } = visitor;
      const name = `Helper ${size}`;
      const { last } = await control("GET", "/journal?limit=1");
      await dialog.getByRole("button", { name: "New role" }).click();
      const field = dialog.getByRole("textbox", { name: "Name" });
      await field.fill(name);
      await field.press("Enter");
      await until("it is renamed", () => role(name));
      await dialog.getByLabel("Colour").fill("#336699");
      await until("it is coloured", async () => (await role(name)).color === 0x336699);
      await dialog.getByRole("button", { name: `Move ${name} up` }).click();
      await until("it is moved", async () => (await role(name)).position === 2);
      const search = dialog.getByRole("searchbox", { name: `Search permissions of ${name}` });
      await search.fill("kick");
      const kick = dialog.getByRole("switch", { name: `Kick members for ${name}` });
      assert.equal(await dialog.getByRole("switch").count(), 1, "the others are filtered out");
      await kick.click();
      await until("it is granted", async () => BigInt((await role(name)).permissions) & 2n);
      await until("the page shows it", async () => (await kick.getAttribute("aria-checked")) === "true");
      await control("POST", "/wait", { after: last, match: { type: "gateway", direction: "out", t: "GUILD_ROLE_UPDATE" } });
      await dialog.getByRole("button", { name: "Delete role…" }).click();
      await dialog.getByRole("button", { name: `Delete ${name}` }).click();
      await until("it is gone", async () => !(await role(name)));
      await control("POST", "/wait", { after: last, match: { type: "gateway", direction: "out", t: "GUILD_ROLE_DELETE" } });
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await visitor.finish();
    });

    test("an overwrite decides, and the result says so", async () => {
      const visitor = await editor({ size });
      const { dialog, channel, tab } = visitor;
      await tab("Channel");
      await dialog.getByRole("combobox", { name: "Add an overwrite for" }).selectOption({ label: place.other.global_name });
      await dialog.getByRole("searchbox", { name: new RegExp("^Search permissions of ") }).fill("send messages");
      const stance = dialog.getByRole("radiogroup", { name: `Send messages for ${place.other.global_name}` });
      // It is checked once the server says so, not before.
      await stance.getByRole("radio", { name: "Deny" }).click();
      const why = async () => {
        const answer = await control("GET", `/world/channels/${channel.id}/permissions/${place.other.id}`);
        return answer.permissions.find((it) => it.name === "SEND_MESSAGES");
      };
      await until("it is denied", async () => (await why()).decided_by.by === "member_overwrite");

      const result = await visitor.result();
      await dialog.getByRole("combobox", { name: "Person" }).selectOption({ label: place.other.global_name });
      await dialog.getByRole("searchbox", { name: "Search the result" }).fill("messages");
      const row = result.getByRole("listitem").filter({ hasText: "The channel denies it for this member." }).first();
      await row.waitFor();
      await row.locator("summary").click();
      await row.getByText("@everyone grants it.").waitFor();
      await dialog.getByRole("searchbox", { name: "Search the result" }).fill("attach");
      await result.getByText(/Whoever may not send messages here/).first().waitFor();

      // Seen live, also when somebody else changes it.
      await control("DELETE", `/world/channels/${channel.id}/overwrites/${place.other.id}`);
      await result.getByText("@everyone grants it.").waitFor();
      await dialog.getByRole("combobox", { name: "Where" }).selectOption({ label: "the guild as a whole" });
      await dialog.getByRole("searchbox", { name: "Search the result" }).fill("manage guild");
      await dialog.getByRole("combobox", { name: "Show" }).selectOption("granted");
      await result.getByText("Nothing of the kind.").waitFor();
      await dialog.getByRole("combobox", { name: "Person" }).selectOption({ label: place.owner.global_name });
      await result.getByText("The owner of the guild has every permission.").first().waitFor();
      await visitor.finish();
    });

    test("rank binds a person, who is told so, and not the operator", async () => {
      const visitor = await editor({ size, as: place.other });
      const { page, dialog } = visitor;
      await visitor.choose("Newcomer");
      const hoist = dialog.getByRole("checkbox", { name: "Shown apart in the member list" });
      const before = (await role("Newcomer")).hoist;
      await hoist.click();
      await page.getByText(/Missing Permissions/).first().waitFor();
      assert.equal((await role("Newcomer")).hoist, before);
      // The browser notes the refused request by itself.
      assert.match(visitor.problems.splice(0).join(), /^console error: Failed to load resource: .*403/);
      await dialog.getByRole("combobox", { name: "Acting as" }).selectOption("");
      await hoist.click();
      await until("the operator may", async () => (await role("Newcomer")).hoist === !before);
      await hoist.click();
      await until("and back", async () => (await role("Newcomer")).hoist === before);
      await visitor.finish();
    });

    for (const scheme of ["light", "dark"]) {
      test(`meets no obstacle axe knows of, ${scheme}`, async () => {
        const visitor = await editor({ size, scheme });
        const { page, dialog, tab } = visitor;
        const fits = async (what) => {
          await axe(page, what);
          const wide = await dialog.evaluate((it) => it.scrollWidth > it.clientWidth || document.documentElement.scrollWidth > innerWidth);
          assert.equal(wide, false, `${what} fits`);
        };
        await fits("roles");
        await visitor.choose("Moderator");
        await fits("a role");
        await tab("Channel");
        await dialog.getByRole("radiogroup").first().waitFor();
        await fits("a channel");
        await (await visitor.result()).getByRole("listitem").first().waitFor();
        await fits("the result");
        await visitor.finish();
      });
    }
  });
}

test("what somebody may do is asked from the member list", async () => {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel });
  const { page } = visitor;
  const people = page.getByRole("complementary", { name: "Members" });
  if (!(await people.isVisible())) await page.getByRole("button", { name: "Members", exact: true }).click();
  await people.getByRole("button", { name: new RegExp(place.other.global_name) }).first().click();
  await page.getByRole("menuitem", { name: "What they may do here" }).click();
  const dialog = page.getByRole("dialog", { name: /^Permissions in / });
  await dialog.getByText(new RegExp(`${place.other.global_name} may do`)).waitFor();
  await visitor.finish();
});
