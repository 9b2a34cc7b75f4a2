// Drives the scripted bot of each client library against `cogwright sim` and checks every step from the other
// side, through the control API. Node's own modules only. COGWRIGHT_BIN names the binary.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { CLIENTS, FOLDERS, chosen, here } from "./clients.mjs";
import { Program } from "./program.mjs";
import { Sim, guildOf } from "./sim.mjs";

for (const name of Object.keys(CLIENTS).filter(chosen)) {
  describe(name, { concurrency: false }, () => {
    let sim;
    let bot;

    before(async () => {
      sim = await Sim.start();
      const [command, ...args] = CLIENTS[name];
      bot = new Program(command, args, {
        cwd: join(here, FOLDERS[name]),
        env: {
          ...process.env,
          DISCORD_TOKEN: sim.token,
          SIM_API_BASE: sim.api_base,
          SIM_GATEWAY_URL: sim.gateway_url,
          SIM_CDN_BASE: sim.cdn_base,
        },
      });
      await bot.line(name, (line) => line === "ready");
    });

    after(async () => {
      await bot?.stop();
      await sim?.program.stop();
    });

    /** A step; what the bot printed is shown when it fails. */
    const step = (what, check) => test(what, { timeout: 60_000 }, async () => {
      try {
        await check();
      } catch (error) {
        error.message += `\n--- ${name} printed:\n${bot?.output.slice(-40).join("\n")}`;
        throw error;
      }
    });

    step("a message is answered, edited and reacted to", async () => {
      const after = await sim.now();
      const said = await sim.say("!ping");
      const reply = await sim.message("pong", after);
      assert.equal(reply.message_reference.message_id, said.id);
      const edited = await sim.message("pong, edited", after, "MESSAGE_UPDATE");
      assert.equal(edited.id, reply.id);
      assert.ok(edited.edited_timestamp);
      const { data } = await sim.wait({ event: "MESSAGE_REACTION_ADD", data: { message_id: said.id } }, after);
      assert.equal(data.user_id, sim.application_id);
      assert.equal(data.emoji.name, "👍");
    });

    step("a slash command gets its options, resolved", async () => {
      const { guild } = await guildOf(sim);
      const owner = guild.members.find((member) => member.user.id === sim.user);
      const result = await sim.slash("echo", { text: "hello", times: 3, who: sim.user });
      assert.equal(result.kind, "message");
      assert.equal(result.message.content, `hello x3 for ${owner.user.username}`);
      assert.equal(result.ephemeral, false);
      assert.equal(result.message.interaction_metadata.user.id, sim.user);
    });

    step("autocomplete", async () => {
      const result = await sim.act("autocomplete", { channel: sim.channel, name: "echo", focused: "text", text: "ab" });
      assert.equal(result.kind, "choices");
      assert.deepEqual(result.choices.map((choice) => choice.value), ["ab-one", "ab-two"]);
    });

    step("a button updates its message", async () => {
      const { message } = await sim.slash("panel");
      assert.equal(message.content, "panel");
      const result = await sim.act("click", { message_id: message.id, custom_id: "press" });
      assert.equal(result.kind, "update");
      assert.equal(result.message.id, message.id);
      assert.equal(result.message.content, "pressed");
    });

    step("each of the five selects", async () => {
      const { world, guild } = await guildOf(sim);
      const { message } = await sim.slash("selects");
      const role = guild.roles.find((candidate) => candidate.id !== guild.id);
      const person = world.users.find((user) => user.id !== sim.user && !user.bot);
      const picks = [
        ["pick-string", "green"], ["pick-user", person.id], ["pick-role", role.id],
        ["pick-mentionable", role.id], ["pick-channel", sim.channel],
      ];
      for (const [custom_id, value] of picks) {
        const result = await sim.act("select", { message_id: message.id, custom_id, values: [value] });
        assert.equal(result.kind, "message", custom_id);
        assert.equal(result.message.content, `picked ${custom_id}: ${value}`);
      }
    });

    step("a modal opens and is submitted", async () => {
      const opened = await sim.slash("form");
      assert.equal(opened.kind, "modal");
      assert.equal(opened.modal.title, "Form");
      const values = { answer: "forty-two" };
      const result = await sim.act("submit_modal", { interaction: opened.interaction, custom_id: "form", values });
      assert.equal(result.kind, "message");
      assert.equal(result.message.content, "form: forty-two");
    });

    step("an ephemeral answer", async () => {
      const result = await sim.slash("secret");
      assert.equal(result.ephemeral, true);
      assert.equal(result.message.content, "secret");
      assert.equal(result.message.flags & 64, 64);
      const history = await sim.call("GET", `/view/${sim.user}/channels/${sim.channel}/messages?limit=10`);
      assert.ok(history.every((message) => message.content !== "secret"), "it vanishes on reload");
    });

    step("a deferred answer, its edit and a follow-up", async () => {
      const after = await sim.now();
      const result = await sim.slash("slow");
      assert.equal(result.kind, "deferred");
      const done = await sim.message("slow, done", after, "MESSAGE_UPDATE");
      assert.equal(done.id, result.message.id);
      assert.equal((done.flags ?? 0) & 128, 0, "no longer thinking");
      const more = await sim.message("slow, and more", after);
      assert.notEqual(more.id, done.id);
    });

    step("a direct message", async () => {
      const after = await sim.now();
      await sim.say("!dm");
      const message = await sim.message("hello in private", after);
      assert.equal(message.guild_id, undefined);
      assert.notEqual(message.channel_id, sim.channel);
    });

    step("a direct message is answered", async () => {
      const dm = await sim.act("open_dm", { recipient: sim.application_id });
      const after = await sim.now();
      await sim.say("!ping", dm.id);
      assert.equal((await sim.message("pong", after)).channel_id, dm.id);
    });

    step("a message is forwarded, and a forward is read", async () => {
      const after = await sim.now();
      const said = await sim.say("!forward");
      const forward = await sim.message("", after);
      assert.deepEqual(
        [forward.message_reference.type, forward.message_reference.message_id],
        [1, said.id],
      );
      assert.equal(forward.message_snapshots[0].message.content, "!forward");
      await sim.act("send_message", { channel: sim.channel, forward: said.id });
      await sim.message("forwarded: !forward", after);
    });

    step("member chunks", async () => {
      // A library may have asked for the list at its start; the next is allowed after 30 s.
      await sim.call("POST", "/clock/advance", { ms: 30_000 });
      const { guild } = await guildOf(sim);
      const after = await sim.now();
      await sim.say("!members");
      await sim.message(`members: ${guild.members.length}`, after);
      await sim.wait({ type: "gateway", direction: "in", op: 8 }, after);
      await sim.wait({ type: "gateway", direction: "out", t: "GUILD_MEMBERS_CHUNK" }, after);
    });

    step("resumes after op 7 and misses nothing", async () => {
      const before = await sim.call("GET", "/gateway");
      const after = await sim.now();
      await sim.call("POST", "/gateway/send", { op: 7 });
      await sim.wait({ type: "gateway", direction: "close" }, after);
      const said = await sim.say("!ping");
      const resumed = await sim.wait({ type: "gateway", direction: "out", t: "RESUMED" }, after);
      assert.equal(resumed.session, before.sessions[0].id, "the same session");
      const reply = await sim.message("pong", after);
      assert.equal(reply.message_reference.message_id, said.id);
    });

    step("nothing was refused or missing", async () => {
      const { entries } = await sim.call("GET", "/journal?type=rest&limit=1000");
      const bad = entries.filter((entry) => entry.status >= 400);
      assert.deepEqual(bad.map(({ method, path, status, response }) => ({ method, path, status, response })), []);
    });
  });
}
