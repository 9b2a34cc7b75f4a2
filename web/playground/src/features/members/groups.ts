// Members in the groups of the list: hoisted roles from the top, then the rest, then who is away.
import type { Guild, Member, Status } from "../../api/discord";

export type Group = { key: string; name: string; members: Member[] };

export function groups(guild: Guild, status: (member: Member) => Status): Group[] {
  const hoisted = guild.roles
    .filter((role) => role.hoist && role.id !== guild.id)
    .sort((a, b) => b.position - a.position);
  const away = (member: Member) => status(member) === "offline" || status(member) === "invisible";
  const left = new Set(guild.members);
  const take = (key: string, name: string, test: (member: Member) => boolean): Group => {
    const members = [...left].filter(test).sort(byName);
    for (const member of members) left.delete(member);
    return { key, name, members };
  };
  const out = hoisted.map((role) => take(role.id, role.name, (member) => !away(member) && member.roles.includes(role.id)));
  out.push(take("here", "Here", (member) => !away(member)), take("away", "Away", () => true));
  return out.filter((group) => group.members.length > 0);
}

const nameOf = (member: Member): string => member.nick || member.user.global_name || member.user.username;
const byName = (a: Member, b: Member): number => nameOf(a).localeCompare(nameOf(b));
