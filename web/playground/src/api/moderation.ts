// What a moderator does and reads, as a person whom permissions and rank bind.
import type { Channel, Id, Member, User } from "./discord";
import { call, query } from "./http";

export type Ban = { user: User; reason: string | null };

export type AuditChange = { key: string; old_value?: unknown; new_value?: unknown };
/** See Discord docs: Audit Log / Audit Log Entry Object. */
export type AuditEntry = {
  id: Id;
  user_id: Id | null;
  target_id: Id | null;
  action_type: number;
  changes?: AuditChange[];
  options?: Record<string, string>;
  reason?: string;
};
export type AuditPage = {
  audit_log_entries: AuditEntry[];
  users: User[];
  threads: Channel[];
  webhooks: { id: Id; name: string | null }[];
  integrations: { id: Id; name: string }[];
  application_commands: { id: Id; name: string }[];
};
export type AuditQuery = { limit: number; before?: Id | undefined; user_id?: Id | undefined; action_type?: number | undefined };

type Whom = { user: Id; guild: Id; target: Id; reason?: string };
const act = <T>(name: string, body: object) => call<T>("POST", `/actor/${name}`, body);
const there = (user: Id, guild: Id): string => `/view/${user}/guilds/${guild}`;

export const moderation = {
  kick: (body: Whom) => act<object>("kick", body),
  ban: (body: Whom & { delete_message_seconds: number }) => act<object>("ban", body),
  unban: (body: Whom) => act<object>("unban", body),
  /** 0 seconds end a time-out. */
  timeOut: (body: Whom & { seconds: number }) => act<Member>("timeout", body),
  bans: (user: Id, guild: Id, range: { limit: number; after?: Id | undefined }) => call<Ban[]>("GET", `${there(user, guild)}/bans${query(range)}`),
  auditLog: (user: Id, guild: Id, range: AuditQuery) => call<AuditPage>("GET", `${there(user, guild)}/audit_log${query(range)}`),
};
