// Failures must be good reading: each text says what was awaited, what came instead, and what to do.

import assert from "node:assert/strict";

import { ExpectationError, Refused, Server, Sim, StartError } from "@cogwright/sim";
import { simTest } from "@cogwright/sim/node-test";
import { test as plain } from "node:test";

const test = simTest();
const node = (/** @type {string} */ code) => [process.execPath, "-e", code];

/**
 * The text of the error that `work` must end with.
 * @param {Promise<unknown>} work
 * @param {Function} kind
 */
async function textOf(work, kind = Error) {
  const failed = await work.then(() => undefined, (error) => error);
  assert.ok(failed instanceof kind, `should fail with ${kind.name}, got ${failed}`);
  return /** @type {Error} */ (failed).message;
}

test("a missed message shows what came instead", async ({ actors, expect }) => {
  await actors.mika.send("good morning");
  const wanted = { content: "good evening", by: actors.mika, withinMs: 200 };
  const text = await textOf(expect.message(wanted), ExpectationError);
  assert.ok(text.includes('expected a message by mika, with the text "good evening"; nothing fitting came within'), text);
  assert.ok(text.includes('mika in #general: "good morning"'), text);
  assert.ok(text.includes('but with the text should be "good evening", is "good morning"'), text);
  assert.ok(text.includes("No bot is connected to the gateway."), text);
});

test("silence is told too, and words where silence should be", async ({ actors, expect }) => {
  assert.match(await textOf(expect.message({ withinMs: 100 }), ExpectationError), /\(nothing at all\)/);
  await actors.mika.send("surprise");
  const text = await textOf(expect.noMessage({ by: actors.mika }), ExpectationError);
  assert.match(text, /expected silence, but it said:\n.*"surprise"/);
});

test("each event satisfies one expectation, in any order", async ({ actors, expect }) => {
  await actors.mika.send("twice");
  await actors.mika.send("once");
  await expect.message({ content: "once", by: actors.mika });
  await expect.message({ content: /^tw/, by: actors.mika });
  await textOf(expect.message({ content: "twice", by: actors.mika, withinMs: 100 }), ExpectationError);
});

test("unknown names name the known ones", async ({ actors, sim }) => {
  assert.match(await textOf(actors.robin.slash("nope"), Refused), /may use there: none; has the bot registered any/);
  const said = await actors.robin.send("no buttons here");
  assert.match(await textOf(actors.robin.click(said, "Press")), /has no component "Press"; it has: none/);
  assert.throws(() => actors.get("zed"), /there are: robin, mika/);
  assert.throws(() => sim.channel("#nowhere"), /no channel "nowhere"; it has: .*general/);
});

test("a bot that crashes shows its last words", async ({ server }) => {
  const text = await textOf(server.bot(node("console.log('last words'); process.exit(3)")), StartError);
  assert.match(text, /ended before it was ready[^]*exit code 3[^]*last words/);
});

test("a bot that never comes is bounded", async ({ server }) => {
  const text = await textOf(server.bot(node("setInterval(() => {}, 1000)"), { withinMs: 500 }), StartError);
  assert.match(text, /not ready within 500 ms; missing: a gateway session[^]*pointed at the local Discord/);
});

test("the end of a bot is noticed at once", async ({ server, actors, expect }) => {
  const code = `
    const { Client } = require("discord.js");
    const client = new Client({ intents: ["Guilds", "GuildMessages"] });
    client.on("messageCreate", () => { console.log("ouch"); process.exitCode = 7; client.destroy(); });
    client.login(process.env.DISCORD_TOKEN);`;
  const bot = await server.bot(node(code));
  await actors.robin.send("boo");
  const text = await textOf(expect.message({ withinMs: 60_000 }), ExpectationError);
  assert.match(text, /the bot has ended[^]*exit code 7[^]*ouch/);
  assert.match(await textOf(Sim.begin(server), StartError), /ended during an earlier test[^]*ouch/);
  await bot.stop();
});

for (const run of [1, 2]) {
  test(`nothing of one test remains in the next, run ${run}`, async ({ actors, clock, sim }) => {
    assert.ok(Math.abs((await clock.now()).getTime() - Date.now()) < 60_000);
    assert.ok((await sim.messages()).every((message) => message["content"] !== "left over"));
    await actors.robin.send("left over");
    assert.equal((await sim.messages())[0]?.["content"], "left over");
    await actors.new("kim");
    const at = await clock.freeze("2027-03-01T12:00:00.000Z");
    assert.equal((await clock.advance(3_600_000)).getTime() - at.getTime(), 3_600_000);
  });
}

for (const run of [1, 2]) {
  test(`faults end with their test, run ${run}`, async ({ faults }) => {
    assert.deepEqual(await faults.list(), []);
    const once = await faults.add("latency", { ms: 10, path: "/channels/**", method: "POST" });
    await faults.add("rest_5xx", { status: 503, count: null });
    const plan = (await faults.list()).map((fault) => [fault["count"], fault["fired"], fault["kind"].type]);
    assert.deepEqual(plan, [[1, 0, "latency"], [null, 0, "rest_5xx"]]);
    await faults.remove(once);
    assert.equal((await faults.list()).length, 1);
  });
}

test("everything a person does", async ({ actors, expect, sim }) => {
  const { robin, mika } = actors;
  const files = [{ filename: "a.txt", data: "text", spoiler: true }];
  const said = await robin.send("hello", { channel: "#off-topic", files });
  assert.equal(said.attachments[0]?.["size"], 4);
  await robin.edit(said, "hello again");
  await expect.edit(said, { content: "hello again", by: robin });
  await mika.react(said, "👍");
  await expect.reaction("👍", { on: said, by: mika });
  await mika.react(said, "👍", { remove: true });
  await robin.pin(said);
  const answer = await mika.send("hi", { channel: "off-topic", replyTo: said });
  await expect.message({ by: mika, replyTo: said, channel: "off-topic", after: said });
  await mika.delete(answer);
  await expect.deletion(answer);
  await mika.typing();
  await mika.presence("idle");
  const thread = await mika.createThread("a thread");
  await mika.send("in it", { channel: thread["id"] });
  await mika.send("psst", { channel: await mika.openDm(robin) });
  await sim.newRole("Judge", { permissions: "8" });
  const court = await sim.newChannel("court");
  const judge = await actors.new("ada", { nick: "Her Honour", roles: ["Judge"] });
  await judge.send("order", { channel: "court" });
  assert.equal((await expect.message({ by: judge })).channelId, court);
  await mika.leave();
  await textOf(mika.send("gone"), Refused);
});

plain("a missing binary says what to do", async () => {
  const { COGWRIGHT_BIN, PATH } = process.env;
  try {
    process.env["COGWRIGHT_BIN"] = "no/such/file";
    assert.match(await textOf(Server.start(), StartError), /COGWRIGHT_BIN is "no\/such\/file", and there is no such/);
    delete process.env["COGWRIGHT_BIN"];
    process.env["PATH"] = "";
    assert.match(await textOf(Server.start(), StartError), /name the binary in COGWRIGHT_BIN/);
  } finally {
    Object.assign(process.env, { COGWRIGHT_BIN, PATH });
  }
});
