// The example bot under node:test; it lives for all tests of the file, each test has a guild of its own.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { Refused } from "@cogwright/sim";
import { simTest } from "@cogwright/sim/node-test";

const test = simTest({
  bot: [process.execPath, fileURLToPath(new URL("../bot.mjs", import.meta.url))],
  commands: ["roll", "counter", "feedback", "think"],
});

test("says hello", async ({ actors, expect }) => {
  const said = await actors.robin.send("!hello");
  await expect.reply(said, "Hello Robin!");
  await expect.reaction("👋", { on: said });
});

test("rolls a die", async ({ actors }) => {
  const answer = await actors.mika.slash("roll", { sides: 2 });
  assert.match(answer.content, /^You rolled [12]$/);
  assert.equal(answer.ephemeral, false);
});

test("refuses a die without sides", async ({ actors }) => {
  await assert.rejects(actors.mika.slash("roll", { sides: 1 }), Refused);
});

test("completes usual dice", async ({ actors }) => {
  assert.deepEqual(await actors.mika.autocomplete("roll", "sides", "1"), [12]);
});

test("counts clicks", async ({ actors }) => {
  const panel = await actors.robin.slash("counter");
  const first = await actors.robin.click(panel, "Count");
  assert.equal(first.kind, "update");
  assert.equal((await actors.sasha.click(first, "Count")).content, "Clicked 2x");
});

test("takes feedback", async ({ actors }) => {
  const form = await actors.noor.slash("feedback");
  const thanks = await actors.noor.submitModal(form, { "Your words": "more dice" });
  assert.equal(thanks.ephemeral, true);
  assert.equal(thanks.content, "Thank you for: more dice");
});

test("thinks first", async ({ actors, expect }) => {
  const answer = await actors.robin.slash("think");
  assert.equal(answer.kind, "deferred");
  await expect.edit(answer, "42");
});

test("survives a reconnect", async ({ actors, expect, faults }) => {
  await faults.reconnect();
  await expect.reply(await actors.robin.send("!hello"), { withinMs: 15_000 });
});

test("tries again when told to wait", async ({ actors, expect, faults }) => {
  await faults.add("rest_429", { operation: "create_message", retry_after: 0.1 });
  const said = await actors.robin.send("!hello");
  await expect.request({ operation: "create_message", status: 429 });
  await expect.reply(said, "Hello Robin!");
});

test("serves newcomers, and nobody else's words", async ({ actors, expect }) => {
  const kim = await actors.new("kim");
  await kim.send("hello?");
  await expect.reply(await kim.send("!hello"), "Hello kim!");
  await expect.noMessage({ withinMs: 200 });
});
