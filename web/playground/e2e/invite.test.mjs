// The invite: its link in the portal, the page behind it, the bot's arrival, and its removal.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, BASE, control, freshChannel, launch, open, SIZES, until, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

const guild = () => control("GET", `/world/guilds/${place.guild.id}`);
const invite = (id, permissions = "10", scope = "bot+applications.commands") => `/oauth2/authorize?client_id=${id}&permissions=${permissions}&scope=${scope}`;

for (const size of Object.keys(SIZES)) {
  describe(`invites at ${size} size`, () => {
    test("a bot is invited from the portal, joins with its role, and is removed", async () => {
      const name = `Guest ${size}`;
      const { application } = await control("POST", "/world/applications", { name, description: "Waits to be let in." });
      const visitor = await visit(browser, { as: place.owner, channel: await freshChannel(place.guild), size });
      const { page } = visitor;
      await page.getByRole("button", { name: "Workbench", exact: true }).click();
      await page.getByRole("tab", { name: "Portal" }).click();
      const card = page.getByRole("article", { name });
      await card.getByText(`Invite ${name}`).click();
      await card.getByRole("searchbox", { name: "Search permissions" }).fill("kick");
      await card.getByRole("checkbox", { name: "Kick members" }).check();
      await card.getByRole("button", { name: "Copy link" }).click();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(link, new RegExp(`/oauth2/authorize\\?client_id=${application.id}&permissions=2&scope=bot\\+applications.commands$`));
      assert.equal(await card.getByRole("link", { name: "Open the invite" }).getAttribute("href"), link);

      const page2 = await open(browser, new URL(link).pathname + new URL(link).search, { size });
      await page2.page.getByRole("heading", { name: `Add ${name} to a server` }).waitFor();
      assert.equal(await page2.page.getByRole("checkbox", { name: "Kick members" }).isChecked(), true);
      await page2.page.getByRole("combobox", { name: "To the server" }).selectOption({ label: place.guild.name });
      await page2.page.getByRole("button", { name: "Authorise" }).click();
      await page2.page.getByRole("heading", { name: `${name} is in ${place.guild.name}` }).waitFor();
      const now = await guild();
      const role = now.roles.find((it) => it.tags?.bot_id === application.id);
      assert.deepEqual([role.permissions, role.managed], ["2", true]);
      assert.ok(now.members.some((it) => it.user.id === application.id && it.roles.includes(role.id)));
      await page2.page.getByRole("link", { name: `Go to ${place.guild.name}` }).click();
      await page2.page.getByRole("log", { name: "Messages" }).waitFor();
      await page2.finish();

      await card.getByRole("button", { name: `Remove from ${place.guild.name}…` }).click();
      await card.getByRole("button", { name: /^Remove, as / }).click();
      await until("it is gone", async () => !(await guild()).applications.includes(application.id));
      await card.getByText("None. Invite it:").waitFor();
      await control("DELETE", `/world/applications/${application.id}`);
      await visitor.finish();
    });

    test("an application is added to an account, is used everywhere, and is given up", async () => {
      const name = `Pocket ${size}`;
      const { application, token } = await control("POST", "/world/applications", { name });
      const made = await fetch(`${BASE}/api/v10/applications/${application.id}/commands`, {
        method: "POST",
        headers: { authorization: `Bot ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ name: `pocket-${size}`, description: "In every pocket", integration_types: [1] }),
      });
      assert.equal(made.status, 201);
      const visitor = await visit(browser, { as: place.other, channel: await freshChannel(place.guild), size });
      const { page, composer } = visitor;
      if (size === "phone") await page.getByRole("button", { name: "Open navigation" }).click();
      await page.getByRole("link", { name: "Add a bot" }).click();
      const row = page.getByRole("listitem").filter({ hasText: name });
      await row.getByRole("link", { name: "or to your account" }).click();
      await page.getByRole("heading", { name: `Add ${name} to your account` }).waitFor();
      await page.getByText("offer you its commands everywhere").waitFor();
      assert.equal(await page.getByRole("combobox", { name: "To the server" }).count(), 0);
      await page.getByRole("button", { name: "Authorise" }).click();
      await page.getByRole("heading", { name: `${name} is yours to use` }).waitFor();
      await axe(page, "an application of one's own");
      await page.getByRole("link", { name: "Go to the playground" }).click();
      await composer.fill(`/pocket-${size}`);
      await page.getByRole("option", { name: new RegExp(`^/pocket-${size}`) }).waitFor();
      await composer.fill("");
      const { installed } = await control("GET", `/view/${place.other.id}`);
      assert.ok(installed.includes(application.id));
      await control("POST", "/actor/install", { user: place.other.id, application: application.id, remove: true });
      await composer.fill(`/pocket-${size}`);
      await until("its command is gone", async () => (await page.getByRole("option", { name: new RegExp(`^/pocket-${size}`) }).count()) === 0);
      await control("DELETE", `/world/applications/${application.id}`);
      await visitor.finish();
    });

    test("the playground leads to the choice of a bot, then to the server one is in", async () => {
      const { application } = await control("POST", "/world/applications", { name: `Chosen ${size}`, description: "A description that is far too long for one line of a phone, so it is cut." });
      const visitor = await visit(browser, { as: place.owner, channel: await freshChannel(place.guild), size });
      const { page } = visitor;
      if (size === "phone") await page.getByRole("button", { name: "Open navigation" }).click();
      await page.getByRole("link", { name: "Add a bot" }).click();
      await page.getByRole("heading", { name: "Add a bot" }).waitFor();
      await axe(page, "the choice of a bot");
      const sheet = await page.getByRole("main").boundingBox();
      assert.ok(sheet.x + sheet.width + sheet.x <= SIZES[size].width + 1, "as much room to its right as to its left");
      await page.getByRole("link", { name: `Chosen ${size}` }).click();
      await page.getByRole("heading", { name: `Add Chosen ${size} to a server` }).waitFor();
      assert.equal(await page.getByRole("combobox", { name: "To the server" }).inputValue(), place.guild.id);
      await page.getByRole("checkbox", { name: "Ban members" }).uncheck();
      await page.getByRole("button", { name: "Authorise" }).click();
      await page.getByRole("heading", { name: `Chosen ${size} is in ${place.guild.name}` }).waitFor();
      const role = (await guild()).roles.find((it) => it.tags?.bot_id === application.id);
      assert.deepEqual([BigInt(role.permissions) & 6n, BigInt(role.permissions) & 8n], [2n, 0n], "kick, not ban, not administrate");
      await control("DELETE", `/world/applications/${application.id}`);
      await visitor.finish();
    });

    test("who manages no server can add nothing, and is told why", async () => {
      const { application } = await control("POST", "/world/applications", { name: `Stranger ${size}` });
      const { page, finish } = await open(browser, invite(application.id), { size });
      await page.getByRole("combobox", { name: "As", exact: true }).selectOption({ label: place.other.global_name });
      await page.getByText(`${place.other.global_name} manages no server.`).waitFor();
      assert.equal(await page.getByRole("button", { name: "Authorise" }).isDisabled(), true);
      await axe(page, "an invite for somebody who may not");
      await page.getByRole("combobox", { name: "As", exact: true }).selectOption({ label: place.owner.global_name });
      await page.getByText("manages no server").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Not now" }).click();
      await page.getByRole("log", { name: "Messages" }).waitFor();
      assert.ok(!(await guild()).applications.includes(application.id));
      await control("DELETE", `/world/applications/${application.id}`);
      await finish();
    });

    test("a server that is given leaves no choice", async () => {
      const { application } = await control("POST", "/world/applications", { name: `Fixed ${size}` });
      const address = `${invite(application.id)}&disable_guild_select=true`;
      const { page, finish } = await open(browser, `${address}&guild_id=${place.guild.id}`, { size });
      const server = page.getByRole("combobox", { name: "To the server" });
      await server.waitFor();
      assert.deepEqual([await server.isDisabled(), await server.inputValue()], [true, place.guild.id]);
      await finish();
      const other = await open(browser, `${address}&guild_id=123456789012345678`, { size });
      await other.page.getByText("not the server of this link").waitFor();
      assert.equal(await other.page.getByRole("button", { name: "Authorise" }).isDisabled(), true);
      await other.finish();
      await control("DELETE", `/world/applications/${application.id}`);
    });

    test("a broken link says what is wrong with it", async () => {
      for (const [address, part] of [
        ["/oauth2/authorize?client_id=x&scope=bot", /client_id: Value "x" is not snowflake/],
        [invite("17"), /Unknown Application/],
        [invite(place.bot.id, "-1"), /permissions/],
        [invite(place.bot.id, "0", "bots"), /"bots" is no scope/],
        [invite(place.bot.id, "0", "identify"), /No redirect URI is registered/],
        [`${invite(place.bot.id)}&redirect_uri=https://evil.example/`, /Invalid OAuth2 redirect_uri/],
      ]) {
        const { page, finish, problems } = await open(browser, address, { size });
        await page.getByRole("alert").getByText(part).waitFor();
        await axe(page, `a broken invite, ${address}`);
        // The browser notes the refused request by itself.
        assert.match(problems.splice(0).join(), /^console error: Failed to load resource: .*40[04]/);
        await finish();
      }
    });

    for (const scheme of ["light", "dark"]) {
      test(`meet no obstacle axe knows of, ${scheme}`, async () => {
        const { application } = await control("POST", "/world/applications", { name: `Axe ${size}` });
        const { page, finish } = await open(browser, invite(application.id, "1099511627775"), { size, scheme });
        await page.getByRole("button", { name: "Authorise" }).waitFor();
        await axe(page, "an invite");
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "it fits");
        await page.getByRole("button", { name: "Authorise" }).click();
        await page.getByRole("heading", { name: /^Axe .* is in / }).waitFor();
        await axe(page, "an accepted invite");
        await finish();
        await control("DELETE", `/world/applications/${application.id}`);

        const visitor = await visit(browser, { as: place.owner, channel: await freshChannel(place.guild), size, scheme });
        await visitor.page.getByRole("button", { name: "Workbench", exact: true }).click();
        await visitor.page.getByRole("tab", { name: "Portal" }).click();
        await visitor.page.getByRole("article", { name: place.bot.username, exact: true }).getByText(`Invite ${place.bot.username}`).click();
        await visitor.page.getByRole("checkbox", { name: "Kick members" }).waitFor();
        await axe(visitor.page, "the invite in the portal");
        await visitor.finish();
      });
    }
  });
}
