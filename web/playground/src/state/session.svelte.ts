// Who acts in this tab, and the line to the local Discord.
import { BackendError, type Backend } from "../api/backend";
import type { Id, User } from "../api/discord";
import { handle } from "./events";
import type { Stores } from "./stores";

/** Structural events come in bursts (a new guild is dozens): one re-read serves them all. */
const REREAD_MS = 60;

export type Link = "connecting" | "live" | "lost";

export class Session {
  user = $state<Id>("");
  link = $state<Link>("connecting");
  /** Why there is nothing to show. */
  problem = $state<string | null>(null);

  private readonly backend: Backend;
  private stores!: Stores;
  private close: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts re-reads, so that an answer to an older question is dropped. */
  private reads = 0;
  /** Whether the next re-read is to read messages as well. */
  private messagesToo = false;

  constructor(backend: Backend) {
    this.backend = backend;
  }
  attach(stores: Stores): void {
    this.stores = stores;
  }
  get me(): User | undefined {
    return this.stores.directory.user(this.user);
  }

  /** Starts as the person in the address, or as the owner of the first guild. */
  async start(): Promise<void> {
    this.problem = null;
    this.close?.();
    this.close = undefined;
    this.user = "";
    try {
      const wanted = new URLSearchParams(location.search).get("as");
      const world = await this.backend.world();
      const people = world.users.filter((user) => !user.bot);
      const owner = world.guilds[0]?.owner_id;
      const user = people.find((it) => it.id === wanted) ?? people.find((it) => it.id === owner) ?? people[0];
      if (!user) throw new Error("This world has no person to act as. Create one with the control API.");
      this.become(user.id);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Acts as another person from now on, in this tab only. */
  become(user: Id): void {
    if (user === this.user) return;
    this.close?.();
    clearTimeout(this.timer);
    this.user = user;
    this.link = "connecting";
    const { messages, interactions, typing, unread, commands } = this.stores;
    messages.forget();
    interactions.clear();
    typing.clear();
    commands.clear();
    unread.channels.clear();
    const address = new URL(location.href);
    address.searchParams.set("as", user);
    history.replaceState(history.state, "", address);
    // The stream first: whatever happens after the view was read then arrives as an event.
    this.close = this.backend.stream(user, {
      onopen: () => void this.reread(true),
      onlost: () => void this.lost(user),
      onevent: (event) => handle(this.stores, event),
    });
  }

  rereadSoon(withMessages = false): void {
    clearTimeout(this.timer);
    this.messagesToo ||= withMessages;
    this.timer = setTimeout(() => void this.reread(), REREAD_MS);
  }

  /** The line may be down because the server started anew, with other people. */
  private async lost(user: Id): Promise<void> {
    this.link = "lost";
    try {
      await this.backend.view(user);
    } catch (error) {
      if (user === this.user && error instanceof BackendError && error.status === 404) await this.start();
    }
  }

  /** Reads the view again, and the messages too when some may have been missed. */
  async reread(withMessages = false): Promise<void> {
    const read = ++this.reads;
    const { user } = this;
    this.messagesToo ||= withMessages;
    const { directory, navigation, messages, commands } = this.stores;
    try {
      const view = await this.backend.view(user);
      if (read !== this.reads || user !== this.user) {
        // A later question is on its way and will be answered instead.
        return;
      }
      const messagesToo = this.messagesToo;
      this.messagesToo = false;
      directory.replace(view);
      navigation.settle();
      commands.forget();
      if (messagesToo) await messages.refresh(navigation.channel);
      this.problem = null;
      this.link = "live";
    } catch (error) {
      if (user !== this.user) return;
      if (directory.view) this.link = "lost";
      else this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
