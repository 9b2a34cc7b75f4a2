// What a scope means to the person who is asked for it. See Discord docs: OAuth2 / OAuth2 Scopes.
const WORDS: Record<string, string> = {
  bot: "join the server as a bot",
  "applications.commands": "offer its commands there",
  identify: "know who you are",
  openid: "confirm who you are, by OpenID Connect",
  email: "read your mail address",
  connections: "see your accounts elsewhere",
  guilds: "see which servers you are in",
  "guilds.join": "let you join servers it is in",
  "guilds.members.read": "read your nickname and roles in your servers",
  "role_connections.write": "say things about you that roles can ask for",
  "applications.commands.permissions.update": "decide who may use its commands, where you may",
};

export const words = (scope: string, forUser: boolean): string =>
  scope === "applications.commands" && forUser ? "offer you its commands everywhere" : (WORDS[scope] ?? scope);
