// Bots that know nothing of a local Discord, under `cogwright sim exec`: the smallest ones, and one a library as
// people write them, with the library's own waiting and collecting. COGWRIGHT_BIN names the binary.

import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";

import { FOLDERS, chosen, here, python } from "./clients.mjs";
import { Program } from "./program.mjs";
import { Sim, guildOf } from "./sim.mjs";

describe("unmodified bots under `cogwright sim exec`", { concurrency: false }, () => {
  const bots = {
    "case 55: discord.py": ["discord.py", python, "unmodified.py"],
    "case 55: discord.js": ["discord.js", process.execPath, "unmodified.js"],
    "case 55: discord.js from an ES module": ["discord.js", process.execPath, "unmodified.mjs"],
  };
  for (const [name, [library, command, file]] of Object.entries(bots)) {
    test(name, { timeout: 90_000, skip: !chosen(library) }, async () => {
      const env = { ...process.env };
      // The bot logs in with what `sim exec` gives it.
      delete env.DISCORD_TOKEN;
      const args = ["sim", "exec", "--port", "0", "--", command, file];
      const run = new Program(resolve(process.env.COGWRIGHT_BIN), args, { cwd: join(here, FOLDERS[library]), env });
      try {
        const line = await run.line(name, (text) => text.startsWith("logged in as "));
        assert.match(line, /^logged in as .+ in 1 guild$/);
        assert.equal(await run.exited, "ended with 0", run.output.join("\n"));
      } finally {
        await run.stop();
      }
      assert.doesNotMatch(run.output.join("\n"), /no known library/);
    });
  }
});

const WORKSHOPS = {
  "discord.py": [python, "workshop.py"],
  "discord.js": [process.execPath, "workshop.js"],
};

for (const [library, command] of Object.entries(WORKSHOPS).filter(([name]) => chosen(name))) {
  describe(`case 55: a whole bot, ${library}`, { concurrency: false }, () => {
    let sim;
    let guest;

    before(async () => {
      sim = await Sim.exec(command, { cwd: join(here, FOLDERS[library]) });
      await sim.program.line(library, (line) => line === "ready");
      const { world } = await guildOf(sim);
      guest = world.users.find((user) => user.id !== sim.user && !user.bot);
    });

    after(() => sim?.program.stop());

    const step = (what, check) => test(what, { timeout: 60_000 }, async () => {
      try {
        await check();
      } catch (error) {
        error.message += `\n--- ${library} printed:\n${sim?.program.output.slice(-40).join("\n")}`;
        throw error;
      }
    });
    const clicked = (body, user = sim.user) => sim.act("click", { ...body, user });

    step("a command with a choice that completes, a member and a default", async () => {
      const typed = { channel: sim.channel, name: "lend", focused: "tool", text: "sa" };
      const { choices } = await sim.act("autocomplete", typed);
      assert.deepEqual(choices.map((choice) => choice.value), ["saw", "sander"]);
      const { message } = await sim.slash("lend", { tool: "saw", to: guest.id });
      assert.equal(message.content, `saw to ${guest.global_name ?? guest.username} for 3 days`);
    });

    step("select, button and modal on one message, for its owner only", async () => {
      const opened = await sim.slash("shelf", library === "discord.py" ? { list: {} } : undefined);
      const { id: message_id } = opened.message;
      const tool = { message_id, custom_id: "tool", values: ["sander"] };
      const refused = await sim.act("select", { ...tool, user: guest.id });
      assert.deepEqual([refused.message.content, refused.ephemeral], ["Not your shelf.", true]);
      const chosenOne = await sim.act("select", tool);
      assert.equal(chosenOne.message.content, "chosen: sander");
      const form = await clicked({ message_id, custom_id: "order" });
      assert.equal(form.kind, "modal");
      const values = { [form.modal.components[0].components?.[0].custom_id ?? form.modal.components[0].component.custom_id]: "2" };
      const sent = await sim.act("submit_modal", { interaction: form.interaction, custom_id: form.modal.custom_id, values });
      assert.equal(sent.message.id, message_id);
      assert.equal(sent.message.content, "ordered 2 x sander");
      assert.deepEqual(sent.message.components, []);
    });

    step("waits for the next message of the same person", async () => {
      const after = await sim.now();
      await sim.say("!quiz");
      await sim.message("What is 6 times 7?", after);
      await sim.act("send_message", { channel: sim.channel, text: "41", user: guest.id });
      await sim.say("42");
      await sim.message("right", after);
    });

    step("waits for a reaction", async () => {
      const after = await sim.now();
      await sim.say("!vote");
      const ballot = await sim.message("vote", after);
      await sim.wait({ event: "MESSAGE_REACTION_ADD", data: { message_id: ballot.id } }, after);
      await sim.act("react", { message_id: ballot.id, emoji: "✅", user: guest.id });
      const edited = await sim.message(`${guest.username} voted`, after, "MESSAGE_UPDATE");
      assert.equal(edited.id, ballot.id);
    });

    step("asks for all members", async () => {
      const { guild } = await guildOf(sim);
      const bots = guild.members.filter((member) => member.user.bot).length;
      const after = await sim.now();
      await sim.say("!everyone");
      await sim.message(`${guild.members.length} members, ${bots} of them bots`, after);
      await sim.wait({ type: "gateway", direction: "out", t: "GUILD_MEMBERS_CHUNK" }, after);
    });

    if (library === "discord.py") {
      step("hybrid commands by prefix: the same answer, converters, refusals, a subcommand", async () => {
        const said = async (text, answer) => {
          const after = await sim.now();
          await sim.say(text);
          await sim.message(answer, after);
        };
        await said(`!lend saw ${guest.username} 5`, `saw to ${guest.global_name ?? guest.username} for 5 days`);
        await said(`!lend saw ${guest.username} 99`, "refused: RangeError");
        await said("!lend saw nobody", "refused: MemberNotFound");
        await said("!shelf count", "3 tools");
        assert.equal((await sim.slash("shelf", { count: {} })).message.content, "3 tools");
      });
    } else {
      step("awaits one component", async () => {
        const after = await sim.now();
        await sim.say("!confirm");
        const asked = await sim.message("sure?", after);
        await clicked({ message_id: asked.id, custom_id: "sure" });
        const edited = await sim.message("confirmed", after, "MESSAGE_UPDATE");
        assert.equal(edited.id, asked.id);
      });
    }

    step("nothing was refused or missing", async () => {
      const { entries } = await sim.call("GET", "/journal?type=rest&limit=1000");
      const bad = entries.filter((entry) => entry.status >= 400);
      assert.deepEqual(bad.map(({ method, path, status, response }) => ({ method, path, status, response })), []);
    });
  });
}
