// What has been read of each channel's messages, kept true by events.
import { compareIds } from "../api/media";
import type { Backend } from "../api/backend";
import { MessageFlag, type Emoji, type Id, type Message } from "../api/discord";
import { withReaction } from "./reactions";

const PAGE = 50;
/** Rows kept per channel while its end is in view; older ones are read again on scrolling up. */
const KEPT = 400;

export class ChannelLog {
  /** Oldest first. */
  items = $state.raw<Message[]>([]);
  loaded = $state(false);
  loading = $state(false);
  older = $state(true);
  error = $state<string | null>(null);
}

const isEphemeral = (message: Message): boolean => ((message.flags ?? 0) & MessageFlag.Ephemeral) !== 0;

export class Messages {
  private readonly logs = new Map<Id, ChannelLog>();
  /** Deleted ones, so that a late answer does not bring them back. */
  private readonly gone = new Set<Id>();
  private readonly backend: Backend;
  private readonly user: () => Id;

  constructor(backend: Backend, user: () => Id) {
    this.backend = backend;
    this.user = user;
  }

  log(channel: Id): ChannelLog {
    let log = this.logs.get(channel);
    if (!log) this.logs.set(channel, (log = new ChannelLog()));
    return log;
  }
  find(id: Id): Message | undefined {
    for (const log of this.logs.values()) {
      const message = log.items.find((item) => item.id === id);
      if (message) return message;
    }
    return undefined;
  }

  /** Reads the newest page, once. */
  async open(channel: Id): Promise<void> {
    const log = this.log(channel);
    if (!log.loaded && !log.loading) await this.read(channel, log, undefined);
  }
  async loadOlder(channel: Id): Promise<void> {
    const log = this.log(channel);
    if (!log.loaded || log.loading || !log.older) return;
    const oldest = log.items.find((message) => !isEphemeral(message));
    await this.read(channel, log, oldest?.id);
  }
  /** After events may have been missed: everything is read again when it is next shown. */
  async refresh(current: Id | null): Promise<void> {
    this.gone.clear();
    for (const log of this.logs.values()) log.loaded = false;
    if (current) await this.open(current);
  }
  forget(): void {
    this.logs.clear();
    this.gone.clear();
  }

  private async read(channel: Id, log: ChannelLog, before: Id | undefined): Promise<void> {
    log.loading = true;
    log.error = null;
    const known = new Set(before === undefined ? log.items.map((item) => item.id) : []);
    try {
      const page = await this.backend.messages(this.user(), channel, { limit: PAGE, ...(before ? { before } : {}) });
      // A fresh page replaces what was known, except what the server does not list: answers only
      // this person sees, and what came in while the page was on its way.
      const kept = log.items.filter((item) => isEphemeral(item) || !known.has(item.id));
      log.items = merge(page.filter((item) => !this.gone.has(item.id)), kept);
      log.older = page.length === PAGE;
      log.loaded = true;
    } catch (error) {
      log.error = error instanceof Error ? error.message : String(error);
    } finally {
      log.loading = false;
    }
  }

  /** A message as an event tells it: always newer than what is known. */
  put(message: Message): void {
    if (this.gone.has(message.id)) return;
    const log = this.log(message.channel_id);
    log.items = merge(log.items, [message]);
  }
  /** A message from the answer to a request: the stream may already have told more. */
  add(message: Message | null): void {
    if (!message || this.gone.has(message.id)) return;
    if (!this.log(message.channel_id).items.some((item) => item.id === message.id)) this.put(message);
  }
  update(change: Partial<Message> & { id: Id; channel_id: Id }): void {
    const log = this.log(change.channel_id);
    log.items = log.items.map((item) => (item.id === change.id ? { ...item, ...change } : item));
  }
  remove(channel: Id, ids: Id[]): void {
    for (const id of ids) this.gone.add(id);
    const log = this.log(channel);
    log.items = log.items.filter((item) => !ids.includes(item.id));
  }
  react(channel: Id, id: Id, emoji: Emoji, mine: boolean, delta: 1 | -1): void {
    this.change(channel, id, (message) => ({
      ...message,
      reactions: withReaction(message.reactions ?? [], emoji, mine, delta),
    }));
  }
  clearReactions(channel: Id, id: Id, emoji: Emoji | null): void {
    this.change(channel, id, (message) => ({
      ...message,
      reactions: emoji
        ? (message.reactions ?? []).filter((it) => it.emoji.id !== emoji.id || it.emoji.name !== emoji.name)
        : [],
    }));
  }
  /** Drops the oldest rows; called while the newest are in view. */
  trim(channel: Id): void {
    const log = this.log(channel);
    if (log.items.length <= KEPT) return;
    log.items = log.items.slice(-KEPT / 2);
    log.older = true;
  }
  private change(channel: Id, id: Id, change: (message: Message) => Message): void {
    const log = this.log(channel);
    log.items = log.items.map((item) => (item.id === id ? change(item) : item));
  }
}

/** Both lists in order of age; where both have a message, the second one's counts. */
export function merge(first: Message[], second: Message[]): Message[] {
  const byId = new Map(first.map((message) => [message.id, message]));
  for (const message of second) byId.set(message.id, { ...byId.get(message.id), ...message });
  return [...byId.values()].sort((a, b) => compareIds(a.id, b.id));
}
