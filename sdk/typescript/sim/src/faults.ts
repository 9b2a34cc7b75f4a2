// Breaking things on purpose, thin over the control API.

import type { Control, Json } from "./control.js";
import { ControlError } from "./errors.js";

/** Gateway trouble now, or faults that strike by rule. All are cleared before the next test. */
export class Faults {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** Plans a fault, given as the control API's `POST /faults` wants it; answers the plan. */
  async add(fault: Json): Promise<Json> {
    return this.#control.call("POST", "/faults", fault);
  }

  /** The faults that are planned. */
  async list(): Promise<any> {
    return this.#control.call("GET", "/faults");
  }

  /** Forgets all planned faults; a local Discord without planned faults has none to clear. */
  async clear(): Promise<void> {
    try {
      await this.#control.call("DELETE", "/faults");
    } catch (error) {
      if (!(error instanceof ControlError && (error.status === 404 || error.status === 405))) throw error;
    }
  }

  /** Asks every session to reconnect (op 7). */
  async reconnect(): Promise<void> {
    await this.#control.call("POST", "/gateway/send", { op: 7 });
  }

  /** Tells every session that it is invalid (op 9). */
  async invalidate(resumable = false): Promise<void> {
    await this.#control.call("POST", "/gateway/send", { op: 9, resumable });
  }

  /** Closes every connection with a code. */
  async close(code = 4000): Promise<void> {
    await this.#control.call("POST", "/gateway/close", { code });
  }

  /** Leaves the next heartbeats unanswered. */
  async swallowAcks(count: number): Promise<void> {
    await this.#control.call("POST", "/gateway/swallow_acks", { count });
  }
}
