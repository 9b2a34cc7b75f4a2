// Whether somebody may moderate somebody, and in a few words why not. The server has the last word: this spares
// people from asking for what it would refuse. See Discord docs: Permissions / Permission Hierarchy.
import type { Guild, Id, Role } from "../../api/discord";

export type Measure = "kick" | "ban" | "timeout";

const ADMINISTRATOR = 1n << 3n;
const MANAGE_ROLES = 1n << 28n;
const NEEDS: Record<Measure, { bit: bigint; name: string }> = {
  kick: { bit: 1n << 1n, name: "Kick members" },
  ban: { bit: 1n << 2n, name: "Ban members" },
  timeout: { bit: 1n << 40n, name: "Moderate members" },
};

/** Place of the highest role: by position, of two at one position the older is higher. */
function rank(guild: Guild, user: Id): [number, bigint] {
  const own = new Set(guild.members.find((it) => it.user.id === user)?.roles);
  const ranks = guild.roles.filter((role) => own.has(role.id)).map((role): [number, bigint] => [role.position, -BigInt(role.id)]);
  return ranks.sort(higher)[0] ?? [0, 0n];
}
const higher = (a: [number, bigint], b: [number, bigint]): number => b[0] - a[0] || (b[1] > a[1] ? 1 : b[1] < a[1] ? -1 : 0);

export function mayInGuild(guild: Guild, bit: bigint): boolean {
  const held = BigInt(guild.permissions ?? "0");
  return (held & (bit | ADMINISTRATOR)) !== 0n;
}

function administers(guild: Guild, user: Id): boolean {
  const own = guild.members.find((it) => it.user.id === user)?.roles ?? [];
  return guild.roles.some((role) => (role.id === guild.id || own.includes(role.id)) && (BigInt(role.permissions ?? "0") & ADMINISTRATOR) !== 0n);
}

/** Why `actor`, whose permissions the guild's view carries, may not; null when they may. */
export function obstacle(guild: Guild, actor: Id, target: Id, measure: Measure): string | null {
  const { bit, name } = NEEDS[measure];
  if (actor === target) return "not yourself";
  if (!mayInGuild(guild, bit)) return `needs ${name}`;
  if (target === guild.owner_id) return "owns the server";
  if (measure === "timeout" && administers(guild, target)) return "administrator";
  if (actor !== guild.owner_id && higher(rank(guild, actor), rank(guild, target)) >= 0) return "ranks as high as you or higher";
  return null;
}

/** Why `actor`, whose permissions the guild's view carries, may neither give nor take a role; null when they may. */
export function roleObstacle(guild: Guild, actor: Id, role: Role): string | null {
  if (role.managed) return "belongs to a bot";
  if (!mayInGuild(guild, MANAGE_ROLES)) return "needs Manage roles";
  if (actor !== guild.owner_id && higher(rank(guild, actor), [role.position, -BigInt(role.id)]) >= 0) return "ranks as high as you or higher";
  return null;
}

/** A guild's roles but @everyone, highest first; of two at one position the older is higher. */
export function ranked(guild: Pick<Guild, "id" | "roles">): Role[] {
  const place = (role: Role): [number, bigint] => [role.position, -BigInt(role.id)];
  return guild.roles.filter((role) => role.id !== guild.id).sort((a, b) => higher(place(a), place(b)));
}
