// Roles, overwrites and applications of a guild: as a person, whom rank and permissions bind, or (`as` null) as
// the operator of this local Discord. And why somebody may do something.
import type { Channel, Guild, Id, Role } from "./discord";
import { call } from "./http";

export type PermissionName = { name: string; bit: string; scope: "guild" | "channel" };

/** One step of how a permission came about, in words. */
export type WhyStep = { by: string; gives: boolean; text: string; role?: Id };
export type WhyRow = { name: string | null; bit: string; granted: boolean; decided_by: WhyStep; steps: WhyStep[] };
export type Why = { user: Id; ruled_by: Id | null; bits: string; visible: boolean; permissions: WhyRow[] };

export type RoleChange = Partial<Pick<Role, "name" | "color" | "hoist" | "mentionable" | "permissions">>;
/** A guild as the operator sees it: every channel, and the ids of the applications in it. */
export type WholeGuild = Guild & { applications: Id[] };
export type OverwriteChange = { target: Id; type: "role" | "member"; allow: string; deny: string };

type As = Id | null;
const act = <T>(name: string, body: object) => call<T>("POST", `/actor/${name}`, body);

export const guilds = {
  permissions: () => call<PermissionName[]>("GET", "/permissions"),
  read: (guild: Id) => call<WholeGuild>("GET", `/world/guilds/${guild}`),
  why: (user: Id, guild: Id, channel: Id | null) =>
    call<Why>("GET", channel ? `/world/channels/${channel}/permissions/${user}` : `/world/guilds/${guild}/permissions/${user}`),

  createRole: (as: As, guild: Id, set: RoleChange) =>
    as ? act<Role>("create_role", { user: as, guild, set }) : call<Role>("POST", `/world/guilds/${guild}/roles`, set),
  editRole: (as: As, guild: Id, role: Id, set: RoleChange) =>
    as ? act<Role>("edit_role", { user: as, guild, role, set }) : call<Role>("PATCH", `/world/guilds/${guild}/roles/${role}`, set),
  moveRole: (as: As, guild: Id, role: Id, position: number) =>
    as
      ? act<Role[]>("move_role", { user: as, guild, role, position })
      : call<Role[]>("PATCH", `/world/guilds/${guild}/roles`, [{ id: role, position }]),
  deleteRole: (as: As, guild: Id, role: Id) =>
    as ? act<object>("delete_role", { user: as, guild, role }) : call<object>("DELETE", `/world/guilds/${guild}/roles/${role}`),

  giveRole: (as: As, guild: Id, target: Id, role: Id) =>
    as ? act<object>("give_role", { user: as, guild, target, role }) : call<object>("PUT", `/world/guilds/${guild}/members/${target}/roles/${role}`),
  takeRole: (as: As, guild: Id, target: Id, role: Id) =>
    as ? act<object>("take_role", { user: as, guild, target, role }) : call<object>("DELETE", `/world/guilds/${guild}/members/${target}/roles/${role}`),

  setOverwrite: (as: As, channel: Channel, { target, ...set }: OverwriteChange) =>
    as
      ? act<object>("set_overwrite", { user: as, channel: channel.id, target, ...set })
      : call<object>("PUT", `/world/channels/${channel.id}/overwrites/${target}`, set),
  removeOverwrite: (as: As, channel: Channel, target: Id) =>
    as
      ? act<object>("remove_overwrite", { user: as, channel: channel.id, target })
      : call<object>("DELETE", `/world/channels/${channel.id}/overwrites/${target}`),

  removeApplication: (user: Id, application: Id, guild: Id) => act<object>("remove_application", { user, application, guild }),
};
