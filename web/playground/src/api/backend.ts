// What the page needs from a local Discord. `control.ts` speaks to a real one; the fixture stands
// in for it where no server runs.
import type { Bench } from "./bench";
import type { Channel, Choice, Command, Component, Guild, Id, Message, User } from "./discord";

export type View = {
  user: User;
  people: User[];
  bots: User[];
  guilds: Guild[];
  dms: Channel[];
  /** Applications that the person has installed for themselves. */
  installed?: Id[];
  /** World time when it was read. */
  now?: string;
};

export type World = { users: User[]; guilds: { id: Id; owner_id: Id }[] };

export type FileBody = {
  filename: string;
  /** base64 */
  data: string;
  content_type?: string;
  description?: string;
  spoiler?: boolean;
};

export type Modal = { custom_id: string; title: string; components: Component[] };

export type InteractionResult = {
  interaction: Id;
  kind: "message" | "update" | "deferred" | "deferred_update" | "modal" | "choices" | null;
  message: Message | null;
  ephemeral: boolean;
  modal: Modal | null;
  choices: Choice[] | null;
};

export type Value = string | number | boolean | FileBody;
export type Options = { [name: string]: Value | Options };
export type ModalValues = Record<string, string | boolean | string[]>;

type Command_ = { user: Id; channel: Id; name: string; application?: Id };

/** Acting as a person: one entry per function, with its body and its answer. */
export type Actions = {
  send_message: [{ user: Id; channel: Id; text?: string; reply_to?: Id; forward?: Id; files?: FileBody[] }, Message];
  edit: [{ user: Id; message_id: Id; text: string }, Message];
  delete: [{ user: Id; message_id: Id }, object];
  react: [{ user: Id; message_id: Id; emoji: string; remove?: boolean }, object];
  pin: [{ user: Id; message_id: Id; remove?: boolean }, object];
  typing: [{ user: Id; channel: Id }, object];
  open_dm: [{ user: Id; recipient: Id }, Channel];
  create_thread: [{ user: Id; channel: Id; name: string; message_id?: Id; text?: string; tags?: Id[] }, Channel];
  install: [{ user: Id; application: Id; remove?: boolean }, object];
  presence: [{ user: Id; status: string }, object];
  slash: [Command_ & { options?: Options; type?: 1 | 2 | 3; target?: Id }, InteractionResult];
  autocomplete: [Command_ & { focused: string; text: string; options?: Options }, InteractionResult];
  click: [{ user: Id; message_id: Id; custom_id: string }, InteractionResult];
  select: [
    { user: Id; message_id: Id; custom_id: string; values: string[]; component_type: number },
    InteractionResult,
  ];
  submit_modal: [
    { user: Id; interaction: Id; custom_id: string; values: ModalValues; files?: Record<string, FileBody[]> },
    InteractionResult,
  ];
};

export type StreamEvent = { event: string; data: Record<string, unknown> };

export type StreamHandlers<T = StreamEvent> = {
  /** The line is up; `again` when it had been up before, so that events may have been missed. */
  onopen(again: boolean): void;
  onlost(): void;
  onevent(event: T): void;
};

export interface Backend {
  world(): Promise<World>;
  view(user: Id): Promise<View>;
  messages(user: Id, channel: Id, query: { before?: Id; limit?: number }): Promise<Message[]>;
  pins(user: Id, channel: Id): Promise<Message[]>;
  commands(user: Id, channel: Id): Promise<Command[]>;
  act<F extends keyof Actions>(name: F, body: Actions[F][0]): Promise<Actions[F][1]>;
  /** Follows what the person sees until the returned function is called. */
  stream(user: Id, handlers: StreamHandlers): () => void;
  /** The operator's side; null where there is no server to operate. */
  readonly bench: Bench | null;
}

/** A refusal, in words a person can act on. */
export class BackendError extends Error {
  readonly status: number;
  readonly code: string;
  /** Dotted path of the value at fault, when one is. */
  readonly field: string | undefined;

  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.name = "BackendError";
    this.status = status;
    this.code = code;
    this.field = field;
  }
}
