// What comes back: messages and answers to interactions. `raw` is always Discord's own object, in full.

import type { Json } from "./control.js";

/** Message flags. See Discord docs: Message / Message Flags. */
const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

/** A file to send. */
export interface File {
  filename: string;
  data: Uint8Array | string;
  contentType?: string;
  description?: string;
  spoiler?: boolean;
}

export function isFile(value: unknown): value is File {
  return typeof value === "object" && value !== null && "filename" in value && "data" in value;
}

/** As the control API wants it. */
export function fileBody({ filename, data, contentType, description, spoiler }: File): Json {
  const bytes = typeof data === "string" ? Buffer.from(data) : Buffer.from(data);
  return { filename, data: bytes.toString("base64"), content_type: contentType, description, spoiler };
}

/** A message as it was at that moment. */
export class Message {
  readonly raw: Json;

  constructor(raw: Json) {
    this.raw = raw;
  }

  get id(): string {
    return this.raw["id"];
  }
  get channelId(): string {
    return this.raw["channel_id"];
  }
  get authorId(): string {
    return this.raw["author"]?.id;
  }
  get content(): string {
    return this.raw["content"] ?? "";
  }
  get embeds(): Json[] {
    return this.raw["embeds"] ?? [];
  }
  get attachments(): Json[] {
    return this.raw["attachments"] ?? [];
  }
  get ephemeral(): boolean {
    return (Number(this.raw["flags"] ?? 0) & EPHEMERAL) !== 0;
  }
  /** Whether it only says that the bot is thinking. */
  get loading(): boolean {
    return (Number(this.raw["flags"] ?? 0) & LOADING) !== 0;
  }
  /** All buttons and menus in it, wherever they are nested. */
  get components(): Json[] {
    return walk(this.raw["components"] ?? []).filter((c) => c["custom_id"] || c["url"]);
  }
  /** The custom_id of the component with this custom_id, label or placeholder. */
  customId(name: string): string {
    return find(this.components, name, `message ${JSON.stringify(this.content)}`);
  }
}

/**
 * What a person got for a command, a click, a choice or a form. `kind` is null when the bot did not answer in
 * time (only where `answer: false` was asked for).
 */
export class Interaction {
  readonly raw: Json;

  constructor(raw: Json) {
    this.raw = raw;
  }

  get id(): string {
    return this.raw["interaction"];
  }
  get kind(): "message" | "update" | "deferred" | "deferred_update" | "modal" | "choices" | null {
    return this.raw["kind"] ?? null;
  }
  get ephemeral(): boolean {
    return Boolean(this.raw["ephemeral"]);
  }
  /** The message that was sent or updated. */
  get message(): Message {
    return new Message(this.#part("message"));
  }
  /** The text of that message. */
  get content(): string {
    return this.message.content;
  }
  /** The form that opened: {custom_id, title, components}. */
  get modal(): Json {
    return this.#part("modal");
  }
  /** The values that autocomplete offers. */
  get choices(): (string | number)[] {
    return this.#part("choices").map((choice: Json) => choice["value"]);
  }

  #part(name: string): any {
    const part = this.raw[name];
    if (part === null || part === undefined) throw new Error(`the answer has no ${name}: its kind is ${this.kind}`);
    return part;
  }
}

/** All components, depth first. */
export function walk(components: Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...walk(component["components"] ?? []),
    ...walk(["accessory", "component"].map((key) => component[key]).filter(Boolean)),
  ]);
}

/** A component's custom_id by its custom_id, label or placeholder. */
export function find(components: Json[], name: string, where: string): string {
  for (const key of ["custom_id", "label", "placeholder"]) {
    const found = components.find((component) => component[key] === name && component["custom_id"]);
    if (found) return found["custom_id"];
  }
  const there = components.map((c) => `${c["label"] ?? c["placeholder"] ?? ""} (${c["custom_id"]})`.trim());
  throw new Error(`${where} has no component "${name}"; it has: ${there.join(", ") || "none"}`);
}
