// An audit log entry as a sentence and a list of changes. Whatever people typed stays text.
import type { Id, User } from "../../api/discord";
import type { AuditChange, AuditEntry, AuditPage } from "../../api/moderation";
import type { PermissionName } from "../../api/guilds";
import { label as permissionLabel } from "../permissions/names";
import { actionOf } from "./actions";

/** Characters of one value; longer ones are cut. */
const MAX_VALUE = 200;

/** What is known of the ids in entries. */
export type Names = { user(id: Id): string | undefined; channel(id: Id): string | undefined; role(id: Id): string | undefined; other(id: Id): string | undefined };
export type Line = { key: string; from: string | null; to: string | null };

/** Entries of pages, each once, newest first. */
export function merge(old: AuditEntry[], page: AuditEntry[]): AuditEntry[] {
  const known = new Map([...old, ...page].map((entry) => [entry.id, entry]));
  return [...known.values()].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
}

/** Names that pages bring along, whoever asks first. */
export class Mentioned {
  private readonly users = new Map<Id, User>();
  private readonly others = new Map<Id, string>();
  add(page: AuditPage): void {
    for (const user of page.users) this.users.set(user.id, user);
    for (const it of [...page.threads, ...page.webhooks, ...page.integrations, ...page.application_commands]) this.others.set(it.id, it.name ?? "unnamed");
  }
  user = (id: Id): User | undefined => this.users.get(id);
  other = (id: Id): string | undefined => this.others.get(id);
}

const named = (change: AuditChange | undefined): string | undefined => {
  const value = change?.new_value ?? change?.old_value;
  return typeof value === "string" && value ? value : undefined;
};

/** The target's name: what it is called now, or what the entry says it was called. */
export function targetOf(entry: AuditEntry, names: Names): string | null {
  const { target } = actionOf(entry.action_type);
  const id = entry.target_id;
  const change = (key: string) => named(entry.changes?.find((it) => it.key === key));
  if (target === "invite") return change("code") ?? null;
  if (target === "guild" || id === null) return null;
  const known = target === "user" ? names.user(id) : target === "role" ? names.role(id) : target === "channel" ? names.channel(id) : undefined;
  const name = known ?? names.other(id) ?? change("name") ?? change("topic");
  const sign = target === "channel" ? "#" : target === "role" ? "@" : "";
  return name ? `${sign}${name}` : id;
}

/** Facts beside the changes: where, how many, for whom. */
export function facts(entry: AuditEntry, names: Names): string[] {
  const { options = {} } = entry;
  const out: string[] = [];
  const { channel_id, count, id, type, role_name, members_removed, delete_member_days, status } = options;
  if (id) out.push(type === "0" ? `for the role ${names.role(id) ?? role_name ?? id}` : `for ${names.user(id) ?? id}`);
  if (channel_id) out.push(`in #${names.channel(channel_id) ?? channel_id}`);
  if (count) out.push(count === "1" ? "once" : `${count} of them`);
  if (members_removed) out.push(`${members_removed} members, after ${delete_member_days ?? "some"} days without a sign`);
  if (status) out.push(`“${status}”`);
  return out;
}

const NAMED: Record<string, string> = { nick: "Nickname", nsfw: "Age-restricted", rate_limit_per_user: "Slowmode", communication_disabled_until: "Timed out until", parent_id: "Category", deaf: "Deafened", mute: "Muted" };

export function keyName(key: string): string {
  if (key === "$add") return "Roles given";
  if (key === "$remove") return "Roles taken";
  const text = NAMED[key] ?? key.replace(/_id$/, "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const cut = (text: string): string => (text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);

function value(key: string, it: unknown, names: Names): string | null {
  if (it === undefined || it === null || it === "") return null;
  if (typeof it === "boolean") return it ? "yes" : "no";
  if (key === "color" && typeof it === "number") return it ? `#${it.toString(16).padStart(6, "0")}` : null;
  if (key === "rate_limit_per_user" && typeof it === "number") return it ? `${it} s` : "off";
  if (key === "communication_disabled_until" && typeof it === "string") return new Date(it).toLocaleString();
  if (typeof it === "string") return cut(/_id$/.test(key) ? (names.channel(it) ?? names.role(it) ?? names.user(it) ?? it) : it);
  if (Array.isArray(it) && it.every((part) => typeof (part as { name?: unknown } | null)?.name === "string")) return cut(it.map((part) => (part as { name: string }).name).join(", ")) || null;
  return cut(typeof it === "number" ? String(it) : JSON.stringify(it));
}

const BITS = new Set(["permissions", "allow", "deny"]);
const bits = (it: unknown): bigint => (typeof it === "string" && /^\d+$/.test(it) ? BigInt(it) : 0n);

/** Old and new in words; of permissions only those that differ. */
export function line(change: AuditChange, names: Names, permissions: PermissionName[]): Line {
  const key = keyName(change.key);
  if (BITS.has(change.key)) {
    const [old, now] = [bits(change.old_value), bits(change.new_value)];
    const list = (mask: bigint) => permissions.filter(({ bit }) => (mask & BigInt(bit)) !== 0n).map(({ name, bit }) => permissionLabel(name, bit)).join(", ");
    return { key, from: list(old & ~now) || null, to: list(now & ~old) || null };
  }
  // What was given or taken is one list, not an old and a new.
  if (change.key.startsWith("$")) return { key, from: null, to: value(change.key, change.new_value, names) };
  return { key, from: value(change.key, change.old_value, names), to: value(change.key, change.new_value, names) };
}
