// A child process whose output is kept for the report of a failure.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { StartError } from "./errors.js";

/** Lines of output that are kept. */
const KEPT_LINES = 400;
/** Lines of output that a report shows. */
const SHOWN_LINES = 30;
/** Milliseconds a program gets to end after SIGTERM before it is killed. */
const GRACE_MS = 5000;

/** Terminal colours, which would only be noise in a report. */
const COLOURS = /\x1b\[[0-9;]*m/g;

const running = new Set<Program>();

// A runner that ends early must not leave programs behind.
process.on("exit", () => {
  for (const program of running) program.kill();
});

export interface ProgramOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** A running program; `stop` ends it. */
export class Program {
  readonly output: string[] = [];
  /** How many lines it has printed in all. */
  printed = 0;
  readonly exited: Promise<void>;
  /** How it ended, or undefined while it runs. */
  ending: string | undefined;
  readonly #name: string;
  readonly #command: readonly string[];
  readonly #child: ChildProcess;
  #watchers: (() => void)[] = [];

  constructor(name: string, command: readonly string[], options: ProgramOptions = {}) {
    this.#name = name;
    this.#command = command;
    const [file = "", ...args] = command;
    this.#child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    running.add(this);
    this.exited = new Promise((done) => {
      const end = (how: string): void => {
        this.ending = how;
        running.delete(this);
        this.#changed();
        done();
      };
      // "close" comes when the output has been read to its end as well.
      this.#child.once("close", (code, signal) => end(`ended with ${code === null ? signal : `exit code ${code}`}`));
      this.#child.once("error", (error) => end(`could not be started: ${error.message}`));
    });
    this.#read(this.#child.stdout);
    this.#read(this.#child.stderr);
  }

  #read(stream: Readable | null): void {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      this.output.push(line.replace(COLOURS, ""));
      this.printed += 1;
      if (this.output.length > KEPT_LINES) this.output.shift();
      this.#changed();
    });
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }

  /** The first line that `accept` likes, among those kept and those to come within so many milliseconds. */
  async line(accept: (line: string) => boolean, withinMs: number): Promise<string> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#changed();
    }, withinMs);
    try {
      for (;;) {
        const found = this.output.find(accept);
        if (found !== undefined) return found;
        if (this.ending) throw new StartError(this.report(`${this.#name} ended before it was ready`));
        if (late) throw new StartError(this.report(`${this.#name} was not ready within ${withinMs} ms`));
        await new Promise<void>((done) => this.#watchers.push(done));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** `what`, the command, whether it runs, and the last lines it printed, without its first `since`. */
  report(what: string, since = 0): string {
    const fresh = Math.min(this.printed - since, SHOWN_LINES);
    const tail = (fresh > 0 ? this.output.slice(-fresh) : []).map((line) => `  ${line}`);
    const heading = since > 0 ? "what it printed since then:" : "its last lines:";
    const state = this.ending ?? "still running";
    const printed = tail.length > 0 ? tail.join("\n") : "  (nothing)";
    return `${what}\ncommand: ${this.#command.join(" ")} (${state})\n${heading}\n${printed}`;
  }

  /** Ends it by force, without waiting. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends it: politely first, then by force. */
  async stop(): Promise<void> {
    if (this.ending) return;
    this.#child.kill("SIGTERM");
    const hard = setTimeout(() => this.kill(), GRACE_MS);
    await this.exited;
    clearTimeout(hard);
  }
}
