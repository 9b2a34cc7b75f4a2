// A dashboard's login in a real browser: a small dashboard with its own server, the page, the code's exchange, what the
// dashboard then knows; refusing; being asked only once. And the portal's side of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { axe, BASE, control, freshChannel, launch, open, SIZES, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

/** A website with "Log in": its address, and the application it is. */
async function dashboard(name) {
  const made = await control("POST", "/world/applications", { name, description: "Shows what it knows of you." });
  const id = made.application.id;
  const basic = `Basic ${Buffer.from(`${id}:${made.client_secret}`).toString("base64")}`;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://x");
    const page = (text) => response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><html lang="en"><title>Dashboard</title><link rel="icon" href="data:,"><h1>${text}</h1>`);
    if (url.searchParams.has("error")) return page(`Refused: ${url.searchParams.get("error")}, ${url.searchParams.get("state")}`);
    const token = await fetch(`${BASE}/api/oauth2/token`, {
      method: "POST",
      headers: { authorization: basic, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ grant_type: "authorization_code", code: url.searchParams.get("code"), redirect_uri: back }),
    });
    const { access_token, scope, error } = await token.json();
    if (error) return page(`Error: ${error}`);
    const read = async (path) => (await fetch(`${BASE}/api/v10${path}`, { headers: { authorization: `Bearer ${access_token}` } })).json();
    const [me, guilds] = [await read("/users/@me"), await read("/users/@me/guilds")];
    page(`Hello ${me.global_name}, ${scope}, ${guilds.map?.((it) => it.name).join() ?? guilds.code}, ${url.searchParams.get("state")}`);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const back = `http://127.0.0.1:${server.address().port}/back`;
  await control("PATCH", `/world/applications/${id}`, { redirect_uris: [back] });
  const link = (scope, more = "") =>
    `/oauth2/authorize?response_type=code&client_id=${id}&scope=${encodeURIComponent(scope)}&state=a%26b&redirect_uri=${encodeURIComponent(back)}${more}`;
  return {
    id,
    back,
    link,
    async end() {
      server.close();
      await control("DELETE", `/world/applications/${id}`);
    },
  };
}

/** Opens a link; being sent to the dashboard is what is wanted, not a problem. */
async function follow(site, address, how) {
  const opened = await open(browser, address, how);
  return {
    ...opened,
    async finish() {
      const rest = opened.problems.filter((it) => !it.startsWith(`left this machine: ${site.back}?`));
      opened.problems.splice(0, Infinity, ...rest);
      await opened.finish();
    },
  };
}

for (const size of Object.keys(SIZES)) {
  describe(`logins at ${size} size`, () => {
    test("case 39: somebody logs in to a dashboard, is asked once, and can refuse", async () => {
      const site = await dashboard(`Board ${size}`);
      const first = await follow(site, site.link("identify guilds"), { size });
      await first.page.getByRole("heading", { name: `Log in to Board ${size}` }).waitFor();
      for (const words of ["know who you are", "see which servers you are in"]) await first.page.getByText(words).waitFor();
      await first.page.getByText(new URL(site.back).host).waitFor();
      await first.page.getByRole("combobox", { name: "As", exact: true }).selectOption({ label: place.other.global_name });
      await first.page.getByRole("button", { name: "Authorise" }).click();
      await first.page.getByRole("heading", { name: `Hello ${place.other.global_name}, identify guilds, ${place.guild.name}, a&b` }).waitFor();
      await first.finish();

      // As the same person, who need not be asked again; another one is.
      const again = await follow(site, site.link("identify", `&prompt=none&as=${place.other.id}`), { size });
      await again.page.getByRole("heading", { name: `Hello ${place.other.global_name}, identify, 50026, a&b` }).waitFor();
      await again.finish();
      const someone = await follow(site, site.link("identify", "&prompt=none"), { size });
      await someone.page.getByRole("button", { name: "Not now" }).click();
      await someone.page.getByRole("heading", { name: "Refused: access_denied, a&b" }).waitFor();
      await someone.finish();
      // What the application is told, it is told at once.
      const wrong = await follow(site, site.link("identify rpc"), { size });
      await wrong.page.getByRole("heading", { name: "Refused: invalid_scope, a&b" }).waitFor();
      await wrong.finish();
      await site.end();
    });

    test("a bot that also logs in comes to the server and back to the dashboard", async () => {
      const site = await dashboard(`Both ${size}`);
      const { page, finish } = await follow(site, site.link("bot identify guilds", "&permissions=2"), { size });
      await page.getByRole("heading", { name: `Add Both ${size} to a server` }).waitFor();
      await page.getByText("join the server as a bot").waitFor();
      await page.getByRole("button", { name: "Authorise" }).click();
      await page.getByRole("heading", { name: `Hello ${place.owner.global_name}, bot identify guilds` }).waitFor();
      const { members } = await control("GET", `/world/guilds/${place.guild.id}`);
      assert.ok(members.some((it) => it.user.id === site.id));
      await finish();
      await site.end();
    });

    test("a page of another origin cannot answer for anybody", async () => {
      const site = await dashboard(`Foreign ${size}`);
      const { page, finish, problems } = await follow(site, site.link("identify"), { size });
      // To where a page of another origin runs.
      await page.getByRole("button", { name: "Not now" }).click();
      await page.getByRole("heading", { name: /^Refused/ }).waitFor();
      const outcome = await page.evaluate(
        async ([url, body]) => {
          const tries = [{ headers: { "content-type": "application/json" } }, { mode: "no-cors", headers: { "content-type": "text/plain" } }];
          const seen = [];
          for (const how of tries) {
            try {
              seen.push((await fetch(url, { method: "POST", body, ...how })).status);
            } catch {
              seen.push("refused");
            }
          }
          return seen;
        },
        [`${BASE}/_sim/v1/actor/answer_link`, JSON.stringify({ user: place.owner.id, link: site.link("bot"), guild: place.guild.id })],
      );
      assert.deepEqual(outcome, ["refused", 0], "not sent, or sent without being heard");
      const { members } = await control("GET", `/world/guilds/${place.guild.id}`);
      assert.ok(members.every((it) => it.user.id !== site.id));
      problems.splice(0);
      await finish();
      await site.end();
    });

    test("the portal keeps redirect URIs and makes a secret", async () => {
      const { application } = await control("POST", "/world/applications", { name: `Portal ${size}` });
      const visitor = await visit(browser, { as: place.owner, channel: await freshChannel(place.guild), size });
      const { page } = visitor;
      await page.getByRole("button", { name: "Workbench", exact: true }).click();
      await page.getByRole("tab", { name: "Portal" }).click();
      const card = page.getByRole("article", { name: `Portal ${size}` });
      const field = card.getByRole("textbox", { name: "New redirect URI" });
      await field.fill("http://127.0.0.1:3000/back");
      await field.press("Enter");
      const list = card.getByRole("list", { name: "Redirect URIs" });
      await list.getByText("http://127.0.0.1:3000/back").waitFor();
      await card.getByRole("checkbox", { name: "Requires code grant" }).check();
      await card.getByRole("button", { name: "New secret…" }).click();
      await card.getByRole("button", { name: "Make a new secret" }).click();
      await card.getByRole("button", { name: "Copy secret" }).click();
      const secret = await page.evaluate(() => navigator.clipboard.readText());
      const form = (id) =>
        fetch(`${BASE}/api/oauth2/token`, {
          method: "POST",
          headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` },
          body: new URLSearchParams({ grant_type: "client_credentials", scope: "identify" }),
        });
      assert.equal((await form(application.id)).status, 200, "the secret that was shown is the one that counts");
      await axe(page, "the portal's OAuth2 part");
      const { applications } = await control("GET", "/world");
      const kept = applications.find((it) => it.id === application.id);
      assert.deepEqual([kept.redirect_uris, kept.require_code_grant], [["http://127.0.0.1:3000/back"], true]);
      assert.ok(!JSON.stringify(applications).includes(secret), "not told again");
      await list.getByRole("button", { name: "Remove http://127.0.0.1:3000/back" }).click();
      await list.getByText("None: nobody can log in to it.").waitFor();
      // What leads nowhere is not kept.
      await field.fill("javascript:alert(1)");
      await card.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("Its scheme leads nowhere.").waitFor();
      assert.match(visitor.problems.splice(0).join(), /^console error: Failed to load resource: .*400/);
      await control("DELETE", `/world/applications/${application.id}`);
      await visitor.finish();
    });

    for (const scheme of ["light", "dark"]) {
      test(`meet no obstacle axe knows of, ${scheme}`, async () => {
        const site = await dashboard(`Axe login ${size}`);
        const { page, finish } = await follow(site, site.link("identify email guilds guilds.join connections"), { size, scheme });
        await page.getByRole("button", { name: "Authorise" }).waitFor();
        await axe(page, "a login");
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "it fits");
        await finish();
        await site.end();
      });
    }
  });
}
