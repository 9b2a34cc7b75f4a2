// Names and looks of users, roles and channels, as the acting person sees them.
import { ChannelType, type Channel, type Guild, type Id, type Member, type Role, type Status, type User } from "../api/discord";
import type { View } from "../api/backend";

export class Directory {
  view = $state.raw<View | null>(null);
  /** Presence changes since the view was read. */
  private statuses = $state.raw<ReadonlyMap<Id, Status>>(new Map());
  /** People met in messages who are in no list (webhooks, former members). */
  private met = $state.raw<ReadonlyMap<Id, User>>(new Map());

  readonly guilds: Guild[] = $derived(this.view?.guilds ?? []);
  readonly dms: Channel[] = $derived(this.view?.dms ?? []);

  private readonly users: ReadonlyMap<Id, User> = $derived.by(() => {
    const users = new Map(this.met);
    const { view } = this;
    if (!view) return users;
    for (const dm of view.dms) for (const user of dm.recipients ?? []) users.set(user.id, user);
    for (const guild of view.guilds) for (const member of guild.members) users.set(member.user.id, member.user);
    for (const user of [...view.bots, ...view.people, view.user]) users.set(user.id, user);
    return users;
  });

  private readonly places: ReadonlyMap<Id, { channel: Channel; guild: Guild | null }> = $derived.by(() => {
    const places = new Map<Id, { channel: Channel; guild: Guild | null }>();
    for (const dm of this.dms) places.set(dm.id, { channel: dm, guild: null });
    for (const guild of this.guilds)
      for (const channel of [...guild.channels, ...(guild.threads ?? [])]) places.set(channel.id, { channel, guild });
    return places;
  });

  /** How far world time is ahead of this machine's, in ms. */
  private ahead = 0;

  replace(view: View): void {
    this.view = view;
    this.ahead = view.now ? Date.parse(view.now) - Date.now() : 0;
    this.statuses = new Map();
  }
  meet(users: User[]): void {
    const unknown = users.filter((user) => !this.users.has(user.id));
    if (unknown.length) this.met = new Map([...this.met, ...unknown.map((user) => [user.id, user] as const)]);
  }
  setStatus(user: Id, status: Status): void {
    this.statuses = new Map(this.statuses).set(user, status);
  }

  user(id: Id): User | undefined {
    return this.users.get(id);
  }
  channel(id: Id | null | undefined): Channel | undefined {
    return id ? this.places.get(id)?.channel : undefined;
  }
  guildOf(channel: Id | null | undefined): Guild | null {
    return channel ? (this.places.get(channel)?.guild ?? null) : null;
  }
  role(guild: Guild | null, id: Id): Role | undefined {
    return guild?.roles.find((role) => role.id === id);
  }
  member(guild: Guild | null, user: Id): Member | undefined {
    return guild?.members.find((member) => member.user.id === user);
  }
  status(member: Member): Status {
    return this.statuses.get(member.user.id) ?? member.status ?? "offline";
  }

  /** What to call a user in a guild: nick, display name, user name. */
  name(user: User, guild: Guild | null = null): string {
    return this.member(guild, user.id)?.nick || user.global_name || user.username;
  }
  channelName(channel: Channel): string {
    if (channel.type === ChannelType.Dm || channel.type === ChannelType.GroupDm) {
      const others = channel.recipients ?? [];
      return others.map((user) => this.name(user)).join(", ") || "Direct message";
    }
    return channel.name ?? "unnamed";
  }
  /** Colour of the highest coloured role, as CSS, or undefined. */
  color(user: Id, guild: Guild | null): string | undefined {
    const member = this.member(guild, user);
    const role = guild?.roles
      .filter((role) => role.color !== 0 && member?.roles.includes(role.id))
      .sort((a, b) => b.position - a.position)[0];
    return role ? hex(role.color) : undefined;
  }
  /** World time in ms; while it stands still, within a reading of the view. */
  now(): number {
    return Date.now() + this.ahead;
  }
  /** Until when a member is timed out, if they are. */
  timedOut(member: Member | undefined): string | null {
    const until = member?.communication_disabled_until;
    return until && Date.parse(until) > this.now() ? until : null;
  }
  isPerson(user: Id): boolean {
    return this.view?.people.some((person) => person.id === user) ?? false;
  }
}

export const hex = (color: number): string => `#${color.toString(16).padStart(6, "0")}`;
