// What can go wrong, each with a text that says what to do.

import type { Json } from "./control.js";

/** A program did not start, or not in time. */
export class StartError extends Error {
  override name = "StartError";
}

/** The control API refused a call; `code` is its own word ("bad_request", "not_found", "timeout", ...). */
export class ControlError extends Error {
  override name = "ControlError";
  readonly call: string;
  readonly status: number;
  readonly code: string;
  readonly reason: string;

  constructor(call: string, status: number, code: string, reason: string, options?: ErrorOptions) {
    super(`${call}: ${reason} (${status} ${code})`, options);
    this.call = call;
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}

/** Discord's own rules refuse what a person tried. `discord` is Discord's error body. */
export class Refused extends ControlError {
  override name = "Refused";
  readonly discord: Json;

  constructor(call: string, status: number, reason: string, discord: Json, hint = "") {
    super(call, status, "discord", hint ? `${reason}\n${hint}` : reason);
    this.discord = discord;
  }

  /** Discord's error code, e.g. 50013. */
  get discordCode(): number {
    return Number(this.discord["code"] ?? 0);
  }
}

/** What was awaited did not come (or came although it should not). The text shows what came instead. */
export class ExpectationError extends Error {
  override name = "ExpectationError";
}

/** The bot did not answer an interaction in time. */
export class NoAnswer extends ExpectationError {
  override name = "NoAnswer";
}
