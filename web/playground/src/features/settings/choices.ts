// What a server's settings can be, in words. See Discord docs: Guild / Guild Object.

export type Choices = readonly (readonly [value: number, words: string])[];

export const VERIFICATION: Choices = [
  [0, "None"],
  [1, "Low: a verified e-mail address"],
  [2, "Medium: registered for 5 minutes"],
  [3, "High: here for 10 minutes"],
  [4, "Highest: a verified phone number"],
];
export const NOTIFICATIONS: Choices = [[0, "Every message"], [1, "Mentions only"]];
export const FILTER: Choices = [[0, "Nobody's media"], [1, "Media of members without a role"], [2, "Everybody's media"]];
export const AFK: Choices = [[60, "1 minute"], [300, "5 minutes"], [900, "15 minutes"], [1800, "30 minutes"], [3600, "1 hour"]];
export const TIERS: Choices = [[0, "No level"], [1, "Level 1"], [2, "Level 2"], [3, "Level 3"]];

/** Features that change what the local Discord allows; a server can have others, which stay. */
export const FEATURES = [
  ["COMMUNITY", "Community server"],
  ["NEWS", "Announcement channels"],
  ["INVITES_DISABLED", "Invites are paused"],
  ["ANIMATED_ICON", "A moving icon"],
  ["BANNER", "A banner"],
  ["INVITE_SPLASH", "A picture behind invites"],
  ["ROLE_ICONS", "Roles with icons"],
  ["MORE_STICKERS", "More stickers"],
  ["VANITY_URL", "A link of its own"],
  ["DISCOVERABLE", "Listed for everybody"],
] as const;

/** A list with one feature more or less; the others keep their order. */
export const toggledFeature = (features: readonly string[], name: string): string[] =>
  features.includes(name) ? features.filter((it) => it !== name) : [...features, name];
