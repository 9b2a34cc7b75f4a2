// Journal entries as the inspector lists them: how many, which, in which words and colour.
import type { Entry, EntryType } from "../../api/bench";
import type { Message } from "../../api/discord";

/** As many are listed; older ones go. */
export const MOST = 1_000;

export type Filter = {
  types: ReadonlySet<EntryType>;
  /** Words that must all occur; `status:`, `event:` and `app:` look at that part only. */
  text: string;
  /** Entries that speak of any of these ids. */
  ids: readonly string[];
};
export type Tone = "good" | "caution" | "bad" | "plain";

/** The newest of both, in order, each once. */
export function append(list: readonly Entry[], more: readonly Entry[], most = MOST): Entry[] {
  const last = list.at(-1)?.seq ?? 0;
  if (more.every((entry, at) => entry.seq > (more[at - 1]?.seq ?? last))) return [...list, ...more].slice(-most);
  const bySeq = new Map([...list, ...more].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-most);
}

const texts = new WeakMap<Entry, string>();
function textOf(entry: Entry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = `${JSON.stringify(entry)} ${title(entry)}`.toLowerCase();
    texts.set(entry, text);
  }
  return text;
}

function holds(entry: Entry, word: string): boolean {
  const [, key, wanted] = /^(status|event|app):(.+)$/.exec(word) ?? [];
  if (!key || !wanted) return textOf(entry).includes(word);
  if (key === "status") return String(entry.status ?? entry.code ?? "").startsWith(wanted.replace(/x+$/, ""));
  if (key === "event") return (entry.event ?? entry.t ?? "").toLowerCase().includes(wanted);
  return String(entry.application ?? "").includes(wanted);
}

export function filterEntries(list: readonly Entry[], { types, text, ids }: Filter): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter(
    (entry) =>
      types.has(entry.type) &&
      words.every((word) => holds(entry, word)) &&
      (ids.length === 0 || ids.some((id) => textOf(entry).includes(id))),
  );
}

/** The ids that lead to a message: its own, the one it answers, the interaction it came of. */
export function trail(message: Message): string[] {
  return [message.id, message.message_reference?.message_id, message.interaction_metadata?.id].filter((id) => id !== undefined);
}

/** The call that made a message, or else the first that is heard of it. */
export function causeOf(list: readonly Entry[], id: string): Entry | undefined {
  const made = list.find((entry) => entry.type === "rest" && entry.method === "POST" && mentions(entry.response, id));
  return made ?? list.find((entry) => textOf(entry).includes(id));
}

function mentions(response: unknown, id: string): boolean {
  const body = response as { id?: unknown; resource?: { message?: { id?: unknown } } } | null | undefined;
  return body?.id === id || body?.resource?.message?.id === id;
}

/** See Discord docs: Opcodes and Status Codes / Gateway Opcodes. */
const OPS: Record<number, string> = {
  0: "Dispatch",
  1: "Heartbeat",
  2: "Identify",
  3: "Presence update",
  4: "Voice state update",
  6: "Resume",
  7: "Reconnect",
  8: "Request guild members",
  9: "Invalid session",
  10: "Hello",
  11: "Heartbeat ACK",
  31: "Request soundboard sounds",
};

/** A short badge: the method, or which way a frame went. */
export function badge(entry: Entry): string {
  if (entry.type === "event") return "EVENT";
  if (entry.type !== "gateway") return entry.method ?? "";
  return { in: "↑ BOT", out: "↓ BOT", open: "OPEN", close: "CLOSE" }[entry.direction ?? "out"];
}

/** What it is about; of long ids the last digits, which tell them apart. */
export function title(entry: Entry): string {
  if (entry.type === "event") return entry.event ?? "";
  if (entry.type !== "gateway") return (entry.path ?? "").replace(/^\/(api(\/v\d+)?|_sim\/v1)(?=\/)/, "").replace(/\d{8,}(?=\d{4})/g, "…");
  if (entry.direction === "open") return "Connection opened";
  if (entry.direction === "close") return "Connection closed";
  return entry.t ?? OPS[entry.op ?? -1] ?? `Op ${entry.op}`;
}

/** What stands at the end of the line. */
export function outcome(entry: Entry): string {
  if (entry.status !== undefined) return String(entry.status);
  if (entry.code !== undefined) return String(entry.code);
  return entry.s ? `s ${entry.s}` : "";
}

export function tone(entry: Entry): Tone {
  const { status } = entry;
  if (status !== undefined) return status === 429 ? "caution" : status >= 400 ? "bad" : "good";
  if (entry.direction === "close") return entry.code === undefined || entry.code <= 1001 ? "caution" : "bad";
  return entry.op === 7 || entry.op === 9 ? "caution" : "plain";
}

/** Time of day with milliseconds, in world time. */
export const timeOf = (entry: Entry): string => entry.at.slice(11, 23);
