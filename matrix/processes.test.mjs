// Several processes at once: shards of one bot, each in a process of its own, and two bots in one server. The bots
// know nothing of a local Discord. COGWRIGHT_BIN names the binary.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { chosen, here, python } from "./clients.mjs";
import { Sim } from "./sim.mjs";

/** Which shard a guild belongs to, as Discord documents it. */
const shardOf = (guild, count) => Number((BigInt(guild.id) >> 22n) % BigInt(count));

/** A step of a test; what the programs printed is shown when it fails. */
const steps = (programs) => (what, check) => test(what, { timeout: 60_000 }, async () => {
  try {
    await check();
  } catch (error) {
    for (const { output } of programs()) error.message += `\n--- printed:\n${output.slice(-40).join("\n")}`;
    throw error;
  }
});

/** Somebody asks in a guild; the message, and what the bot answers. */
async function ask(sim, guild, text) {
  const after = await sim.now();
  const said = await sim.act("send_message", { user: guild.owner_id, channel: guild.system_channel_id, text });
  const reply = { author: { id: sim.application_id }, message_reference: { message_id: said.id } };
  const { data } = await sim.wait({ event: "MESSAGE_CREATE", data: reply }, after);
  return { said, text: data.content };
}

/** All gateway entries of the journal that `fits` likes. */
async function frames(sim, fits) {
  const all = [];
  for (let after = 0; ;) {
    const { entries } = await sim.call("GET", `/journal?type=gateway&limit=1000&after=${after}`);
    if (entries.length === 0) return all.filter(fits);
    all.push(...entries);
    after = entries.at(-1).seq;
  }
}

/** What the local Discord refused. */
async function refusals(sim) {
  const { entries } = await sim.call("GET", "/journal?type=rest&limit=1000");
  return entries.filter((entry) => entry.status >= 400).map(({ method, path, status }) => `${method} ${path}: ${status}`);
}

/**
 * Every guild's question was told to the session of its shard alone, and answered once. Sessions without a connection,
 * for which events are kept, do not count.
 */
async function answeredOnce(sim, questions, count) {
  const { sessions } = await sim.call("GET", "/gateway");
  const connected = new Set(sessions.filter(({ state }) => state === "connected").map(({ id }) => id));
  const sent = (entry) => entry.direction === "out" && entry.t === "MESSAGE_CREATE" && connected.has(entry.session);
  const told = await frames(sim, sent);
  for (const { guild, said } of questions) {
    const shards = told.filter((entry) => entry.d.id === said.id).map((entry) => entry.shard);
    assert.deepEqual(shards, [[shardOf(guild, count), count]], `who was told of ${said.id}`);
    const answers = new Set(told.map((entry) => entry.d).filter((d) => d.message_reference?.message_id === said.id).map((d) => d.id));
    assert.equal(answers.size, 1, `answers to ${said.id}`);
  }
}

// Mostly they wait for five seconds to pass, so they do it together.
describe("several processes", { concurrency: true }, () => {
  describe("shards in processes of their own, discord.js's ShardingManager", { concurrency: false, skip: !chosen("discord.js") }, () => {
    const GUILDS = 8;
    const SHARDS = 2;
    let sim;
    let guilds;
    const questions = [];
    const step = steps(() => [sim.program]);
    const where = async (guild) => {
      const { said, text } = await ask(sim, guild, "!where");
      questions.push({ guild, said });
      const [, shard, of, pid] = /^shard (\d+) of (\d+), process (\d+)$/.exec(text) ?? assert.fail(text);
      assert.deepEqual([Number(shard), Number(of)], [shardOf(guild, SHARDS), SHARDS], guild.name);
      return Number(pid);
    };
    const of = (shard) => guilds.filter((guild) => shardOf(guild, SHARDS) === shard);
    const processes = [];

    before(async () => {
      const more = ["--guilds", String(GUILDS), "--guilds-per-shard", String(GUILDS / SHARDS)];
      sim = await Sim.exec([process.execPath, "manager.js"], { cwd: join(here, "node"), more });
      ({ guilds } = await sim.call("GET", "/world"));
    });
    after(() => sim?.program.stop());

    step("as many start as GET /gateway/bot recommends", async () => {
      await sim.program.line("the manager", (line) => line === `all ${SHARDS} shards are ready`);
      const { sessions } = await sim.call("GET", "/gateway");
      assert.deepEqual(sessions.map(({ shard }) => shard).sort(), [[0, SHARDS], [1, SHARDS]]);
      const { entries } = await sim.call("GET", "/journal?type=rest&limit=1000");
      const recommended = entries.filter((entry) => entry.operation === "get_bot_gateway");
      assert.ok(recommended.length > 0, "the manager asks, and so do its processes");
      for (const { response } of recommended) assert.equal(response.shards, SHARDS);
    });

    step("each guild is answered by the process of its shard", async () => {
      for (const shard of [0, 1]) {
        assert.equal(of(shard).length, GUILDS / SHARDS);
        const answered = new Set();
        for (const guild of of(shard)) answered.add(await where(guild));
        assert.equal(answered.size, 1);
        processes.push(...answered);
      }
      assert.notEqual(processes[0], processes[1]);
      assert.ok(!processes.includes(sim.program.child.pid));
      await answeredOnce(sim, questions.splice(0), SHARDS);
    });

    step("fetchClientValues adds up, from either shard", async () => {
      for (const shard of [0, 1]) assert.equal((await ask(sim, of(shard)[0], "!total")).text, "4 + 4 = 8 servers");
    });

    step("broadcastEval finds each shard with its own guilds", async () => {
      const all = JSON.parse((await ask(sim, of(1)[0], "!all")).text);
      const ids = (list) => list.map(({ id }) => id).sort();
      assert.deepEqual(all.map((list) => list.sort()), [ids(of(0)), ids(of(1))]);
    });

    step("a process that is killed comes back as the same shard", async () => {
      const after = await sim.now();
      process.kill(processes[1], "SIGKILL");
      await sim.program.line("the manager", (line) => line === `shard 1 has lost process ${processes[1]}`);
      await sim.wait({ type: "gateway", direction: "close", shard: [1, SHARDS] }, after);
      assert.equal(await where(of(0)[0]), processes[0], "the other one goes on");
      const again = (line) => line.startsWith("shard 1 is ready") && !line.endsWith(` ${processes[1]}`);
      const line = await sim.program.line("the manager", again);
      const pid = Number(line.split(" ").at(-1));
      for (const guild of of(1)) assert.equal(await where(guild), pid);
      assert.equal((await ask(sim, of(0)[0], "!total")).text, "4 + 4 = 8 servers");
    });

    step("no question was told or answered twice, and nothing was refused", async () => {
      await answeredOnce(sim, questions, SHARDS);
      assert.deepEqual(await refusals(sim), []);
    });
  });

  describe("shards in two processes, discord.py's AutoShardedClient", { concurrency: false, skip: !chosen("discord.py") }, () => {
    const SHARDS = 4;
    const CONCURRENCY = 2;
    let sim;
    let guilds;
    const bots = [];
    const step = steps(() => bots);

    before(async () => {
      sim = await Sim.start(["--guilds", "12"]);
      ({ guilds } = await sim.call("GET", "/world"));
      await sim.call("PATCH", `/world/applications/${sim.application_id}`, { max_concurrency: CONCURRENCY });
      for (const shards of ["0,1", "2,3"]) {
        const command = [python, "shards.py", shards, String(SHARDS)];
        bots.push(sim.join(command, { cwd: join(here, "python"), token: sim.token }));
      }
    });
    after(async () => {
      await Promise.all(bots.map((bot) => bot.stop()));
      await sim?.program.stop();
    });

    step("each has the guilds of its shards", async () => {
      for (const bot of bots) await bot.line("discord.py", (line) => line === "ready with 6 servers");
      const { sessions } = await sim.call("GET", "/gateway");
      const shards = sessions.filter(({ state }) => state === "connected").map(({ shard }) => shard);
      assert.deepEqual(shards.sort(), [[0, SHARDS], [1, SHARDS], [2, SHARDS], [3, SHARDS]]);
    });

    step("each answers for its guilds only", async () => {
      const questions = [];
      const pids = [new Set(), new Set()];
      for (const guild of guilds) {
        const { said, text } = await ask(sim, guild, "!where");
        const shard = shardOf(guild, SHARDS);
        const [start, pid] = text.split(", process ");
        assert.equal(start, `shard ${shard} of ${SHARDS}`);
        pids[Math.floor(shard / 2)].add(pid);
        questions.push({ guild, said });
      }
      assert.deepEqual(pids.map((set) => set.size), [1, 1]);
      assert.notDeepEqual(pids[0], pids[1]);
      await answeredOnce(sim, questions, SHARDS);
    });

    step("both share the identify buckets: one start for each in five seconds", async () => {
      const at = (entry) => Date.parse(entry.at);
      const identifies = await frames(sim, (entry) => entry.direction === "in" && entry.op === 2);
      const starts = await frames(sim, (entry) => entry.direction === "out" && entry.t === "READY");
      const refused = await frames(sim, (entry) => entry.direction === "out" && entry.op === 9);
      assert.equal(starts.length, SHARDS);
      assert.equal(identifies.length, SHARDS + refused.length, "each is accepted or refused");
      for (let bucket = 0; bucket < CONCURRENCY; bucket += 1) {
        const times = starts.filter(({ shard: [id] }) => id % CONCURRENCY === bucket).map(at).sort((a, b) => a - b);
        assert.equal(times.length, SHARDS / CONCURRENCY);
        assert.ok(times[1] - times[0] >= 4_900, `bucket ${bucket}: ${times[1] - times[0]} ms apart`);
      }
    });
  });

  describe("two bots in one server", { concurrency: false, skip: !(chosen("discord.js") && chosen("discord.py")) }, () => {
    let sim;
    const bots = [];
    let second;
    const step = steps(() => bots);
    const LANGUAGES = ["JavaScript", "Python"];
    const ids = () => [sim.application_id, second.application.id];

    before(async () => {
      sim = await Sim.start();
      const intents = ["message_content"];
      await sim.call("PATCH", `/world/applications/${sim.application_id}`, { privileged_intents: intents });
      second = await sim.call("POST", "/world/applications", { name: "Neighbour", guilds: [sim.guild], privileged_intents: intents });
      bots.push(sim.join([process.execPath, "neighbour.js"], { cwd: join(here, "node"), token: sim.token }));
      bots.push(sim.join([python, "neighbour.py"], { cwd: join(here, "python"), token: second.token }));
      for (const bot of bots) await bot.line("a bot", (line) => line === "ready");
    });
    after(async () => {
      await Promise.all(bots.map((bot) => bot.stop()));
      await sim?.program.stop();
    });

    step("each hears the other as a bot", async () => {
      const after = await sim.now();
      await sim.say("!hello");
      for (const [index, id] of ids().entries()) {
        const content = `hello from ${LANGUAGES[index]}`;
        const { data } = await sim.wait({ event: "MESSAGE_CREATE", data: { content, author: { id } } }, after);
        assert.equal(data.author.bot, true);
        const other = bots[1 - index];
        await other.line("the other bot", (line) => line === `heard the bot ${data.author.username}: ${content}`);
      }
    });

    step("a command goes to the application it belongs to", async () => {
      for (const [index, id] of ids().entries()) {
        const after = await sim.now();
        const result = await sim.act("slash", { channel: sim.channel, name: "greet", application: id });
        assert.equal(result.message.content, `greetings from ${LANGUAGES[index]}`);
        assert.equal(result.message.author.id, id);
        const clicked = await sim.act("click", { message_id: result.message.id, custom_id: "press" });
        assert.equal(clicked.message.content, `pressed in ${LANGUAGES[index]}`);
        const told = await frames(sim, (entry) => entry.seq > after && entry.t === "INTERACTION_CREATE");
        assert.deepEqual(told.map((entry) => entry.application), [id, id], "the command and the button");
        await bots[index].line(LANGUAGES[index], (line) => line === "asked: press");
      }
    });

    step("neither was asked what the other was, and nothing was refused", async () => {
      const asked = (bot) => bot.output.filter((line) => line.startsWith("asked: "));
      for (const bot of bots) assert.deepEqual(asked(bot), ["asked: greet", "asked: press"]);
      assert.deepEqual(await refusals(sim), []);
    });
  });
});
