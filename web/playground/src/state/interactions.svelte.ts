// Commands, clicks and modals on their way to a bot, and how they went.
import { SvelteMap } from "svelte/reactivity";
import type { Actions, Backend, InteractionResult, Modal } from "../api/backend";
import type { Id } from "../api/discord";
import type { Messages } from "./messages.svelte";

export const NO_ANSWER = "The application did not respond";

/** A command that has no message of its own yet. */
export type Pending = {
  key: number;
  channel: Id;
  label: string;
  /** Absent while waiting. */
  failure?: string;
  retry: () => void;
};

/** A component of a message that was used. */
export type Use = { customId: string; failure?: string };

export type OpenModal = { interaction: Id; channel: Id; message: Id | null; modal: Modal };

type Invoking = "slash" | "click" | "select" | "submit_modal";

export class Interactions {
  pending = $state.raw<Pending[]>([]);
  modal = $state.raw<OpenModal | null>(null);
  /** Names of commands by interaction, for the line above an answer. */
  readonly names = new SvelteMap<Id, string>();
  /** By message. */
  readonly uses = new SvelteMap<Id, Use>();

  private keys = 0;
  private readonly backend: Backend;
  private readonly messages: Messages;

  constructor(backend: Backend, messages: Messages) {
    this.backend = backend;
    this.messages = messages;
  }

  /** Runs a command of any type. `label` says it in the message list, as in "/echo". */
  async command(body: Actions["slash"][0], label: string): Promise<void> {
    const key = ++this.keys;
    const entry: Pending = {
      key,
      channel: body.channel,
      label,
      retry: () => {
        this.dismiss(key);
        void this.command(body, label);
      },
    };
    this.pending = [...this.pending, entry];
    try {
      const result = await this.backend.act("slash", body);
      this.names.set(result.interaction, body.name);
      if (result.kind === null) return this.fail(key, NO_ANSWER);
      this.accept(result, body.channel, null);
      this.dismiss(key);
    } catch (error) {
      this.fail(key, describe(error));
    }
  }

  /** Uses a button or select of a message. */
  async use<F extends "click" | "select">(name: F, body: Actions[F][0], channel: Id): Promise<void> {
    this.uses.set(body.message_id, { customId: body.custom_id });
    await this.settle(name, body, channel, body.message_id, body.custom_id);
  }

  /** Hands in the open modal; throws when the server refuses what was entered. */
  async submit(open: OpenModal, body: Actions["submit_modal"][0]): Promise<void> {
    const result = await this.backend.act("submit_modal", body);
    if (result.kind === null) throw new Error(`${NO_ANSWER}.`);
    this.modal = null;
    this.accept(result, open.channel, open.message);
  }

  private async settle<F extends Invoking>(
    name: F,
    body: Actions[F][0],
    channel: Id,
    message: Id,
    customId: string,
  ): Promise<void> {
    try {
      const result = (await this.backend.act(name, body)) as InteractionResult;
      if (result.kind === null) this.uses.set(message, { customId, failure: NO_ANSWER });
      else {
        this.uses.delete(message);
        this.accept(result, channel, message);
      }
    } catch (error) {
      this.uses.set(message, { customId, failure: describe(error) });
    }
  }

  private accept(result: InteractionResult, channel: Id, message: Id | null): void {
    if (result.modal) this.modal = { interaction: result.interaction, channel, message, modal: result.modal };
    // An update or deferred update reaches everybody by an event, this person too.
    if (result.kind === "message" || result.kind === "deferred") this.messages.add(result.message);
  }
  private fail(key: number, failure: string): void {
    this.pending = this.pending.map((entry) => (entry.key === key ? { ...entry, failure } : entry));
  }
  dismiss(key: number): void {
    this.pending = this.pending.filter((entry) => entry.key !== key);
  }
  closeModal(): void {
    this.modal = null;
  }
  clear(): void {
    this.pending = [];
    this.modal = null;
    this.uses.clear();
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
