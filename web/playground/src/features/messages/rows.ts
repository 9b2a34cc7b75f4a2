// Lays messages out as rows: day lines, and runs of one author without repeating the name.
import type { Message } from "../../api/discord";
import { dayKey } from "../markdown/time";
import { isEphemeral } from "./actions";

export type Row =
  | { kind: "day"; key: string; iso: string }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; compact: boolean };

/** A longer pause shows the name again. */
const RUN_MS = 7 * 60_000;
const PLAIN = new Set([0, 19, 20, 23]);

export const isSystem = (message: Message): boolean => !PLAIN.has(message.type);

/** `newAfter` is the last message that had been seen when new ones came. */
export function rows(messages: Message[], newAfter: string | null): Row[] {
  const out: Row[] = [];
  let previous: Message | undefined;
  for (const message of messages) {
    const newDay = !previous || dayKey(previous.timestamp) !== dayKey(message.timestamp);
    if (newDay) out.push({ kind: "day", key: `day ${message.id}`, iso: message.timestamp });
    const first = previous !== undefined && previous.id === newAfter;
    if (first) out.push({ kind: "new", key: "new" });
    out.push({ kind: "message", key: message.id, message, compact: !newDay && !first && continues(previous, message) });
    previous = message;
  }
  return out;
}

function continues(previous: Message | undefined, message: Message): boolean {
  return (
    previous !== undefined &&
    previous.author.id === message.author.id &&
    previous.author.username === message.author.username &&
    !isSystem(previous) &&
    message.type === 0 &&
    !message.interaction_metadata &&
    isEphemeral(previous) === isEphemeral(message) &&
    Date.parse(message.timestamp) - Date.parse(previous.timestamp) < RUN_MS
  );
}
