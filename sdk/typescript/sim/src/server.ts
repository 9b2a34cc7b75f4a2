// The local Discord's process: found, started on a free port, awaited, ended.

import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Bot, type BotOptions } from "./bots.js";
import { Control } from "./control.js";
import { StartError } from "./errors.js";
import { Program } from "./program.js";

/** Milliseconds the local Discord may take to say its first line. */
const START_MS = 30_000;

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The binary named by COGWRIGHT_BIN, or `cogwright` on PATH. */
export function findBinary(): string {
  const named = process.env["COGWRIGHT_BIN"];
  if (named) {
    if (executable(named)) return resolve(named);
    throw new StartError(`COGWRIGHT_BIN is "${named}", and there is no such program (relative to ${process.cwd()})`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const found = folders.map((folder) => join(folder, "cogwright")).find(executable);
  if (found) return found;
  throw new StartError("there is no `cogwright` on PATH: install it, or name the binary in COGWRIGHT_BIN");
}

/** The ready line of `cogwright sim`. */
interface Ready {
  api_base: string;
  gateway_url: string;
  cdn_base: string;
  control_url: string;
  application_id: string;
  token: string;
  guild: string;
  channel: string;
  user: string;
}

/** A running `cogwright sim`, with the addresses and ids of its ready line. */
export class Server {
  readonly program: Program;
  readonly ready: Readonly<Ready>;
  readonly control: Control;
  readonly bots: Bot[] = [];

  private constructor(program: Program, ready: Ready) {
    this.program = program;
    this.ready = ready;
    this.control = new Control(ready.control_url);
  }

  /** Starts one on a free port; `args` are further arguments of `cogwright sim`. */
  static async start(args: readonly string[] = []): Promise<Server> {
    const program = new Program("the local Discord", [findBinary(), "sim", "--port", "0", "--fresh", ...args]);
    try {
      return new Server(program, JSON.parse(await program.line((line) => line.startsWith("{"), START_MS)));
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  /** What a bot's process needs in its environment; an unmodified discord.js finds its way by it. */
  get env(): Record<string, string> {
    const shim = fileURLToPath(new URL("../shim/shim.cjs", import.meta.url)).replace(/[\\"]/g, "\\$&");
    return {
      DISCORD_TOKEN: this.ready.token,
      COGWRIGHT_API_BASE: this.ready.api_base,
      COGWRIGHT_GATEWAY_URL: this.ready.gateway_url,
      COGWRIGHT_CDN_BASE: this.ready.cdn_base,
      COGWRIGHT_CONTROL_URL: this.ready.control_url,
      NODE_OPTIONS: `--require "${shim}" ${process.env["NODE_OPTIONS"] ?? ""}`.trim(),
    };
  }

  /** Starts a bot's process and waits until it is connected and has registered its commands. */
  async bot(command: readonly string[], options: BotOptions = {}): Promise<Bot> {
    return Bot.start(this, command, options);
  }

  /** Whether bots were started and none of them runs any more. */
  botsEnded(): boolean {
    return this.bots.length > 0 && this.bots.every((bot) => bot.program.ending !== undefined);
  }

  /** Ends the bots and the local Discord. */
  async stop(): Promise<void> {
    for (const bot of [...this.bots]) await bot.stop();
    await this.program.stop();
  }
}
