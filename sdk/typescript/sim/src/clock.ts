// World time: what ids, timestamps, interaction windows and daily limits go by.

import type { Control } from "./control.js";

/** Freezes, moves and frees world time. Timers inside the bot's own process are not touched by it. */
export class Clock {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** World time at this moment. */
  async now(): Promise<Date> {
    return when(await this.#control.call("GET", "/clock"));
  }

  /** Stops world time at a moment, or where it stands. */
  async freeze(at?: Date | string): Promise<Date> {
    const iso = at instanceof Date ? at.toISOString() : at;
    return when(await this.#control.call("POST", "/clock/freeze", iso === undefined ? {} : { at: iso }));
  }

  /** Moves world time ahead, by milliseconds. */
  async advance(ms: number): Promise<Date> {
    return when(await this.#control.call("POST", "/clock/advance", { ms: Math.round(ms) }));
  }

  /** Lets world time flow again from where it stands. */
  async run(): Promise<Date> {
    return when(await this.#control.call("POST", "/clock/run", {}));
  }
}

function when(clock: { now_ms: number }): Date {
  return new Date(clock.now_ms);
}
