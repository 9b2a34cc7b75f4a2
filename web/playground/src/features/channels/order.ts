// Where a channel can go among the others: up, down, and into a category.
import { ChannelType as T, type Channel, type Guild, type Id } from "../../api/discord";
import type { ChannelMove } from "../../api/places";
import { sections } from "../shell/channels";

const isVoice = (channel: Channel): boolean => channel.type === T.Voice || channel.type === T.Stage;

/** Those it is listed among: categories, or the text or voice channels of its category. */
export function siblings(guild: Guild, channel: Channel): Channel[] {
  const all = sections(guild);
  if (channel.type === T.Category) return all.flatMap(({ category }) => category ?? []);
  const section = all.find(({ channels }) => channels.some((it) => it.id === channel.id));
  return section?.channels.filter((it) => isVoice(it) === isVoice(channel)) ?? [];
}

/** Numbers a list from 0; only those whose place is another. */
const numbered = (list: Channel[]): ChannelMove[] =>
  list.flatMap((it, position) => (it.position === position ? [] : [{ id: it.id, position }]));

/** What must be moved for a channel to go one place up (-1) or down (1); nothing at the end of its list. */
export function step(guild: Guild, channel: Channel, by: -1 | 1): ChannelMove[] {
  const list = siblings(guild, channel);
  const at = list.findIndex((it) => it.id === channel.id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return [];
  const moved = list.filter((it) => it.id !== channel.id);
  moved.splice(to, 0, channel);
  return numbered(moved);
}

/** Into a category, or out of all with null, as the last of its kind there. */
export function into(guild: Guild, channel: Channel, parent: Id | null): ChannelMove[] {
  const there = guild.channels.filter((it) => it.type !== T.Category && (it.parent_id ?? null) === parent && it.id !== channel.id);
  const last = Math.max(-1, ...there.map((it) => it.position ?? 0));
  return [{ id: channel.id, parent_id: parent, position: last + 1 }];
}

/** How a channel would be called: text-like ones in lower case with hyphens, as the server writes them. */
export const isTextLike = (type: number): boolean => ![T.Category, T.Voice, T.Stage].includes(type as 4);
