// Application commands by channel, read when first needed.
import type { Backend } from "../api/backend";
import type { Command, Id } from "../api/discord";

export class Commands {
  private known = $state.raw<ReadonlyMap<Id, Command[]>>(new Map());
  private readonly asked = new Set<Id>();
  private readonly backend: Backend;
  private readonly user: () => Id;

  constructor(backend: Backend, user: () => Id) {
    this.backend = backend;
    this.user = user;
  }
  in(channel: Id): Command[] {
    return this.known.get(channel) ?? [];
  }
  async load(channel: Id): Promise<void> {
    if (this.asked.has(channel)) return;
    this.asked.add(channel);
    const user = this.user();
    try {
      const list = await this.backend.commands(user, channel);
      if (user === this.user()) this.known = new Map(this.known).set(channel, list);
    } catch {
      // Asked again on the next occasion; the picker says that it found nothing.
      this.asked.delete(channel);
    }
  }
  /** Somebody else acts now. */
  clear(): void {
    this.asked.clear();
    this.known = new Map();
  }
  /** They may have changed. What is known stays on show until the new list is there. */
  forget(): void {
    this.asked.clear();
  }
}
