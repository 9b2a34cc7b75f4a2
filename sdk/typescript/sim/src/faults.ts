// Breaking things on purpose, thin over the control API.

import type { Control, Json } from "./control.js";

/** Which requests and frames a fault hits; everything else given to `add` is the kind's own. */
const MATCH = ["method", "path", "operation", "event", "session", "application"];

export type FaultKind =
  | "rest_429" | "rest_5xx" | "latency" | "op7" | "op9" | "close" | "swallow_acks" | "duplicate_event"
  | "reorder_events" | "drop_event" | "guild_outage" | "expire_interaction" | "invalid_request_ban" | "chaos";

/** Gateway trouble now, and faults that strike by rule. All are cleared before the next test. */
export class Faults {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /**
   * Plans a fault; answers its id. It strikes once unless `count` is given (null: until removed). What it hits:
   * method, path, operation (REST), event, session (gateway), application. The kinds' settings stand in the
   * control API's reference: `faults.add("rest_429", { operation: "create_message", retry_after: 0.2, count: 2 })`.
   */
  async add(kind: FaultKind, options: Json & { count?: number | null } = {}): Promise<string> {
    const { count, ...rest } = options;
    const part = (matching: boolean): Json =>
      Object.fromEntries(Object.entries(rest).filter(([key]) => MATCH.includes(key) === matching));
    const fault = { match: part(true), count, kind: { type: kind, ...part(false) } };
    return (await this.#control.call("POST", "/faults", fault)).id;
  }

  /** The plan: each fault with its `id` and how often it has `fired`. */
  async list(): Promise<Json[]> {
    return (await this.#control.call("GET", "/faults")).faults;
  }

  /** Takes one back. */
  async remove(id: string): Promise<void> {
    await this.#control.call("DELETE", `/faults/${id}`);
  }

  /** Takes all back. */
  async clear(): Promise<void> {
    await this.#control.call("DELETE", "/faults");
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
}
