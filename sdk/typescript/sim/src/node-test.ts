// For node:test: `const test = simTest({ bot: ["node", "bot.mjs"] })`.

import { after, test as nodeTest } from "node:test";

import { type Context, Runner, type SimOptions } from "./runner.js";

export type { Context, SimOptions };

/** The longest that ending everything may take. */
const STOP_MS = 20_000;

/** A test with the local Discord's people and expectations. */
export interface SimTest {
  (name: string, body: (context: Context) => unknown): void;
  only(name: string, body: (context: Context) => unknown): void;
  skip(name: string, body: (context: Context) => unknown): void;
}

/** One local Discord for the file, started with the first test and ended after the last. */
export function simTest(options: SimOptions = {}): SimTest {
  const runner = new Runner(options);
  after(() => runner.stop(), { timeout: STOP_MS });
  const define = (how: { only?: boolean; skip?: boolean }): SimTest["only"] => (name, body) => {
    void nodeTest(name, { timeout: runner.timeoutMs, ...how }, () => runner.run(body));
  };
  return Object.assign(define({}), { only: define({ only: true }), skip: define({ skip: true }) });
}
