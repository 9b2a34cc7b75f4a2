// What the adapters for test runners share: one local Discord a file, a fresh place for each test, good failures.

import type { Bot, BotOptions } from "./bots.js";
import type { Clock } from "./clock.js";
import type { Expect } from "./expect.js";
import type { Faults } from "./faults.js";
import type { Actors } from "./people.js";
import { Server } from "./server.js";
import { HEADLINE } from "./story.js";
import { Sim } from "./world.js";

export interface SimOptions extends BotOptions {
  /** The bot's command line; without one the tests start their own, with `server.bot`. */
  bot?: readonly string[];
  /** How long a bot lives: "file" (the default; each test gets a new guild) or "test" (each gets a new world). */
  per?: "file" | "test";
  /** The longest a test may take in milliseconds, 60,000 if absent. */
  timeoutMs?: number;
}

/** What a test gets. */
export interface Context {
  server: Server;
  sim: Sim;
  actors: Actors;
  expect: Expect;
  clock: Clock;
  faults: Faults;
  bot: Bot | undefined;
}

/** The longest a test may take. */
const TEST_MS = 60_000;

/** The local Discord of one test file. */
export class Runner {
  readonly timeoutMs: number;
  readonly #options: SimOptions;
  #started: Promise<Server> | undefined;

  constructor(options: SimOptions) {
    this.#options = options;
    this.timeoutMs = options.timeoutMs ?? TEST_MS;
  }

  /** Runs a test's body. What went wrong in starting fails every test of the file at once. */
  async run(body: (context: Context) => unknown): Promise<void> {
    const server = await (this.#started ??= this.#start());
    const longer = new Set(server.bots);
    const sim = await Sim.begin(server);
    try {
      if (this.#options.per === "test" && this.#options.bot) await server.bot(this.#options.bot, this.#options);
      const { actors, expect, clock, faults } = sim;
      await body({ server, sim, actors, expect, clock, faults, bot: server.bots[0] });
    } catch (error) {
      throw await withStory(error, sim);
    } finally {
      for (const bot of server.bots.filter((candidate) => !longer.has(candidate))) await bot.stop();
    }
  }

  async #start(): Promise<Server> {
    const server = await Server.start();
    const { bot, per } = this.#options;
    try {
      if (bot && per !== "test") await server.bot(bot, this.#options);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    const server = await this.#started?.catch(() => undefined);
    await server?.stop();
  }
}

/** The error with what happened in the local Discord, unless it has said so itself. */
async function withStory(error: unknown, sim: Sim): Promise<unknown> {
  if (!(error instanceof Error) || error.message.includes(HEADLINE)) return error;
  const story = await sim.story().catch((reason) => sim.server.program.report(`The local Discord (${reason}):`));
  const before = error.message;
  error.message = `${before}\n\n${story}`;
  // Runners print the stack, which holds the message as it was at first.
  if (error.stack) error.stack = before ? error.stack.replace(before, () => error.message) : `${error.stack}\n${story}`;
  return error;
}
