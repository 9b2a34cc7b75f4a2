// A bot's process beside the local Discord.

import { journalEnd, query } from "./control.js";
import { ControlError, StartError } from "./errors.js";
import { Program } from "./program.js";
import type { Server } from "./server.js";

export interface BotOptions {
  /** Commands that must be registered before tests begin. */
  commands?: readonly string[];
  /** The longest the bot may take, 30 s if absent. */
  withinMs?: number;
  env?: Record<string, string>;
  cwd?: string;
}

/** A running bot. Its output is shown when a test fails. */
export class Bot {
  readonly program: Program;
  readonly #server: Server;

  private constructor(server: Server, program: Program) {
    this.#server = server;
    this.program = program;
  }

  /** The bot's user id, which is its application's too. */
  get id(): string {
    return this.#server.ready.application_id;
  }

  /** See `Server.bot`. */
  static async start(server: Server, command: readonly string[], options: BotOptions): Promise<Bot> {
    const { commands = [], withinMs = 30_000, env, cwd } = options;
    const after = await journalEnd(server.control);
    const environment = { ...process.env, ...server.env, ...env };
    // The runner's own marks would make a Node bot report as if it were a test file.
    delete environment["NODE_TEST_CONTEXT"];
    const program = new Program("the bot", command, { env: environment, ...(cwd !== undefined && { cwd }) });
    const bot = new Bot(server, program);
    server.bots.push(bot);
    try {
      await bot.#awaitReady(after, commands, withinMs);
    } catch (error) {
      await bot.stop();
      throw error;
    }
    return bot;
  }

  async #awaitReady(after: number, commands: readonly string[], withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    let missing = "a gateway session";
    for (;;) {
      if (await this.#connected(after)) {
        const registered = await this.#registered();
        const unknown = commands.filter((name) => !registered.includes(name));
        if (unknown.length === 0) return;
        missing = `the commands ${unknown.join(", ")} (registered: ${registered.join(", ") || "none"})`;
      }
      if (this.program.ending) {
        throw new StartError(this.program.report(`the bot ended before it was ready; missing: ${missing}`));
      }
      if (Date.now() >= deadline) {
        const what = `the bot was not ready within ${withinMs} ms; missing: ${missing}${await this.#stray(after)}`;
        throw new StartError(this.program.report(what));
      }
      await this.#nextRequest();
    }
  }

  async #connected(after: number): Promise<boolean> {
    const path = `/journal${query({ after, limit: 1000, type: "gateway", application: this.id })}`;
    const { entries } = await this.#server.control.call("GET", path);
    return entries.some((entry: any) => entry.direction === "out" && entry.t === "READY");
  }

  async #registered(): Promise<string[]> {
    const { user, channel } = this.#server.ready;
    const commands = await this.#server.control.call("GET", `/view/${user}/channels/${channel}/commands`);
    return commands.map((command: any) => command.name);
  }

  /** Until the bot's next request, or a quarter of a second: the end of its process is noticed in between. */
  async #nextRequest(): Promise<void> {
    const body = { match: { type: "rest" }, after: await journalEnd(this.#server.control), timeout_ms: 250 };
    try {
      await this.#server.control.call("POST", "/wait", body, 250);
    } catch (error) {
      if (!(error instanceof ControlError && error.code === "timeout")) throw error;
    }
  }

  async #stray(after: number): Promise<string> {
    const { entries } = await this.#server.control.call("GET", `/journal${query({ after, limit: 1, type: "rest" })}`);
    if (entries.length > 0) return "";
    return (
      "\nThe bot sent no request here: is its library pointed at the local Discord? discord.js is by itself; for " +
      "others COGWRIGHT_API_BASE and COGWRIGHT_GATEWAY_URL are in the bot's environment."
    );
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.program.stop();
    const at = this.#server.bots.indexOf(this);
    if (at >= 0) this.#server.bots.splice(at, 1);
  }
}
