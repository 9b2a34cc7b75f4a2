// The channels of a guild in the order they are listed.
import { ChannelType as T, type Channel, type Guild } from "../../api/discord";
import type { IconName } from "@cogwright/ui/icons";

export type Section = { category: Channel | null; channels: Channel[] };

const isVoice = (channel: Channel): boolean => channel.type === T.Voice || channel.type === T.Stage;

/** Those without category first; voice after text; by position, then by id. */
export function sections(guild: Guild): Section[] {
  const order = (a: Channel, b: Channel): number =>
    Number(isVoice(a)) - Number(isVoice(b)) || (a.position ?? 0) - (b.position ?? 0) || (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
  const categories = guild.channels.filter((channel) => channel.type === T.Category).sort(order);
  const known = new Set(categories.map((category) => category.id));
  const inside = (parent: string | null): Channel[] =>
    guild.channels
      .filter((channel) => channel.type !== T.Category)
      .filter((channel) => (channel.parent_id && known.has(channel.parent_id) ? channel.parent_id : null) === parent)
      .sort(order);
  return [{ category: null, channels: inside(null) }, ...categories.map((category) => ({ category, channels: inside(category.id) }))].filter(
    (section) => section.channels.length > 0 || section.category,
  );
}

export function icon(channel: Channel): IconName {
  switch (channel.type) {
    case T.Voice:
      return "speaker";
    case T.Stage:
      return "stage";
    case T.Announcement:
      return "megaphone";
    case T.Forum:
    case T.Media:
      return "forum";
    case T.AnnouncementThread:
    case T.PublicThread:
    case T.PrivateThread:
      return "thread";
    case T.Dm:
    case T.GroupDm:
      return "at";
    default:
      return "hash";
  }
}
