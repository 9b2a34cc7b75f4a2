// The channel editor, the server's settings and forums; at desktop and phone size.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, BASE, control, freshChannel, launch, newcomer, png, SIZES, until, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

const read = () => control("GET", `/world/guilds/${place.guild.id}`);
const named = async (name) => (await read()).channels.find((it) => it.name === name);
const newestEntry = async () => (await control("GET", `/view/${place.owner.id}/guilds/${place.guild.id}/audit_log?limit=1`)).audit_log_entries[0];

/** An emoji of the guild, which a bot uploads. */
async function guildEmoji(name) {
  const { application, token } = await control("POST", "/world/applications", { name: "Painter", guilds: [place.guild.id], permissions: "8" });
  const image = `data:image/png;base64,${png(32, 32, [147, 64, 26]).toString("base64")}`;
  const headers = { authorization: `Bot ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${BASE}/api/v10/guilds/${place.guild.id}/emojis`, { method: "POST", headers, body: JSON.stringify({ name, image }) });
  assert.equal(answer.status, 201, await answer.clone().text());
  await control("DELETE", `/world/applications/${application.id}`);
  return answer.json();
}

/** The server's page, open at a tab. */
async function server(tab, options = {}) {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel, ...options });
  const { page } = visitor;
  const phone = options.size === "phone";
  if (phone) await page.getByRole("button", { name: "Open navigation" }).click();
  await page.getByRole("button", { name: "Server settings" }).click();
  const dialog = page.getByRole("dialog", { name: /^Server / });
  await dialog.getByRole("tab", { name: tab }).click();
  return {
    ...visitor,
    dialog,
    async choose(name) {
      const list = dialog.getByRole("navigation", { name: "Channels of the server" });
      if (phone && !(await list.isVisible())) await dialog.getByRole("button", { name: "All channels" }).click();
      await list.getByRole("button", { name: new RegExp(`^${name}( ?, category)?$`) }).click();
      return dialog.getByRole("region", { name: `Channel ${name}` });
    },
    async fits(what) {
      await axe(page, what);
      const wide = await dialog.evaluate((it) => it.scrollWidth > it.clientWidth || document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${what} fits`);
    },
  };
}

for (const size of Object.keys(SIZES)) {
  describe(`channels at ${size} size`, () => {
    test("a channel is made, renamed, described, slowed, moved, put into a category and deleted", async () => {
      const visitor = await server("Channels", { size });
      const { dialog } = visitor;
      const make = async (kind, name) => {
        const list = dialog.getByRole("navigation", { name: "Channels of the server" });
        if (!(await list.isVisible())) await dialog.getByRole("button", { name: "All channels" }).click();
        await dialog.getByRole("button", { name: "New channel" }).click();
        await dialog.getByRole("radio", { name: new RegExp(`^${kind}`) }).check({ force: true });
        await dialog.getByRole("textbox", { name: "Name" }).fill(name);
        await dialog.getByRole("button", { name: "Make the channel" }).click();
      };
      const { last } = await control("GET", "/journal?limit=1");
      await make("Category", `Attic ${size}`);
      await dialog.getByRole("region", { name: `Channel Attic ${size}` }).waitFor();
      await make("Text", `Spare Parts ${size}`);
      const section = dialog.getByRole("region", { name: `Channel spare-parts-${size}` });
      await section.waitFor();
      const { id } = await named(`spare-parts-${size}`);
      const is = async () => (await read()).channels.find((it) => it.id === id);
      await control("POST", "/wait", { after: last, match: { type: "gateway", direction: "out", t: "CHANNEL_CREATE" } });

      const rename = section.getByRole("textbox", { name: "Name" });
      await rename.fill(`Loose Ends ${size}`);
      await rename.press("Enter");
      const renamed = dialog.getByRole("region", { name: `Channel loose-ends-${size}` });
      await renamed.waitFor();
      assert.equal(await renamed.getByRole("textbox", { name: "Name" }).inputValue(), `loose-ends-${size}`, "as the server writes it");
      const topic = renamed.getByRole("textbox", { name: "Topic" });
      await topic.fill("What is *left*");
      await topic.blur();
      await until("it is described", async () => (await is()).topic === "What is *left*");
      await renamed.getByRole("combobox", { name: "Slowmode" }).selectOption({ label: "30 seconds" });
      await until("it is slowed", async () => (await is()).rate_limit_per_user === 30);
      assert.equal((await newestEntry()).action_type, 11, "the audit log has it");

      const above = async () => (await read()).channels.filter((it) => it.parent_id === null && it.type === 0 && (it.position < position || (it.position === position && BigInt(it.id) < BigInt(id)))).length;
      let { position } = await is();
      const before = await above();
      assert.ok(before > 0);
      await renamed.getByRole("button", { name: `Move loose-ends-${size} up` }).click();
      await until("it is one higher", async () => {
        ({ position } = await is());
        return (await above()) === before - 1;
      });
      const attic = await named(`Attic ${size}`);
      await renamed.getByRole("combobox", { name: "Category" }).selectOption({ label: `Attic ${size}` });
      await until("it is in the category", async () => (await is()).parent_id === attic.id);
      await until("which has no other place for it", async () => await renamed.getByRole("button", { name: `Move loose-ends-${size} up` }).isDisabled());

      await renamed.getByRole("button", { name: "Delete channel…" }).click();
      await renamed.getByRole("button", { name: `Delete loose-ends-${size}` }).click();
      await until("it is gone", async () => !(await is()));
      // The page hears of it a moment later, and on a phone goes back to the list by itself.
      await renamed.waitFor({ state: "detached" });
      const category = await visitor.choose(`Attic ${size}`);
      await category.getByRole("button", { name: "Delete channel…" }).click();
      await category.getByText("Its 0 channels stay, without a category.").waitFor();
      await category.getByRole("button", { name: `Delete Attic ${size}` }).click();
      await until("the category as well", async () => !(await named(`Attic ${size}`)));
      await visitor.finish();
    });

    test("a forum gets tags; a post is written with one and found by it", async () => {
      const name = `nooks-${size}`;
      const forum = await freshChannel(place.guild, { name, type: 15 });
      const visitor = await server("Channels", { size });
      const { page, dialog } = visitor;
      const section = await visitor.choose(name);
      for (const tag of ["Brass", "Steel"]) {
        await section.getByRole("textbox", { name: "New tag" }).fill(tag);
        await section.getByRole("button", { name: "Add" }).click();
        await section.getByRole("textbox", { name: `Name of the tag ${tag}` }).waitFor();
      }
      // Emojis: one of the everyday set, one that is typed, the guild's own, and none again.
      const own = await guildEmoji(`gear_${size}`);
      const tagsNow = async () => (await read()).channels.find((it) => it.id === forum.id).available_tags;
      const look = async (tag) => {
        const { emoji_id, emoji_name } = (await tagsNow()).find((it) => it.name === tag);
        return [emoji_id, emoji_name];
      };
      const pick = async (of, text) => {
        await section.getByRole("button", { name: new RegExp(`^Emoji of ${of}:`) }).click();
        const picker = dialog.getByRole("dialog", { name: "Choose an emoji" });
        await picker.getByRole("textbox", { name: "Search emoji" }).fill(text);
        await visitor.fits("the emoji of a tag");
        await picker.getByRole("textbox", { name: "Search emoji" }).press("Enter");
        await picker.waitFor({ state: "detached" });
      };
      await pick("the tag Brass", "wrench");
      await until("it is the wrench", async () => (await look("Brass"))[1] === "🔧");
      await pick("the tag Brass", own.name);
      await until("it is the guild's", async () => (await look("Brass"))[0] === own.id);
      await section.getByRole("button", { name: `Emoji of the tag Brass: ${own.name}` }).waitFor();
      await pick("the new tag", "🦄");
      await section.getByRole("textbox", { name: "New tag" }).fill("Odd");
      await section.getByRole("textbox", { name: "New tag" }).press("Enter");
      await section.getByRole("textbox", { name: "Name of the tag Odd" }).waitFor();
      assert.deepEqual(await look("Odd"), [null, "🦄"]);
      await section.getByRole("button", { name: "Emoji of the tag Odd: 🦄" }).click();
      await page.keyboard.press("Escape");
      assert.equal(await dialog.isVisible(), true, "Escape closes the picker alone");
      await section.getByRole("button", { name: "Emoji of the tag Odd: 🦄" }).click();
      await dialog.getByRole("button", { name: "No emoji" }).click();
      await section.getByRole("button", { name: "Emoji of the tag Odd: none" }).waitFor();
      assert.deepEqual(await look("Odd"), [null, null]);
      await section.getByRole("button", { name: "Delete the tag Odd" }).click();
      await until("it is gone", async () => (await tagsNow()).length === 2);

      await section.getByRole("button", { name: "Go there" }).click();
      await dialog.waitFor({ state: "detached" });
      await page.getByText("Nothing here yet.").waitFor();
      await page.getByRole("button", { name: "New post" }).click();
      const form = page.getByRole("dialog", { name: "New post" });
      await form.getByRole("textbox", { name: "Name" }).fill("Where do gears go?");
      await form.getByRole("textbox", { name: "First message" }).fill("They <i>vanish</i>.");
      await form.getByRole("checkbox", { name: "Brass" }).check();
      const drawn = (within) => until("the emoji is there", () => within.locator("img[src*='/cdn/emojis/']").first().evaluate((it) => it.complete && it.naturalWidth > 0));
      await drawn(form);
      await axe(page, "a new post's form");
      await form.getByRole("button", { name: "Post", exact: true }).click();
      await form.waitFor({ state: "detached" });
      await visitor.article("They <i>vanish</i>.").waitFor();
      const { threads } = await read();
      const post = threads.find((it) => it.parent_id === forum.id);
      assert.equal(post.applied_tags.length, 1);
      await control("POST", "/actor/create_thread", { user: place.other.id, channel: forum.id, name: "Untagged", text: "Hm" });
      await control("POST", "/actor/send_message", { user: place.other.id, channel: post.id, text: "Under the bench" });

      await page.goto(page.url().replace(/#.*/, `#/channels/${forum.id}`));
      const list = page.getByRole("list", { name: "Posts" });
      await list.getByRole("link", { name: /Untagged/ }).waitFor();
      const tagged = list.getByRole("link", { name: /Where do gears go\?/ });
      await tagged.getByText("1 reply").waitFor();
      await drawn(tagged);
      await drawn(page.getByRole("group", { name: "Only posts with the tag" }));
      await page.getByRole("group", { name: "Only posts with the tag" }).getByRole("button", { name: "Steel" }).click();
      await list.getByText("Nothing of the kind.").waitFor();
      await page.getByRole("button", { name: "Brass" }).click();
      await tagged.waitFor();
      assert.equal(await list.getByRole("listitem").count(), 1);
      await axe(page, "a forum");
      await tagged.click();
      await visitor.article("Under the bench").waitFor();
      await page.getByRole("button", { name: "Thread actions" }).click();
      await page.getByRole("menuitem", { name: "Close" }).click();
      await until("it is closed", async () => (await read()).threads.find((it) => it.id === post.id).thread_metadata.archived);
      await page.goto(page.url().replace(/#.*/, `#/channels/${forum.id}`));
      await page.getByRole("button", { name: "Brass" }).click();
      await list.getByText("Nothing of the kind.").waitFor();
      await page.getByRole("combobox", { name: "Which posts" }).selectOption("closed");
      await tagged.click();
      await visitor.article("Under the bench").waitFor();
      await page.getByRole("button", { name: "Thread actions" }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await page.getByRole("dialog", { name: "Delete Where do gears go??" }).getByRole("button", { name: "Delete" }).click();
      await until("it is deleted", async () => !(await read()).threads.some((it) => it.id === post.id));
      await page.getByRole("region", { name: "Posts" }).waitFor();
      await control("DELETE", `/world/channels/${forum.id}`);
      await visitor.finish();
    });

    test("the server is renamed and described; levels and channels are chosen; the operator gives boosts", async () => {
      const visitor = await server("Settings", { size });
      const { page, dialog } = visitor;
      const was = await read();
      const name = dialog.getByRole("textbox", { name: "Name" });
      await name.fill(`Clockworks ${size}`);
      await name.press("Enter");
      await page.getByRole("dialog", { name: `Server Clockworks ${size}` }).waitFor();
      assert.equal((await newestEntry()).action_type, 1);
      const about = dialog.getByRole("textbox", { name: "Description" });
      await about.fill("Tick");
      await about.blur();
      await dialog.getByRole("combobox", { name: /^Verification/ }).selectOption({ label: "Medium: registered for 5 minutes" });
      await dialog.getByRole("combobox", { name: /^Welcome/ }).selectOption({ label: "None" });
      await until("all of it is so", async () => {
        const guild = await read();
        return guild.description === "Tick" && guild.verification_level === 2 && guild.system_channel_id === null;
      });
      await dialog.getByRole("combobox", { name: "Boosts" }).selectOption({ label: "Level 2" });
      await until("it is boosted", async () => (await read()).premium_tier === 2);
      const banner = dialog.getByRole("checkbox", { name: /^A banner/ });
      const had = await banner.isChecked();
      await banner.click();
      await until("the feature is switched", async () => (await read()).features.includes("BANNER") === !had);
      await until("and shown", async () => (await banner.isChecked()) === !had);
      const { name: old, description, verification_level, premium_tier, features, system_channel_id } = was;
      await control("PATCH", `/world/guilds/${place.guild.id}`, { name: old, description, verification_level, premium_tier, features, system_channel_id });
      // What others change is seen as well.
      await page.getByRole("dialog", { name: `Server ${old}` }).waitFor();
      await visitor.finish();
    });

    test("icon, banner and invite picture are looked at, used and removed; what is no picture is refused", async () => {
      const visitor = await server("Settings", { size });
      const { page, dialog } = visitor;
      const { features } = await read();
      const field = (label) => dialog.getByRole("group", { name: label, exact: true });
      const choose = (label, file) => field(label).locator("input[type=file]").setInputFiles(file);
      const loaded = (image) => until("the picture is there", () => image.evaluate((it) => it.complete && it.naturalWidth > 0));
      const copper = { name: "copper.png", mimeType: "image/png", buffer: png(40, 40, [147, 64, 26]) };
      await choose("Icon", copper);
      await loaded(field("Icon").getByRole("img", { name: "Icon, not used yet" }));
      assert.equal((await read()).icon, null, "not before it was looked at");
      await axe(page, "a picture that is not used yet");
      await field("Icon").getByRole("button", { name: "Cancel" }).click();
      await field("Icon").getByText("None").waitFor();
      await choose("Icon", copper);
      await field("Icon").getByRole("button", { name: "Use it" }).click();
      await loaded(field("Icon").getByRole("img", { name: "Icon", exact: true }));
      const { icon } = await read();
      const served = await fetch(`${BASE}/cdn/icons/${place.guild.id}/${icon}.png?size=128`);
      assert.deepEqual(Buffer.from(await served.arrayBuffer()), copper.buffer);
      await loaded(page.locator("nav[aria-label=Servers] img").first());

      for (const [file, words] of [
        [{ ...copper, name: "page.html", mimeType: "text/html" }, /page\.html is no picture of a kind/],
        [{ ...copper, name: "broken.png", buffer: Buffer.from("nothing of the kind") }, /broken\.png cannot be read as a picture/],
        [{ ...copper, name: "huge.png", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) }, /huge\.png has 10\.5 MB; a picture has 10 MiB at most/],
      ]) {
        await choose("Icon", file);
        await field("Icon").getByRole("alert").filter({ hasText: words }).waitFor();
      }
      assert.equal((await read()).icon, icon, "it stays what it was");
      await field("Icon").getByRole("button", { name: "Remove" }).click();
      await until("it is removed", async () => (await read()).icon === null);
      await field("Icon").getByText("None").waitFor();

      await control("PATCH", `/world/guilds/${place.guild.id}`, { features: features.filter((it) => it !== "BANNER") });
      await field("Banner").getByText(/wants the feature BANNER/).waitFor();
      await choose("Banner", copper);
      await field("Banner").getByRole("button", { name: "Use it" }).click();
      await field("Banner").getByRole("alert").filter({ hasText: "This server needs more boosts to perform this action" }).waitFor();
      await visitor.fits("a refused picture");
      assert.match(visitor.problems.splice(0).join(), /403/);
      await control("PATCH", `/world/guilds/${place.guild.id}`, { features: [...features, "BANNER", "INVITE_SPLASH"] });
      await field("Banner").getByRole("button", { name: "Use it" }).click();
      await loaded(field("Banner").getByRole("img", { name: "Banner", exact: true }));
      await choose("Invite picture", copper);
      await field("Invite picture").getByRole("button", { name: "Use it" }).click();
      await loaded(field("Invite picture").getByRole("img", { name: "Invite picture", exact: true }));
      const { banner, splash } = await read();
      assert.deepEqual([banner, splash], [icon, icon], "one picture, one hash");
      await control("PATCH", `/world/guilds/${place.guild.id}`, { banner: null, splash: null, features });
      await field("Banner").getByText("None").waitFor();
      await visitor.finish();
    });

    for (const scheme of ["light", "dark"]) {
      test(`meets no obstacle axe knows of, ${scheme}`, async () => {
        const visitor = await server("Settings", { size, scheme });
        const { dialog } = visitor;
        await visitor.fits("settings");
        await dialog.getByRole("tab", { name: "Channels" }).click();
        await visitor.fits("channels");
        await visitor.choose("general");
        await visitor.fits("a channel");
        if (size === "phone") await dialog.getByRole("button", { name: "All channels" }).click();
        await dialog.getByRole("button", { name: "New channel" }).click();
        await visitor.fits("a new channel");
        await visitor.finish();
      });
    }
  });
}

test("who may not manage is told so, and nothing looks made that is not", async () => {
  const who = await newcomer(place.guild, "Visitor");
  const visitor = await server("Channels", { as: who });
  const { page, dialog } = visitor;
  const section = await visitor.choose("general");
  await section.getByRole("combobox", { name: "Slowmode" }).selectOption({ label: "1 minute" });
  await page.getByText(/Missing Permissions/).first().waitFor();
  await until("it shows what is", async () => (await section.getByRole("combobox", { name: "Slowmode" }).inputValue()) === String((await named("general")).rate_limit_per_user));
  assert.match(visitor.problems.splice(0).join(), /403/);
  await dialog.getByRole("tab", { name: "Settings" }).click();
  await dialog.getByText("You need Manage guild to change these.").waitFor();
  assert.equal(await dialog.getByRole("textbox", { name: "Name" }).isDisabled(), true);
  assert.equal(await dialog.getByRole("button", { name: "Choose a picture…" }).first().isDisabled(), true);
  await visitor.finish();
});

test("several channels that move are one call", async () => {
  const category = await freshChannel(place.guild, { name: `Shelf ${process.pid}`, type: 4 });
  const made = [];
  // All at one place, so that a move by one renumbers every one of them.
  for (const name of ["anvil", "bellows", "chisel", "drill"]) made.push(await freshChannel(place.guild, { name, parent_id: category.id, position: 9 }));
  const visitor = await server("Channels");
  const { page, dialog } = visitor;
  const moving = [];
  page.on("request", (request) => /\/actor\/(move|edit)_channel/.test(request.url()) && moving.push(request.url()));
  const order = async () => {
    const inside = (await read()).channels.filter((it) => it.parent_id === category.id);
    return inside.sort((a, b) => a.position - b.position || (BigInt(a.id) < BigInt(b.id) ? -1 : 1)).map((it) => it.name).join(" ");
  };
  const section = await visitor.choose("drill");
  await section.getByRole("button", { name: "Move drill up" }).click();
  await until("it is one higher", async () => (await order()) === "anvil bellows drill chisel");
  assert.equal(moving.length, 1, moving.join());
  for (const it of [...made, category]) await control("DELETE", `/world/channels/${it.id}`);
  await visitor.finish();
});

test("a channel is edited from its own menu, with the keyboard as well", async () => {
  const channel = await freshChannel(place.guild);
  const visitor = await visit(browser, { as: place.owner, channel });
  const { page } = visitor;
  const row = page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: channel.name });
  await row.click({ button: "right" });
  await page.getByRole("menuitem", { name: "Edit channel" }).waitFor();
  await page.keyboard.press("e");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: /^Server / }).getByRole("region", { name: `Channel ${channel.name}` }).waitFor();
  await visitor.finish();
});
