// The newcomer's path: open, !ping, /echo with autocomplete, through /demo; at desktop and phone size.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, freshChannel, launch, SIZES, visit, world } from "./browser.mjs";

let browser;
let place;
before(async () => {
  browser = await launch();
  place = await world();
});
after(() => browser?.close());

for (const size of Object.keys(SIZES)) {
  describe(`a newcomer at ${size} size`, () => {
    test("opens the page, is told what to try, and !ping is answered", async () => {
      const channel = await freshChannel(place.guild);
      const visitor = await visit(browser, { channel, size });
      const { page } = visitor;
      await page.getByRole("button", { name: "!ping", exact: true }).click();
      assert.equal(await visitor.composer.inputValue(), "!ping");
      await visitor.composer.press("Enter");
      await visitor.article("Pong").last().waitFor();
      assert.match(page.url(), /[?&]as=\d+/, "whom one acts as stands in the address");
      await visitor.finish();
    });

    test("runs /echo with a suggestion from the bot and an optional option", async () => {
      const channel = await freshChannel(place.guild);
      const visitor = await visit(browser, { as: place.owner, channel, size });
      const { page } = visitor;
      const form = await visitor.command("echo");
      await form.getByRole("combobox", { name: "text" }).pressSequentially("this thing");
      await page.getByRole("option", { name: "Is this thing on?" }).click();
      await form.getByRole("button", { name: "Add option style" }).click();
      await form.getByRole("combobox", { name: "style" }).fill("lou");
      await page.getByRole("option", { name: "Loud" }).waitFor();
      await page.keyboard.press("Enter");
      assert.equal(await form.getByRole("combobox", { name: "style" }).inputValue(), "Loud");
      await page.keyboard.press("Enter");
      const answer = visitor.article("IS THIS THING ON?");
      await answer.waitFor();
      await answer.getByText("/echo").waitFor();
      await visitor.finish();
    });

    test("is told what is missing in a command before it is sent", async () => {
      const channel = await freshChannel(place.guild);
      const visitor = await visit(browser, { as: place.owner, channel, size });
      const form = await visitor.command("echo");
      await form.getByRole("button", { name: "Run /echo" }).click();
      await form.getByText("This is required.").waitFor();
      await form.getByRole("button", { name: "Add option times" }).click();
      const times = form.getByRole("combobox", { name: "times" });
      await times.fill("9");
      await form.getByRole("combobox", { name: "text" }).fill("hello");
      await form.getByRole("button", { name: "Run /echo" }).click();
      await form.getByText("At most 5.").waitFor();
      await times.fill("2");
      await form.getByRole("button", { name: "Run /echo" }).click();
      await visitor.article(/hello\s*hello/).waitFor();
      await visitor.finish();
    });

    test("goes through /demo: button, ephemeral, deferred, file, selects, form, close", async () => {
      const channel = await freshChannel(place.guild);
      const visitor = await visit(browser, { as: place.owner, channel, size });
      const { page } = visitor;
      await visitor.run("demo");
      const board = visitor.article("What a bot can show").first();
      await board.waitFor();

      await board.getByRole("button", { name: "Count: 0" }).click();
      await board.getByRole("button", { name: "Count: 1" }).waitFor();

      await board.getByRole("button", { name: "Ephemeral answer" }).click();
      const whisper = visitor.article("Only you can see this");
      await whisper.getByRole("button", { name: "Dismiss" }).click();
      await whisper.waitFor({ state: "detached" });

      await board.getByRole("button", { name: "Deferred answer" }).click();
      await visitor.messages.getByText("is thinking…").waitFor();
      await visitor.article("I have thought about it.").waitFor();

      await board.getByRole("button", { name: "Send a file" }).click();
      await visitor.messages.getByRole("link", { name: /demo\.txt/ }).waitFor();

      await board.getByRole("combobox", { name: "Choose up to three colours" }).click();
      await page.getByRole("option", { name: "Red" }).click();
      await page.getByRole("option", { name: "Blue" }).click();
      await page.getByRole("button", { name: "Done" }).click();
      await board.getByText(/You chose red, blue/).waitFor();
      const choices = [
        ["Choose a person", place.other.global_name, new RegExp(`@${place.other.global_name} in the user`)],
        ["Choose a role", "Moderator", /@Moderator in the role/],
        ["Choose a person or a role", place.owner.global_name, new RegExp(`@${place.owner.global_name} in the mentionable`)],
        ["Choose a channel", "general", /#general in the channel/],
      ];
      for (const [label, choice, outcome] of choices) {
        await board.getByRole("combobox", { name: label, exact: true }).click();
        await page.getByRole("option", { name: choice }).first().click();
        await board.getByText(outcome).waitFor();
      }

      await board.getByRole("button", { name: "Open a form" }).click();
      const form = page.getByRole("dialog", { name: "A form" });
      await form.getByRole("button", { name: "Submit" }).click();
      await form.getByText("This is required.").waitFor();
      await form.getByRole("textbox", { name: /Your name/ }).fill("Ada");
      await form.getByRole("textbox", { name: /Your story/ }).fill("Once.");
      await form.getByRole("combobox", { name: "Your mood" }).click();
      await page.getByRole("option", { name: "Good" }).click();
      await form.getByRole("button", { name: "Submit" }).click();
      await form.waitFor({ state: "detached" });
      await board.getByText(/“Ada”, with good mood/).waitFor();

      await board.getByRole("button", { name: "Close" }).click();
      await board.getByRole("button", { name: "Close" }).waitFor({ state: "detached" });
      await visitor.finish();
    });

    for (const scheme of ["light", "dark"]) {
      test(`meets no obstacle axe knows of, ${scheme}`, async () => {
        const channel = await freshChannel(place.guild, { topic: "A **topic**" });
        const visitor = await visit(browser, { as: place.owner, channel, size, scheme });
        const { page, composer } = visitor;
        await axe(page, "the start");
        await visitor.say("# Title\n**bold** `code` ||spoiler|| <t:0:R> @here\n> quote\n```rs\nfn main() {}\n```\n- list");
        await visitor.say("!help");
        await visitor.run("demo");
        const board = visitor.article("What a bot can show").first();
        await board.getByRole("button", { name: "Ephemeral answer" }).click();
        await visitor.article("Only you can see this").waitFor();
        await axe(page, "messages of all kinds");
        await composer.fill("/");
        await page.getByRole("listbox", { name: "Commands" }).getByRole("option").first().waitFor();
        await axe(page, "the command picker");
        await composer.fill("");
        const form = await visitor.command("echo");
        await form.getByRole("button", { name: "Add option to", exact: true }).click();
        await page.getByRole("option", { name: place.other.global_name }).waitFor();
        await axe(page, "a command being filled in");
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await board.getByRole("combobox", { name: "Choose a person", exact: true }).click();
        await page.getByRole("option").first().waitFor();
        await axe(page, "an open select");
        await page.keyboard.press("Escape");
        await board.getByRole("button", { name: "Open a form" }).click();
        await page.getByRole("dialog", { name: "A form" }).getByRole("button", { name: "Submit" }).click();
        await axe(page, "a modal with problems");
        await page.keyboard.press("Escape");
        await board.focus();
        await page.keyboard.press("m");
        await page.getByRole("menu", { name: "Message actions" }).waitFor();
        await axe(page, "a message menu");
        await page.keyboard.press("Escape");
        await board.focus();
        await page.keyboard.press("+");
        await page.getByRole("dialog", { name: "Choose an emoji" }).waitFor();
        await axe(page, "the emoji picker");
        await page.keyboard.press("Escape");
        await composer.fill("");
        await composer.press("?");
        await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
        await axe(page, "the shortcuts");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Pinned messages" }).click();
        await page.getByRole("dialog", { name: "Pinned messages" }).getByText("Nothing is pinned").waitFor();
        await axe(page, "the pins");
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+k");
        const places = page.getByRole("dialog", { name: "Go to" });
        await places.getByRole("option").first().waitFor();
        await axe(page, "the switcher");
        await page.keyboard.type("off");
        await page.keyboard.press("Enter");
        await page.getByRole("textbox", { name: "Message #off-topic" }).waitFor();
        await page.keyboard.press("Alt+ArrowUp");
        await page.getByRole("textbox", { name: "Message #general" }).waitFor();
        if (size === "phone") {
          await page.getByRole("button", { name: "Members" }).click();
          await page.getByRole("complementary", { name: "Members" }).waitFor();
          await axe(page, "the members drawer");
          await page.getByRole("button", { name: "Close members panel" }).click({ position: { x: 10, y: 400 } });
          await page.getByRole("button", { name: "Open navigation" }).click();
          await page.getByRole("button", { name: /^Acting as/ }).waitFor();
          await axe(page, "the navigation drawer");
          await page.keyboard.press("Escape");
          await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Open navigation");
        }
        await visitor.finish();
      });
    }
  });
}
