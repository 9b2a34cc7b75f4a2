// Awaiting what a bot does. Every wait is bounded; a failure shows what came instead.

import { type Json } from "./control.js";
import { ControlError, ExpectationError } from "./errors.js";
import { type MessageLike, Person, idOf } from "./people.js";
import { byDiscord, messageLine, tell } from "./story.js";
import { Interaction, Message } from "./things.js";
import type { Sim } from "./world.js";

/** Real milliseconds an expectation waits if not told otherwise. */
const PATIENCE_MS = 5000;
/** The longest that one call of the control API waits; between calls the end of the bot is noticed. */
const MAX_WAIT_MS = 1000;

/** How long, and by whom: the bot if absent. */
interface Common {
  by?: Person | string;
  withinMs?: number;
}

export interface EditWanted extends Common {
  /** The whole text, or a pattern of it. */
  content?: string | RegExp;
  /** A part of the text. */
  contains?: string;
  /** A check of one's own. */
  where?: (message: Message) => boolean;
}

export interface MessageWanted extends EditWanted {
  /** Only in this channel, by id or name. */
  channel?: string;
  replyTo?: MessageLike;
  /** Only newer than this one. */
  after?: Message;
}

/** One thing an event must fulfil; `wrong` says what is wrong with an event. */
interface Condition {
  label: string;
  wrong: (data: Json) => string | undefined;
}

/**
 * Expectations of one test; only what happens after the test began counts. Each event satisfies one expectation,
 * in whatever order they are awaited: two equal replies need two expectations.
 */
export class Expect {
  readonly #sim: Sim;
  readonly #mark: number;
  readonly #used = new Set<number>();
  readonly #shown = new Map<string, number>();

  constructor(sim: Sim, mark: number) {
    this.#sim = sim;
    this.#mark = mark;
  }

  /** The next message of the bot (or of `by`) that fits, in any channel unless one is given. */
  async message(wanted: MessageWanted | string = {}): Promise<Message> {
    const { channel, replyTo, after, ...rest } = typeof wanted === "string" ? { content: wanted } : wanted;
    const conditions = texts(rest);
    if (channel !== undefined) {
      conditions.push(equal("in channel", this.#sim.channel(channel), (data) => data["channel_id"]));
    }
    if (replyTo !== undefined) {
      conditions.push(equal("a reply to", idOf(replyTo), (data) => data["message_reference"]?.message_id));
    }
    if (after !== undefined) {
      const newer = (data: Json): boolean => BigInt(data["id"]) > BigInt(after.id);
      conditions.push({ label: `after message ${after.id}`, wrong: (data) => (newer(data) ? undefined : "it is older") });
    }
    const author = { id: this.#author(rest.by) };
    return new Message(await this.#await("MESSAGE_CREATE", { author }, "a message", author.id, conditions, rest.withinMs));
  }

  /** The bot's reply to a message. */
  async reply(to: MessageLike, wanted: MessageWanted | string = {}): Promise<Message> {
    return this.message({ ...(typeof wanted === "string" ? { content: wanted } : wanted), replyTo: to });
  }

  /** The next edit of a message (of any, without one). The answer after "thinking" is such an edit. */
  async edit(of?: MessageLike | Interaction, wanted: EditWanted | string = {}): Promise<Message> {
    const rest: EditWanted = typeof wanted === "string" ? { content: wanted } : wanted;
    const conditions = texts(rest);
    if (of !== undefined) {
      const id = of instanceof Interaction ? of.message.id : idOf(of);
      conditions.unshift(equal("of message", id, (data) => data["id"]));
    }
    const author = { id: this.#author(rest.by) };
    return new Message(await this.#await("MESSAGE_UPDATE", { author }, "an edit", author.id, conditions, rest.withinMs));
  }

  /** That a message is deleted. */
  async deletion(of: MessageLike, { withinMs }: { withinMs?: number } = {}): Promise<void> {
    const id = idOf(of);
    await this.#await("MESSAGE_DELETE", { id }, `the deletion of message ${id}`, undefined, [], withinMs);
  }

  /** That the bot (or `by`) reacts. */
  async reaction(emoji?: string, wanted: Common & { on?: MessageLike } = {}): Promise<void> {
    const who = this.#author(wanted.by);
    const conditions: Condition[] = [];
    if (emoji !== undefined) conditions.push(equal("emoji", emoji, (data) => data["emoji"]?.name));
    if (wanted.on !== undefined) conditions.push(equal("on message", idOf(wanted.on), (data) => data["message_id"]));
    await this.#await("MESSAGE_REACTION_ADD", { user_id: who }, "a reaction", who, conditions, wanted.withinMs);
  }

  /** Any event of the world by Discord's name, e.g. "GUILD_BAN_ADD"; `data` must be part of its data. */
  async event(name: string, data: Json = {}, { withinMs }: { withinMs?: number } = {}): Promise<Json> {
    return this.#await(name, data, `the event ${name} with ${JSON.stringify(data)}`, undefined, [], withinMs);
  }

  /** A REST call of the bot, by method, Discord's operation id and status; answers the journal's entry. */
  async request(
    wanted: { method?: string; operation?: string; status?: number },
    { withinMs = PATIENCE_MS }: { withinMs?: number } = {},
  ): Promise<Json> {
    const found = await this.#next({ type: "rest", ...wanted }, () => undefined, withinMs);
    if (found) return found;
    throw new ExpectationError(await this.#failure(`a REST call with ${JSON.stringify(wanted)}`, [], withinMs));
  }

  /**
   * That the bot says nothing (or nothing that contains a text) within a short time of the real clock. Better
   * still: let the bot do something afterwards that can be awaited, and look at what came before.
   */
  async noMessage(wanted: Common & { contains?: string } = {}): Promise<void> {
    const { by, withinMs = 500 } = wanted;
    const conditions = texts(wanted);
    const match = { event: "MESSAGE_CREATE", data: { author: { id: this.#author(by) } } };
    const found = await this.#next(match, (entry) => firstWrong(conditions, entry), withinMs);
    if (!found) return;
    const said = messageLine(found["data"], await this.#sim.names());
    throw new ExpectationError(`expected silence, but it said:\n  ${said}\n${await this.#sim.story()}`);
  }

  /** A person has seen this answer: it satisfies no further expectation. */
  hasSeen(result: Interaction): void {
    const message = result.raw["message"];
    if (!message || result.kind === "deferred_update") return;
    const key = `${result.kind === "update" ? "MESSAGE_UPDATE" : "MESSAGE_CREATE"} ${message.id}`;
    this.#shown.set(key, (this.#shown.get(key) ?? 0) + 1);
  }

  // How it is done

  #author(by: Person | string | undefined): string {
    return by instanceof Person ? by.id : (by ?? this.#sim.botId);
  }

  async #await(
    event: string,
    data: Json,
    what: string,
    who: string | undefined,
    conditions: readonly Condition[],
    withinMs = PATIENCE_MS,
  ): Promise<Json> {
    const misses: [Json, string][] = [];
    const wrong = (entry: Json): string | undefined => {
      const reason = firstWrong(conditions, entry);
      if (reason !== undefined && !byDiscord(entry)) misses.push([entry, reason]);
      return reason;
    };
    const match = { event, ...(Object.keys(data).length > 0 && { data }) };
    const found = await this.#next(match, wrong, withinMs);
    if (found) return found["data"] ?? {};
    const names = await this.#sim.names();
    const labels = [what + (who === undefined ? "" : ` by ${names.user(who)}`), ...conditions.map((c) => c.label)];
    const near = misses.slice(-5).map(([entry, why]) => `  ${tell([entry], names)[0]?.trim()}\n    but ${why}`);
    throw new ExpectationError(await this.#failure(labels.join(", "), near, withinMs));
  }

  async #failure(what: string, near: readonly string[], withinMs: number): Promise<string> {
    const lines = [`expected ${what}; nothing fitting came within ${withinMs} ms`];
    if (this.#sim.server.botsEnded()) lines[0] += "; the bot has ended";
    if (near.length > 0) lines.push("Nearly:", ...near);
    return [...lines, await this.#sim.story()].join("\n");
  }

  /** The first unused journal entry that matches and has nothing wrong; undefined when time is up. */
  async #next(match: Json, wrong: (entry: Json) => string | undefined, withinMs: number): Promise<Json | undefined> {
    const deadline = Date.now() + withinMs;
    let after = this.#mark;
    for (;;) {
      const left = Math.max(deadline - Date.now(), 0);
      const wait = Math.min(left, MAX_WAIT_MS);
      let entry: Json;
      try {
        ({ entry } = await this.#sim.control.call("POST", "/wait", { match, after, timeout_ms: wait }, wait));
      } catch (error) {
        if (!(error instanceof ControlError && error.code === "timeout")) throw error;
        if (left <= MAX_WAIT_MS || this.#sim.server.botsEnded()) return undefined;
        continue;
      }
      after = entry["seq"];
      if (this.#used.has(after) || this.#wasShown(entry) || wrong(entry) !== undefined) continue;
      this.#used.add(after);
      return entry;
    }
  }

  #wasShown(entry: Json): boolean {
    const key = `${entry["event"]} ${entry["data"]?.id}`;
    const times = this.#shown.get(key) ?? 0;
    if (times === 0) return false;
    this.#shown.set(key, times - 1);
    this.#used.add(entry["seq"]);
    return true;
  }
}

function texts({ content, contains, where }: EditWanted): Condition[] {
  const says = (data: Json): string => data["content"] ?? "";
  const conditions: Condition[] = [];
  if (typeof content === "string") conditions.push(equal("with the text", content, says));
  else if (content !== undefined) {
    const wrong = (data: Json): string | undefined =>
      says(data).search(content) >= 0 ? undefined : `its text does not match ${content}`;
    conditions.push({ label: `matching ${content}`, wrong });
  }
  if (contains !== undefined) {
    const wrong = (data: Json): string | undefined =>
      says(data).includes(contains) ? undefined : `its text does not contain "${contains}"`;
    conditions.push({ label: `containing "${contains}"`, wrong });
  }
  if (where) {
    const wrong = (data: Json): string | undefined => (where(new Message(data)) ? undefined : "`where` says no");
    conditions.push({ label: "that `where` accepts", wrong });
  }
  return conditions;
}

function equal(label: string, wanted: string, read: (data: Json) => unknown): Condition {
  const wrong = (data: Json): string | undefined => {
    const found = read(data);
    return found === wanted ? undefined : `${label} should be "${wanted}", is "${found}"`;
  };
  return { label: `${label} "${wanted}"`, wrong };
}

function firstWrong(conditions: readonly Condition[], entry: Json): string | undefined {
  if (byDiscord(entry)) return "a system message";
  for (const { wrong } of conditions) {
    const reason = wrong(entry["data"] ?? {});
    if (reason !== undefined) return reason;
  }
  return undefined;
}
