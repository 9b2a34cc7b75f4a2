// Channels and settings of a guild: as a person, whom permissions bind, or as the operator where only Discord
// itself would decide.
import type { Channel, Guild, Id } from "./discord";
import { call } from "./http";

export type Tag = { id?: Id; name: string; moderated?: boolean; emoji_id?: Id | null; emoji_name?: string | null };
/** Keys of Discord's PATCH /channels/{channel}; null clears. */
export type ChannelChange = {
  name?: string;
  type?: number;
  topic?: string | null;
  nsfw?: boolean;
  parent_id?: Id | null;
  position?: number;
  rate_limit_per_user?: number;
  user_limit?: number;
  bitrate?: number;
  available_tags?: Tag[];
  /** Threads: closed, and closed for all who do not manage threads. */
  archived?: boolean;
  locked?: boolean;
};
export type ChannelMove = { id: Id; position?: number; parent_id?: Id | null };
/** Keys of Discord's PATCH /guilds/{guild}; null clears. */
export type GuildChange = {
  name?: string;
  description?: string | null;
  verification_level?: number;
  default_message_notifications?: number;
  explicit_content_filter?: number;
  afk_channel_id?: Id | null;
  afk_timeout?: number;
  system_channel_id?: Id | null;
  rules_channel_id?: Id | null;
  public_updates_channel_id?: Id | null;
  preferred_locale?: string;
  /** Pictures as data URIs. */
  icon?: string | null;
  banner?: string | null;
  splash?: string | null;
};
export type OperatorChange = { premium_tier?: number; features?: string[] };

const act = <T>(name: string, body: object) => call<T>("POST", `/actor/${name}`, body);

export const places = {
  createChannel: (user: Id, guild: Id, set: ChannelChange) => act<Channel>("create_channel", { user, guild, set }),
  editChannel: (user: Id, channel: Id, set: ChannelChange) => act<Channel>("edit_channel", { user, channel, set }),
  /** All of them or, refused, none. */
  moveChannels: (user: Id, guild: Id, channels: ChannelMove[]) => act<object>("move_channels", { user, guild, channels }),
  deleteChannel: (user: Id, channel: Id) => act<Channel>("delete_channel", { user, channel }),
  editGuild: (user: Id, guild: Id, set: GuildChange) => act<Guild>("edit_guild", { user, guild, set }),
  setAsOperator: (guild: Id, set: OperatorChange) => call<Guild>("PATCH", `/world/guilds/${guild}`, set),
};
