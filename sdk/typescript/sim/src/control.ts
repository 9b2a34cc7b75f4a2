// The control API over HTTP; every call is bounded.

import { ControlError, Refused } from "./errors.js";

/** A JSON object. */
export type Json = Record<string, any>;

/** Milliseconds a call may take beyond the time it was asked to wait. */
const PATIENCE_MS = 15_000;

/** Calls to one local Discord. `url` is the `control_url` of its ready line. */
export class Control {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /**
   * One call, e.g. `await control.call("POST", "/clock/advance", { ms: 1000 })`; answers the JSON.
   * `waitsMs` says how long the call itself may rightly take.
   */
  async call(method: string, path: string, body?: unknown, waitsMs = 0): Promise<any> {
    const call = `${method} ${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url + path, {
        method,
        signal: AbortSignal.timeout(waitsMs + PATIENCE_MS),
        ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      const why = error instanceof Error ? String(error.cause ?? error.message) : String(error);
      throw new ControlError(call, 0, "unreachable", `the local Discord at ${this.url} does not answer: ${why}`, {
        cause: error,
      });
    }
    return read(call, response.status, text);
  }
}

function read(call: string, status: number, text: string): unknown {
  let answer: any;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new ControlError(call, status, "unexpected", `an answer without JSON: ${text.slice(0, 200)}`);
  }
  if (status < 400) return answer;
  const error = answer?.error ?? {};
  let reason = error.field ? `${error.field}: ${error.message}` : String(error.message);
  if (error.discord) {
    if (error.discord.errors) reason += `\n${JSON.stringify(error.discord.errors)}`;
    throw new Refused(call, status, reason, error.discord);
  }
  throw new ControlError(call, status, String(error.code), reason);
}

/** `?a=1&b=2` of the parameters that are given. */
export function query(params: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value !== undefined) given.set(key, String(value));
  return `?${given}`;
}

/** A journal number no journal reaches: asking for what comes after it answers only where the journal stands. */
const END = Number.MAX_SAFE_INTEGER;

/** The journal's present end, to look from there on. */
export async function journalEnd(control: Control): Promise<number> {
  return (await control.call("GET", `/journal${query({ after: END, limit: 1 })}`)).last;
}
