// Where the person is: the channel, kept in the address so that a reload comes back to it.
import type { Guild, Id } from "../api/discord";
import { ChannelType } from "../api/discord";
import type { Directory } from "./directory.svelte";

/** What the sidebar lists: a guild's channels, or direct messages. */
export type Place = { guild: Id } | "dms";

export class Navigation {
  channel = $state<Id | null>(null);
  place = $state.raw<Place>("dms");
  /** Side panels: on a phone one at a time over the page, elsewhere beside it. */
  sidebarOpen = $state(false);
  membersOpen = $state(true);

  private readonly directory: Directory;
  private readonly lastIn = new Map<string, Id>();

  constructor(directory: Directory) {
    this.directory = directory;
    this.channel = channelIn(location.hash);
    this.membersOpen = innerWidth > 1080;
  }

  go(channel: Id): void {
    const guild = this.directory.guildOf(channel);
    this.place = guild ? { guild: guild.id } : "dms";
    this.lastIn.set(guild?.id ?? "dms", channel);
    this.channel = channel;
    this.sidebarOpen = false;
    if (innerWidth <= 1080) this.membersOpen = false;
    const hash = `#/channels/${channel}`;
    if (location.hash !== hash) history.pushState(null, "", `${location.pathname}${location.search}${hash}`);
  }
  goPlace(place: Place): void {
    this.place = place;
    const key = place === "dms" ? "dms" : place.guild;
    const guild = place === "dms" ? null : this.directory.guilds.find((it) => it.id === place.guild);
    const target =
      this.lastIn.get(key) ?? (guild ? firstText(guild) : this.directory.dms[0]?.id) ?? null;
    const keepOpen = this.sidebarOpen;
    if (target) this.go(target);
    this.sidebarOpen = keepOpen;
  }
  /** Follows the address after back and forward. */
  follow(): void {
    const channel = channelIn(location.hash);
    if (channel && this.directory.channel(channel)) this.go(channel);
  }
  /** Picks a channel that exists, after the view was read. */
  settle(): void {
    if (this.channel && this.directory.channel(this.channel)) {
      const guild = this.directory.guildOf(this.channel);
      this.place = guild ? { guild: guild.id } : "dms";
      return;
    }
    const guild = this.directory.guilds[0];
    const target = (guild && firstText(guild)) ?? this.directory.dms[0]?.id;
    if (target) this.go(target);
    else this.channel = null;
  }
}

export function channelIn(hash: string): Id | null {
  return /^#\/channels\/(\d{5,20})$/.exec(hash)?.[1] ?? null;
}

function firstText(guild: Guild): Id | undefined {
  const text = guild.channels
    .filter((channel) => channel.type === ChannelType.Text)
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  return (text.find((channel) => channel.name === "general") ?? text[0])?.id;
}
