// What happened, in lines for people: the part of a failure that is read at 3 a.m.

import type { Json } from "./control.js";

/** Lines of a story; older ones are counted only. */
const MAX_LINES = 25;
/** Characters of a text that are shown. */
const MAX_TEXT = 160;

/** Events that say nothing about what a bot did. */
const DULL = new Set(["VIEW_CHANGED", "TYPING_START", "INTERACTION_SUCCESS", "PRESENCE_UPDATE"]);
/** Messages that somebody wrote: plain, replies, answers to commands and menus. See Discord docs: Message Types. */
const WRITTEN = new Set([0, 19, 20, 23]);

/** How every story begins. */
export const HEADLINE = "What came since the test began:";

/** Whether it is a message that nobody wrote, such as the one that tells of a newcomer. */
export function byDiscord(entry: Json): boolean {
  return entry["event"] === "MESSAGE_CREATE" && !WRITTEN.has(entry["data"]?.type ?? 0);
}

/** Ids as people know them. */
export class Names {
  readonly #users: Map<string, string>;
  readonly #channels: Map<string, string>;

  constructor(world: Json) {
    this.#users = new Map(world["users"].map((user: Json) => [user["id"], user["username"]]));
    const channels = world["guilds"].flatMap((guild: Json) => guild["channels"]);
    this.#channels = new Map(channels.map((channel: Json) => [channel["id"], channel["name"]]));
  }

  user(id: string): string {
    return this.#users.get(id) ?? `user ${id}`;
  }

  channel(id: string): string {
    const name = this.#channels.get(id);
    return name === undefined ? `channel ${id}` : `#${name}`;
  }
}

/** One line for each entry of the journal that matters. */
export function tell(entries: readonly Json[], names: Names): string[] {
  const begun = new Set<string>();
  const lines = entries.flatMap((entry) => {
    // The bot's and the person's news of the same interaction.
    if (entry["event"] === "INTERACTION_CREATE") {
      if (begun.has(entry["data"]?.id)) return [];
      begun.add(entry["data"]?.id);
    }
    const line = lineOf(entry, names);
    return line === undefined ? [] : [`  ${String(entry["at"] ?? "").slice(11, 23)}  ${line}`];
  });
  if (lines.length === 0) return ["  (nothing at all)"];
  const left = lines.length - MAX_LINES;
  return left > 0 ? [`  (${left} earlier left out)`, ...lines.slice(-MAX_LINES)] : lines;
}

function lineOf(entry: Json, names: Names): string | undefined {
  if (entry["type"] === "rest") return rest(entry);
  if (entry["type"] === "gateway") return gateway(entry);
  const event: string = entry["event"];
  if (entry["type"] !== "event" || DULL.has(event)) return undefined;
  return (entry["data"] && EVENTS[event]?.(entry["data"], names)) ?? event;
}

function rest({ method, path, status, response }: Json): string | undefined {
  if (!(status >= 400)) return undefined;
  const why = response?.message ? `: ${response.code} ${response.message}` : "";
  const details = response?.errors ? ` ${JSON.stringify(response.errors)}` : "";
  return `REFUSED ${method} ${path} -> ${status}${why}${details}`;
}

function gateway({ direction, code }: Json): string | undefined {
  if (direction === "close") return `gateway: connection closed${code ? `, code ${code}` : " without a code"}`;
  return direction === "open" ? "gateway: connection opened" : undefined;
}

function quoted(value: unknown): string {
  const text = String(value ?? "");
  return JSON.stringify(text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`);
}

/** Who, where, what, with what. */
export function messageLine(data: Json, names: Names): string {
  const flags = Number(data["flags"] ?? 0);
  const extras: string[] = [];
  if (!WRITTEN.has(data["type"] ?? 0)) extras.push(`system message, type ${data["type"]}`);
  if (flags & 64) extras.push("ephemeral");
  if (flags & 128) extras.push("thinking");
  for (const key of ["embeds", "attachments", "components"]) {
    if (data[key]?.length > 0) extras.push(`${data[key].length} ${key}`);
  }
  if (data["message_reference"]) extras.push(`reply to ${data["message_reference"].message_id}`);
  const titles = (data["embeds"] ?? []).map((embed: Json) => quoted(embed["title"] ?? embed["description"]));
  const who = `${names.user(data["author"]?.id)} in ${names.channel(data["channel_id"])}`;
  const more = (extras.length > 0 ? ` (${extras.join(", ")})` : "") + (titles.length > 0 ? ` embeds ${titles.join(", ")}` : "");
  return `${who}: ${quoted(data["content"])}${more}`;
}

const EVENTS: Record<string, (data: Json, names: Names) => string> = {
  MESSAGE_CREATE: messageLine,
  MESSAGE_UPDATE: (data, names) => `edited by ${messageLine(data, names)}`,
  MESSAGE_DELETE: (data, names) => `message ${data["id"]} deleted in ${names.channel(data["channel_id"])}`,
  MESSAGE_REACTION_ADD: (data, names) =>
    `${names.user(data["user_id"])} reacted ${data["emoji"]?.name} to message ${data["message_id"]}`,
  INTERACTION_CREATE: (data) => `interaction ${data["id"]} began${data["name"] ? `: /${data["name"]}` : ""}`,
  INTERACTION_FAILURE: (data) =>
    `interaction ${data["id"]} FAILED: no valid answer in time (reason ${data["reason_code"]})`,
  INTERACTION_MODAL_CREATE: (data) => `modal ${quoted(data["title"])} opened (${data["custom_id"]})`,
};
