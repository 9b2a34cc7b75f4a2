// What is being written: drafts, the message replied to, the message being edited.
import { SvelteMap } from "svelte/reactivity";
import type { Id, Message } from "../api/discord";

export class Composing {
  /** By channel, so that a half-written message survives a look elsewhere. */
  readonly drafts = new SvelteMap<Id, string>();
  replyTo = $state.raw<Message | null>(null);
  editing = $state<Id | null>(null);
  /** Asks the composer to take focus; counted, so that asking twice works twice. */
  focusRequests = $state(0);

  focus(): void {
    this.focusRequests++;
  }
  reply(message: Message): void {
    this.replyTo = message;
    this.focus();
  }
  suggest(channel: Id, text: string): void {
    this.drafts.set(channel, text);
    this.focus();
  }
}
