// What the permission editor shows and does: the guild as the operator reads it, who acts, and each change followed
// by a new look.
import type { Bench } from "../../api/bench";
import { ChannelType, type Channel, type Id, type Member, type Role } from "../../api/discord";
import type { OverwriteChange, PermissionName, RoleChange, WholeGuild } from "../../api/guilds";
import type { Toasts } from "../../state/toasts.svelte";

export class Desk {
  guild = $state.raw<WholeGuild | null>(null);
  names = $state.raw<PermissionName[]>([]);
  /** Why there is nothing to edit. */
  problem = $state<string | null>(null);
  /** Who acts; null is the operator. */
  as = $state<Id | null>(null);
  /** Counts looks at the guild, so that what depends on it is asked for anew. */
  looks = $state(0);

  readonly id: Id;
  /** Counts questions, so that an answer to an older one is dropped. */
  private reads = 0;
  private readonly bench: Bench;
  private readonly toasts: Toasts;

  constructor(bench: Bench, id: Id, as: Id, toasts: Toasts) {
    this.bench = bench;
    this.id = id;
    this.as = as;
    this.toasts = toasts;
  }

  /** Highest first; @everyone is the last. Of two at one position the older is higher. */
  readonly roles: Role[] = $derived(
    [...(this.guild?.roles ?? [])].sort((a, b) => b.position - a.position || (BigInt(a.id) < BigInt(b.id) ? -1 : 1)),
  );
  /** People and bots by name. */
  readonly members: Member[] = $derived([...(this.guild?.members ?? [])].sort((a, b) => nameOf(a).localeCompare(nameOf(b))));
  /** Categories, each followed by its channels; those without one first. */
  readonly channels: Channel[] = $derived.by(() => {
    const all = [...(this.guild?.channels ?? [])].sort((a, b) => (a.position ?? 0) - (b.position ?? 0) || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    const categories = all.filter((it) => it.type === ChannelType.Category);
    const inside = (parent: Id | null) => all.filter((it) => it.type !== ChannelType.Category && (it.parent_id ?? null) === parent);
    return [...inside(null), ...categories.flatMap((category) => [category, ...inside(category.id)])];
  });

  role(id: Id): Role | undefined {
    return this.guild?.roles.find((it) => it.id === id);
  }
  /** @everyone counts all members. */
  holders(role: Role): number {
    return role.id === this.id ? this.members.length : this.members.filter((it) => it.roles.includes(role.id)).length;
  }

  async look(): Promise<void> {
    const read = ++this.reads;
    try {
      const [guild, names] = await Promise.all([this.bench.guilds.read(this.id), this.names.length ? this.names : this.bench.guilds.permissions()]);
      if (read !== this.reads) return;
      this.guild = guild;
      this.names = names;
      this.problem = null;
      this.looks++;
    } catch (error) {
      if (read === this.reads) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  createRole = (set: RoleChange) => this.change(this.bench.guilds.createRole(this.as, this.id, set));
  editRole = (role: Id, set: RoleChange) => this.change(this.bench.guilds.editRole(this.as, this.id, role, set));
  deleteRole = (role: Id) => this.change(this.bench.guilds.deleteRole(this.as, this.id, role));
  moveRole = (role: Id, position: number) => this.change(this.bench.guilds.moveRole(this.as, this.id, role, position));
  giveRole = (member: Id, role: Id) => this.change(this.bench.guilds.giveRole(this.as, this.id, member, role));
  takeRole = (member: Id, role: Id) => this.change(this.bench.guilds.takeRole(this.as, this.id, member, role));
  setOverwrite = (channel: Channel, set: OverwriteChange) => this.change(this.bench.guilds.setOverwrite(this.as, channel, set));
  removeOverwrite = (channel: Channel, target: Id) => this.change(this.bench.guilds.removeOverwrite(this.as, channel, target));

  /** Says what was refused, and looks again either way: what is shown is what is. */
  private async change<T>(work: Promise<T>): Promise<T | undefined> {
    const answer = await this.toasts.guard(work);
    await this.look();
    return answer;
  }
}

export const nameOf = (member: Member): string => member.nick || member.user.global_name || member.user.username;
export const roleColor = (role: Role | undefined): string => (role?.color ? `#${role.color.toString(16).padStart(6, "0")}` : "var(--edge)");
