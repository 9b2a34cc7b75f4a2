// Channels with something new since they were last open, in this tab.
import { SvelteMap } from "svelte/reactivity";
import { MessageFlag, type Id, type Message } from "../api/discord";

export class Unread {
  /** Number of mentions by channel; 0 for new messages without one. */
  readonly channels = new SvelteMap<Id, number>();

  note(message: Message, me: Id, current: Id | null): void {
    if (message.author.id === me || message.channel_id === current) return;
    const ephemeral = ((message.flags ?? 0) & MessageFlag.Ephemeral) !== 0;
    const direct = message.guild_id === undefined && !ephemeral;
    const mentioned = message.mention_everyone || message.mentions?.some((user) => user.id === me);
    const before = this.channels.get(message.channel_id) ?? 0;
    this.channels.set(message.channel_id, before + (mentioned || direct ? 1 : 0));
  }
  read(channel: Id): void {
    this.channels.delete(channel);
  }
}
