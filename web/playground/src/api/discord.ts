// The parts of Discord's objects that this client reads. See Discord docs: Resources.

export type Id = string;

export type User = {
  id: Id;
  username: string;
  global_name?: string | null;
  avatar?: string | null;
  discriminator?: string;
  bot?: boolean;
};

export type Status = "online" | "idle" | "dnd" | "offline" | "invisible";

export type Member = {
  user: User;
  nick?: string | null;
  avatar?: string | null;
  roles: Id[];
  joined_at?: string | null;
  communication_disabled_until?: string | null;
  status?: Status;
};

export type Role = {
  id: Id;
  name: string;
  color: number;
  position: number;
  hoist: boolean;
  mentionable?: boolean;
  permissions?: string;
  /** Belongs to an integration. */
  managed?: boolean;
};

/** See Discord docs: Channel / Overwrite Object; type 0 is a role, 1 a member. */
export type Overwrite = { id: Id; type: 0 | 1; allow: string; deny: string };

export const ChannelType = {
  Text: 0,
  Dm: 1,
  Voice: 2,
  GroupDm: 3,
  Category: 4,
  Announcement: 5,
  AnnouncementThread: 10,
  PublicThread: 11,
  PrivateThread: 12,
  Stage: 13,
  Forum: 15,
  Media: 16,
} as const;

export type ForumTag = { id: Id; name: string; moderated?: boolean; emoji_id?: Id | null; emoji_name?: string | null };

export type Channel = {
  id: Id;
  type: number;
  name?: string | null;
  topic?: string | null;
  guild_id?: Id;
  parent_id?: Id | null;
  position?: number;
  nsfw?: boolean;
  recipients?: User[];
  last_message_id?: Id | null;
  owner_id?: Id;
  rate_limit_per_user?: number;
  thread_metadata?: { archived?: boolean; locked?: boolean };
  permission_overwrites?: Overwrite[];
  /** Voice: people at once, 0 for any number. */
  user_limit?: number;
  available_tags?: ForumTag[];
  /** A post's tags. */
  applied_tags?: Id[];
  /** A thread's messages without its first. */
  message_count?: number;
  /** What the person may do there, as decimal bits; added by the view. */
  permissions?: string;
};

export type Emoji = { id?: Id | null; name?: string | null; animated?: boolean };

export type Guild = {
  id: Id;
  name: string;
  icon?: string | null;
  banner?: string | null;
  /** Behind invites. */
  splash?: string | null;
  owner_id: Id;
  roles: Role[];
  channels: Channel[];
  threads?: Channel[];
  members: Member[];
  emojis?: Emoji[];
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
  premium_tier?: number;
  features?: string[];
  /** What the person may do in the guild as a whole, as decimal bits; added by the view. */
  permissions?: string;
};

export type Attachment = {
  id: Id;
  filename: string;
  url: string;
  proxy_url?: string;
  size: number;
  content_type?: string;
  description?: string | null;
  width?: number | null;
  height?: number | null;
};

export type EmbedMedia = { url?: string; proxy_url?: string; width?: number; height?: number };
export type Embed = {
  title?: string;
  description?: string;
  url?: string;
  color?: number;
  timestamp?: string;
  author?: { name: string; url?: string; icon_url?: string };
  footer?: { text: string; icon_url?: string };
  provider?: { name?: string; url?: string };
  image?: EmbedMedia;
  thumbnail?: EmbedMedia;
  video?: EmbedMedia;
  fields?: { name: string; value: string; inline?: boolean }[];
};

export type Reaction = { emoji: Emoji; count: number; me: boolean };

export type InteractionMetadata = { id: Id; type: number; user: User; name?: string };

export type Message = {
  id: Id;
  channel_id: Id;
  guild_id?: Id;
  type: number;
  author: User;
  member?: { nick?: string | null; roles?: Id[] };
  content: string;
  timestamp: string;
  edited_timestamp?: string | null;
  flags?: number;
  mentions?: User[];
  mention_roles?: Id[];
  mention_everyone?: boolean;
  attachments?: Attachment[];
  embeds?: Embed[];
  reactions?: Reaction[];
  components?: Component[];
  pinned?: boolean;
  message_reference?: { message_id?: Id; channel_id?: Id; type?: number };
  /** What a forward took. */
  message_snapshots?: { message: Snapshot }[];
  referenced_message?: Message | null;
  interaction_metadata?: InteractionMetadata;
  interaction?: { id: Id; name: string; user: User };
  application_id?: Id;
  webhook_id?: Id;
  thread?: Channel;
  poll?: { question: { text?: string }; answers: { answer_id: number; poll_media: { text?: string; emoji?: Emoji } }[] };
};

/** A message as it was when it was forwarded. */
export type Snapshot = Pick<Message, "type" | "content" | "timestamp" | "edited_timestamp" | "flags" | "attachments" | "embeds" | "components">;

export const MessageFlag = {
  SuppressEmbeds: 1 << 2,
  Ephemeral: 1 << 6,
  Loading: 1 << 7,
  ComponentsV2: 1 << 15,
} as const;

export const ComponentType = {
  ActionRow: 1,
  Button: 2,
  StringSelect: 3,
  TextInput: 4,
  UserSelect: 5,
  RoleSelect: 6,
  MentionableSelect: 7,
  ChannelSelect: 8,
  Section: 9,
  TextDisplay: 10,
  Thumbnail: 11,
  MediaGallery: 12,
  File: 13,
  Separator: 14,
  Container: 17,
  Label: 18,
  FileUpload: 19,
  RadioGroup: 21,
  CheckboxGroup: 22,
  Checkbox: 23,
} as const;

export type MediaItem = { url: string; width?: number | null; height?: number | null; content_type?: string };
export type SelectOption = { label: string; value: string; description?: string; emoji?: Emoji; default?: boolean };

/** All component types in one shape, as on the wire: which keys count depends on `type`. */
export type Component = {
  type: number;
  id?: number;
  custom_id?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  label?: string;
  style?: number;
  url?: string;
  emoji?: Emoji;
  disabled?: boolean;
  placeholder?: string;
  min_values?: number;
  max_values?: number;
  options?: SelectOption[];
  channel_types?: number[];
  default_values?: { id: Id; type: "user" | "role" | "channel" }[];
  content?: string;
  description?: string | null;
  media?: MediaItem;
  spoiler?: boolean;
  items?: { media: MediaItem; description?: string | null; spoiler?: boolean }[];
  file?: MediaItem;
  name?: string;
  size?: number;
  divider?: boolean;
  spacing?: number;
  accent_color?: number | null;
  value?: string;
  required?: boolean;
  min_length?: number;
  max_length?: number;
  default?: boolean;
};

export const OptionType = {
  Subcommand: 1,
  Group: 2,
  String: 3,
  Integer: 4,
  Boolean: 5,
  User: 6,
  Channel: 7,
  Role: 8,
  Mentionable: 9,
  Number: 10,
  Attachment: 11,
} as const;

export type Choice = { name: string; value: string | number };

export type CommandOption = {
  type: number;
  name: string;
  description: string;
  required?: boolean;
  choices?: Choice[];
  options?: CommandOption[];
  channel_types?: number[];
  min_value?: number;
  max_value?: number;
  min_length?: number;
  max_length?: number;
  autocomplete?: boolean;
};

export type Command = {
  id: Id;
  type?: number;
  name: string;
  description?: string;
  options?: CommandOption[];
  application_id?: Id;
  application: { id: Id; name: string; icon?: string | null; bot?: User };
};
