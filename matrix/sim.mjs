// A local Discord for a test: started, driven through its control API, and stopped.

import assert from "node:assert/strict";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Program } from "./program.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** `cogwright sim` and its control API. */
export class Sim {
  static async start(more = []) {
    const binary = process.env.COGWRIGHT_BIN;
    assert.ok(binary, "COGWRIGHT_BIN names the binary");
    const sim = new Sim();
    sim.program = new Program(resolve(binary), ["sim", "--port", "0", "--fresh", ...more], { cwd: here });
    Object.assign(sim, JSON.parse(await sim.program.line("cogwright sim", (line) => line.startsWith("{"))));
    return sim;
  }

  /** `cogwright sim exec -- COMMAND`: a bot that knows nothing of it, on a local Discord of its own. */
  static async exec(command, { cwd, more = [] }) {
    const env = { ...process.env };
    // The bot logs in with what `sim exec` gives it.
    delete env.DISCORD_TOKEN;
    const sim = new Sim();
    const args = ["sim", "exec", "--port", "0", ...more, "--", ...command];
    sim.program = new Program(resolve(process.env.COGWRIGHT_BIN), args, { cwd, env });
    const told = await sim.program.line("sim exec", (line) => line.startsWith("cogwright: local Discord at "));
    sim.control_url = `${told.split(" ")[4]}/_sim/v1`;
    Object.assign(sim, await sim.call("GET", "/health"));
    return sim;
  }

  /** A further bot, or a further process of one, on this local Discord: `cogwright sim exec --local`. */
  join(command, { cwd, token }) {
    const env = { ...process.env, DISCORD_TOKEN: token };
    const args = ["sim", "exec", "--local", new URL(this.control_url).host, "--", ...command];
    return new Program(resolve(process.env.COGWRIGHT_BIN), args, { cwd, env });
  }

  async call(method, path, body) {
    const response = await fetch(this.control_url + path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json();
    assert.ok(response.ok, `${method} ${path} ${JSON.stringify(body)}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  act(name, body) {
    return this.call("POST", `/actor/${name}`, { user: this.user, ...body });
  }

  say(text, channel = this.channel) {
    return this.act("send_message", { channel, text });
  }

  slash(name, options) {
    return this.act("slash", { channel: this.channel, name, ...(options && { options }) });
  }

  /** The journal's present end, to wait for what comes after it. */
  async now() {
    return (await this.call("GET", "/journal?limit=1&after=9007199254740991")).last;
  }

  async wait(match, after) {
    return (await this.call("POST", "/wait", { match, after, timeout_ms: 20_000 })).entry;
  }

  /** Waits for a message of the bot. */
  async message(content, after, event = "MESSAGE_CREATE") {
    const entry = await this.wait({ event, data: { content, author: { id: this.application_id } } }, after);
    return entry.data;
  }
}

export async function guildOf(sim) {
  const world = await sim.call("GET", "/world");
  return { world, guild: world.guilds.find((guild) => guild.id === sim.guild) };
}
