// Two browsers as two people see each other live, and not what is meant for one of them alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, BASE, control, freshChannel, launch, SIZES, until, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

for (const size of Object.keys(SIZES)) {
  describe(`case 57: two people at ${size} size`, () => {
    test("see messages, typing, edits, reactions, replies and deletions of each other", async () => {
      const channel = await freshChannel(place.guild);
      const one = await visit(browser, { as: place.owner, channel, size });
      const two = await visit(browser, { as: place.other, channel, size });

      await one.composer.pressSequentially("Hello");
      await two.page.getByText(`${place.owner.global_name} is writing…`).waitFor();
      await one.composer.press("Enter");
      const seen = two.article("Hello").first();
      await seen.waitFor();
      await two.page.getByText("is writing…").waitFor({ state: "detached" });

      await seen.focus();
      await two.page.keyboard.press("r");
      await two.page.getByText(`Reply to ${place.owner.global_name}`).waitFor();
      await two.say("Hi yourself");
      await one.article("Hi yourself").getByRole("button", { name: /Hello/ }).waitFor();

      await seen.focus();
      await two.page.keyboard.press("+");
      await two.page.getByRole("button", { name: "thumbs up yes" }).click();
      const mine = two.messages.getByRole("button", { name: "👍, 1 reaction" });
      const theirs = one.messages.getByRole("button", { name: "👍, 1 reaction" });
      await mine.waitFor();
      assert.equal(await mine.getAttribute("aria-pressed"), "true");
      assert.equal(await theirs.getAttribute("aria-pressed"), "false");
      await theirs.click();
      await two.messages.getByRole("button", { name: "👍, 2 reactions" }).click();
      await until("own reaction taken back", async () => (await one.messages.getByRole("button", { name: "👍, 1 reaction" }).getAttribute("aria-pressed")) === "true");

      await one.composer.press("ArrowUp");
      const edit = one.page.getByRole("textbox", { name: "Edit message" });
      await edit.fill("Hello again");
      await edit.press("Enter");
      await two.article("(edited)").waitFor();
      assert.match((await two.article("(edited)").textContent()) ?? "", /Hello again/);

      await one.article("(edited)").focus();
      await one.page.keyboard.press("Delete");
      await one.page.getByRole("dialog", { name: "Delete this message?" }).getByRole("button", { name: "Delete" }).click();
      await two.article("(edited)").waitFor({ state: "detached" });
      await one.finish();
      await two.finish();
    });

    test("forward a message, which stays as it was", async () => {
      const channel = await freshChannel(place.guild);
      const away = await freshChannel(place.guild);
      const one = await visit(browser, { as: place.owner, channel, size });
      const two = await visit(browser, { as: place.other, channel: away, size });
      await one.say("**Look** at this");
      const said = one.article("Look at this").first();
      await said.waitFor();
      await said.focus();
      await one.page.keyboard.press("m");
      await one.page.getByRole("menuitem", { name: "Forward" }).click();
      const dialog = one.page.getByRole("dialog", { name: "Forward to" });
      await dialog.getByRole("combobox").fill(away.name);
      await dialog.getByRole("combobox").press("Enter");
      await dialog.waitFor({ state: "detached" });
      for (const person of [one, two]) {
        const forward = person.messages.getByRole("region", { name: "Forwarded message" });
        await forward.getByText("Look", { exact: true }).waitFor();
        await forward.getByRole("button", { name: `#${channel.name}` }).waitFor();
      }
      await axe(two.page, "a forward");
      await two.messages.getByRole("button", { name: `#${channel.name}` }).click();
      await two.article("Look at this").waitFor();
      await one.finish();
      await two.finish();
    });

    test("do not see each other's ephemeral answers, which are gone after a reload", async () => {
      const channel = await freshChannel(place.guild);
      const one = await visit(browser, { as: place.owner, channel, size });
      const two = await visit(browser, { as: place.other, channel, size });
      await one.run("demo");
      await one.article("What a bot can show").first().getByRole("button", { name: "Ephemeral answer" }).click();
      await one.article("Only you can see this").waitFor();
      // What is sent later has arrived, so what was sent before would have too.
      await one.say("after that");
      await two.article("after that").waitFor();
      assert.equal(await two.article("Only you can see this").count(), 0);
      await one.page.reload();
      await one.article("after that").waitFor();
      assert.equal(await one.article("Only you can see this").count(), 0);
      await one.finish();
      await two.finish();
    });
  });
}

describe("one page", () => {
  test("changes the person and keeps it in the address", async () => {
    const channel = await freshChannel(place.guild);
    const visitor = await visit(browser, { as: place.owner, channel });
    const { page } = visitor;
    await page.getByRole("button", { name: /^Acting as/ }).click();
    await page.getByRole("menuitemradio", { name: new RegExp(`^${place.other.global_name}`) }).click();
    await page.getByRole("button", { name: `Acting as ${place.other.global_name}. Switch person` }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("as"), place.other.id);
    await visitor.say("as somebody else");
    await visitor.article("as somebody else").getByRole("button", { name: `${place.other.global_name}, actions` }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: `Acting as ${place.other.global_name}. Switch person` }).waitFor();
    await visitor.finish();
  });

  test("comes back after the line was lost and shows what it missed", async () => {
    const channel = await freshChannel(place.guild);
    const visitor = await visit(browser, { as: place.owner, channel });
    const { page } = visitor;
    let blocked = true;
    let lines = 0;
    await page.routeWebSocket(/\/_sim\/v1\/stream/, (line) => {
      lines++;
      if (blocked && lines > 1) return line.close();
      const server = line.connectToServer();
      line.onMessage((frame) => server.send(frame));
      server.onMessage((frame) => line.send(frame));
      page.cut = () => line.close();
    });
    await page.reload();
    await visitor.say("before");
    await visitor.article("before").waitFor();
    await page.cut();
    await page.getByRole("status", { name: "Connection" }).getByText("cannot be reached").waitFor();
    await control("POST", "/actor/send_message", { user: place.other.id, channel: channel.id, text: "missed" });
    blocked = false;
    await visitor.article("missed").waitFor();
    await page.getByText("cannot be reached").waitFor({ state: "detached" });
    assert.equal(await visitor.article("before").count(), 1);
    await visitor.finish();
  });

  test("loads older messages while scrolling up and keeps the place", async () => {
    const channel = await freshChannel(place.guild);
    for (let i = 0; i < 120; i++) await control("POST", "/actor/send_message", { user: i % 2 ? place.owner.id : place.other.id, channel: channel.id, text: `line ${i}.` });
    const visitor = await visit(browser, { as: place.owner, channel });
    const { page, messages } = visitor;
    await visitor.article("line 119.").waitFor();
    await until("the end is in view", () => messages.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop < 4));
    await messages.evaluate((log) => (log.scrollTop = 0));
    await visitor.article("line 30.").waitFor();
    await messages.evaluate((log) => (log.scrollTop = 0));
    await visitor.article("line 0.").waitFor();
    await control("POST", "/actor/send_message", { user: place.other.id, channel: channel.id, text: "something new" });
    await page.getByRole("button", { name: "1 new message" }).click();
    await visitor.article("something new").waitFor();
    await until("the end is in view", () => messages.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop < 4));
    await visitor.finish();
  });

  test("sends files, mentions people, and starts threads and direct messages", async () => {
    const channel = await freshChannel(place.guild);
    const visitor = await visit(browser, { as: place.owner, channel });
    const { page, composer } = visitor;
    const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await page.getByLabel("Files to attach").setInputFiles([
      { name: "pixel.png", mimeType: "image/png", buffer: pixel },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") },
    ]);
    await visitor.say("two files");
    const sent = visitor.article("two files");
    await sent.getByRole("link", { name: /notes\.txt/ }).waitFor();
    await until("the picture has loaded", () => sent.getByRole("img", { name: "pixel.png" }).evaluate((image) => image.naturalWidth === 1));

    await composer.pressSequentially(`Hi @${place.other.username.slice(0, 2)}`);
    await page.getByRole("listbox", { name: "Suggestions" }).getByRole("option").first().waitFor();
    await composer.press("Enter");
    await composer.press("Enter");
    await visitor.article(`@${place.other.global_name}`).waitFor();

    await sent.focus();
    await page.keyboard.press("m");
    await page.getByRole("menuitem", { name: "Start a thread" }).click();
    const dialog = page.getByRole("dialog", { name: "Start a thread" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("A side talk");
    await dialog.getByRole("button", { name: "Start" }).click();
    await page.getByRole("textbox", { name: "Message #A side talk" }).waitFor();
    await visitor.say("in the thread");
    await visitor.article("in the thread").waitFor();

    const forum = await freshChannel(place.guild, { type: 15 });
    await page.getByRole("link", { name: forum.name }).click();
    await page.getByRole("button", { name: "New post" }).click();
    const post = page.getByRole("dialog", { name: "New post" });
    await post.getByRole("textbox", { name: "Name" }).fill("A post");
    await post.getByRole("textbox", { name: "First message" }).fill("What do you think?");
    await post.getByRole("button", { name: "Post" }).click();
    await visitor.article("What do you think?").waitFor();

    await page.getByRole("button", { name: "Direct messages" }).click();
    await page.getByRole("navigation", { name: "Channels" }).getByRole("button", { name: new RegExp(place.bot.username) }).or(page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: new RegExp(place.bot.username) })).click();
    await page.getByRole("textbox", { name: `Message @${place.bot.username}` }).waitFor();
    await visitor.say("!ping");
    await visitor.article("Pong").last().waitFor();
    await visitor.finish();
  });

  test("runs user and message commands, and says when an application does not respond", async () => {
    const channel = await freshChannel(place.guild);
    // An application whose bot is not connected: its commands are there, nobody answers.
    const name = `Silent ${process.pid}`;
    const { application, token } = await control("POST", "/world/applications", { name, guilds: [place.guild.id], permissions: "8" });
    const registered = await fetch(`${BASE}/api/v10/applications/${application.id}/guilds/${place.guild.id}/commands`, {
      method: "PUT",
      headers: { authorization: `Bot ${token}`, "content-type": "application/json" },
      body: JSON.stringify([
        { type: 2, name: "Greet person" },
        { type: 3, name: "Count words" },
      ]),
    });
    assert.equal(registered.status, 200, await registered.clone().text());
    const visitor = await visit(browser, { as: place.owner, channel });
    const { page } = visitor;
    await visitor.say("three little words");
    await visitor.article("three little words").click({ button: "right" });
    await page.getByRole("menuitem", { name: /Count words/ }).click();
    await page.getByText("Count words: waiting for an answer…").waitFor();
    await page.getByText("Count words: The application did not respond").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("complementary", { name: "Members" }).getByRole("button", { name: new RegExp(`^${place.other.global_name}`) }).click();
    await page.getByRole("menuitem", { name: /Greet person/ }).click();
    await page.getByText("Greet person: The application did not respond").waitFor();
    await visitor.finish();
    await control("DELETE", `/world/applications/${application.id}`);
  });
});
