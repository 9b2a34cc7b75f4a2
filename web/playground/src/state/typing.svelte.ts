// Who is typing where. A notice stands for ten seconds, as it does on Discord.
import { SvelteMap } from "svelte/reactivity";
import type { Id } from "../api/discord";

const STANDS_MS = 10_000;
/** How often one's own typing is announced at most. */
export const ANNOUNCE_MS = 8_000;

export class Typing {
  private readonly until = new SvelteMap<string, { channel: Id; user: Id }>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  note(channel: Id, user: Id): void {
    const key = `${channel} ${user}`;
    clearTimeout(this.timers.get(key));
    this.until.set(key, { channel, user });
    this.timers.set(key, setTimeout(() => this.stop(channel, user), STANDS_MS));
  }
  stop(channel: Id, user: Id): void {
    const key = `${channel} ${user}`;
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.until.delete(key);
  }
  in(channel: Id): Id[] {
    return [...this.until.values()].filter((entry) => entry.channel === channel).map((entry) => entry.user);
  }
  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.until.clear();
  }
}
