// What is being completed at the caret: a command, a mention, a channel, an emoji.
import type { Option } from "@cogwright/ui/option";
import { filterOptions } from "@cogwright/ui/option";
import type { Guild } from "../../api/discord";
import { emojiImage } from "../../api/media";
import type { Directory } from "../../state/directory.svelte";
import { channels, roles, users } from "../components/choices";
import { findEmoji } from "../messages/emoji";

export type Trigger = { kind: "command" | "mention" | "channel" | "emoji"; query: string; start: number };

/** Rows shown at once. */
const MOST = 25;

export function trigger(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  const command = /^\/([^\n]{0,100})$/.exec(before);
  if (command && !text.slice(caret).trim()) return { kind: "command", query: command[1] ?? "", start: 0 };
  const word = /(^|[\s(])([@#:])([\w.-]{0,32})$/u.exec(before);
  if (!word) return null;
  const query = word[3] ?? "";
  const start = before.length - query.length - 1;
  if (word[2] === "@") return { kind: "mention", query, start };
  if (word[2] === "#") return { kind: "channel", query, start };
  // A lone colon is mostly the end of a sentence.
  return query.length >= 2 ? { kind: "emoji", query, start } : null;
}

/** Rows for anything but commands; `value` is the text to put in. */
export function suggestions(found: Trigger, guild: Guild | null, directory: Directory): Option[] {
  if (found.kind === "mention") {
    const people = users(guild, directory).map((option) => ({
      ...option,
      value: `@${directory.user(option.value)?.username ?? option.label}`,
    }));
    const groups = roles(guild).map((option) => ({ ...option, value: `@${option.label}` }));
    const all: Option[] = guild
      ? [{ value: "@everyone", label: "everyone", description: "All who can see this channel", icon: "people" }]
      : [];
    return filterOptions([...people, ...groups, ...all], found.query).slice(0, MOST);
  }
  if (found.kind === "channel") {
    const rows = channels(guild, undefined).filter((option) => directory.channel(option.value)?.type !== 4);
    return filterOptions(rows.map((option) => ({ ...option, value: `#${option.label}` })), found.query).slice(0, MOST);
  }
  if (found.kind === "emoji") {
    const own = (guild?.emojis ?? [])
      .filter((emoji) => emoji.name?.toLowerCase().includes(found.query.toLowerCase()))
      .map((emoji) => ({ value: `:${emoji.name}:`, label: `:${emoji.name}:`, image: emojiImage(emoji) ?? undefined }));
    const common = findEmoji(found.query).map(({ emoji, name }) => ({ value: emoji, label: name, glyph: emoji }));
    return [...own, ...common].slice(0, MOST);
  }
  return [];
}

/** The text with the trigger replaced, and where the caret goes. */
export function complete(text: string, caret: number, found: Trigger, value: string): { text: string; caret: number } {
  const head = `${text.slice(0, found.start)}${value} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}
