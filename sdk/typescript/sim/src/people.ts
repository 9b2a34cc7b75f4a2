// Persons: everything a human does in a client, as methods.

import { type Json } from "./control.js";
import { NoAnswer, Refused } from "./errors.js";
import { type File, Interaction, Message, fileBody, find, isFile, walk } from "./things.js";
import type { Sim } from "./world.js";

/** Real milliseconds the local Discord waits for a bot's first answer. */
const ANSWER_MS = 5000;
/** Discord's code for a command nobody registered. */
const UNKNOWN_COMMAND = 10063;

/** Where something happens: a channel's id or name ("#off-topic"); the test's own if absent. */
export interface In {
  channel?: string;
}
/** With `answer: false` it is fine if the bot does not answer. */
export interface Answering {
  answer?: boolean;
}

/** A message or its id. */
export type MessageLike = Message | string;

/** Somebody who writes, clicks and reacts. Names work where Discord wants ids. */
export class Person {
  readonly id: string;
  readonly username: string;
  readonly #sim: Sim;

  constructor(sim: Sim, user: Json) {
    this.#sim = sim;
    this.id = user["id"];
    this.username = user["username"];
  }

  get mention(): string {
    return `<@${this.id}>`;
  }

  #act(what: string, body: Json, waitsMs = 0): Promise<any> {
    return this.#sim.control.call("POST", `/actor/${what}`, { user: this.id, ...body }, waitsMs);
  }

  // Writing

  /** Sends a message. */
  async send(text: string, options: In & { replyTo?: MessageLike; files?: readonly File[] } = {}): Promise<Message> {
    const { channel, replyTo, files } = options;
    const where = this.#sim.channel(channel);
    const body = { channel: where, text, reply_to: replyTo && idOf(replyTo), files: files?.map(fileBody) };
    return new Message(await this.#act("send_message", body));
  }

  /** Edits an own message. */
  async edit(message: MessageLike, text: string): Promise<Message> {
    return new Message(await this.#act("edit", { message_id: idOf(message), text }));
  }

  /** Deletes a message. */
  async delete(message: MessageLike): Promise<void> {
    await this.#act("delete", { message_id: idOf(message) });
  }

  /** Adds a reaction ("👍" or "name:id"), or takes it back. */
  async react(message: MessageLike, emoji: string, options: { remove?: boolean } = {}): Promise<void> {
    await this.#act("react", { message_id: idOf(message), emoji, ...options });
  }

  /** Pins or unpins a message. */
  async pin(message: MessageLike, options: { remove?: boolean } = {}): Promise<void> {
    await this.#act("pin", { message_id: idOf(message), ...options });
  }

  /** Shows that this person is typing. */
  async typing(options: In = {}): Promise<void> {
    await this.#act("typing", { channel: this.#sim.channel(options.channel) });
  }

  // Moving about

  /** Joins the test's guild or another; answers the member. */
  async join(guild = this.#sim.guildId): Promise<Json> {
    return this.#act("join", { guild });
  }

  /** Leaves the test's guild or another. */
  async leave(guild = this.#sim.guildId): Promise<void> {
    await this.#act("leave", { guild });
  }

  /** The id of the DM channel with the bot, or with somebody else. */
  async openDm(recipient: Person | string = this.#sim.botId): Promise<string> {
    return (await this.#act("open_dm", { recipient: plain(recipient) })).id;
  }

  /** Opens a thread, from a message or not; in a forum `text` is the post. Answers the channel. */
  async createThread(name: string, options: In & { message?: MessageLike; text?: string } = {}): Promise<Json> {
    const { channel, message, text } = options;
    const where = this.#sim.channel(channel);
    return this.#act("create_thread", { channel: where, name, message_id: message && idOf(message), text });
  }

  /** Changes presence. */
  async presence(status: "online" | "idle" | "dnd" | "invisible"): Promise<void> {
    await this.#act("presence", { status });
  }

  // Interactions

  /**
   * Uses a slash command: `slash("roll", { sides: 6 })`; a sub-command is a nested object. Persons and files may
   * stand for themselves as values.
   */
  async slash(name: string, options: Json = {}, how: In & Answering = {}): Promise<Interaction> {
    return this.#invoke(`used /${name}`, name, how, { options: plain(options) });
  }

  /** Uses a command of a user's context menu. */
  async userMenu(name: string, target: Person | string, how: In & Answering = {}): Promise<Interaction> {
    return this.#invoke(`used "${name}"`, name, how, { type: 2, target: plain(target) });
  }

  /** Uses a command of a message's context menu. */
  async messageMenu(name: string, target: MessageLike, how: In & Answering = {}): Promise<Interaction> {
    const where = target instanceof Message ? { channel: target.channelId } : {};
    return this.#invoke(`used "${name}"`, name, { ...where, ...how }, { type: 3, target: idOf(target) });
  }

  /** Types `text` into the option `focused`; answers the values the bot offers. */
  async autocomplete(
    name: string, focused: string, text: string, options: Json = {}, how: In = {},
  ): Promise<(string | number)[]> {
    const body = { channel: this.#sim.channel(how.channel), name, focused, text, options: plain(options) };
    return (await this.#interact("autocomplete", `typed "${text}" into "${focused}" of /${name}`, true, body)).choices;
  }

  /** Clicks a button, by its custom_id or label. */
  async click(shown: Message | Interaction, button: string, how: Answering = {}): Promise<Interaction> {
    const message = messageOf(shown);
    const body = { message_id: message.id, custom_id: message.customId(button) };
    return this.#interact("click", `clicked "${button}"`, how.answer, body);
  }

  /** Chooses in a menu, by its custom_id or placeholder: option values, ids or persons. */
  async select(
    shown: Message | Interaction, menu: string, values: readonly (Person | string)[], how: Answering = {},
  ): Promise<Interaction> {
    const message = messageOf(shown);
    const body = { message_id: message.id, custom_id: message.customId(menu), values: plain(values) };
    return this.#interact("select", `chose ${JSON.stringify(plain(values))} in "${menu}"`, how.answer, body);
  }

  /** Fills in and submits the form that `opened` has opened. Keys are the fields' custom_ids or labels. */
  async submitModal(opened: Interaction, values: Json, how: Answering = {}): Promise<Interaction> {
    const { modal } = opened;
    const all = walk(modal["components"] ?? []);
    // Fields inside a label component go by its label too.
    const labelled = all.filter((c) => c["component"]).map((c) => ({ ...c["component"], label: c["label"] }));
    const fields = [...all.filter((c) => c["custom_id"]), ...labelled];
    const filled: Json = {};
    const files: Json = {};
    for (const [name, value] of Object.entries(values)) {
      const key = find(fields, name, `the modal "${modal["title"]}"`);
      const given: unknown[] = Array.isArray(value) ? value : [value];
      if (given.length > 0 && given.every(isFile)) files[key] = given.map(fileBody);
      else filled[key] = plain(value);
    }
    const body = { interaction: opened.id, custom_id: modal["custom_id"], values: filled, files };
    return this.#interact("submit_modal", `submitted the modal "${modal["title"]}"`, how.answer, body);
  }

  async #invoke(what: string, name: string, how: In & Answering, more: Json): Promise<Interaction> {
    const channel = this.#sim.channel(how.channel);
    try {
      return await this.#interact("slash", what, how.answer, { channel, name, ...more });
    } catch (error) {
      if (!(error instanceof Refused) || error.discordCode !== UNKNOWN_COMMAND) throw error;
      const known: Json[] = await this.#sim.control.call("GET", `/view/${this.id}/channels/${channel}/commands`);
      const names = known.map((command) => `/${command["name"]}`).join(", ") || "none; has the bot registered any?";
      const hint = `commands that ${this.username} may use there: ${names}`;
      throw new Refused(error.call, error.status, error.reason, error.discord, hint);
    }
  }

  async #interact(call: string, what: string, answer: boolean | undefined, body: Json): Promise<Interaction> {
    const result = new Interaction(await this.#act(call, body, ANSWER_MS));
    this.#sim.expect.hasSeen(result);
    if (answer !== false && result.kind === null) {
      const why = `${this.username} ${what}, and the bot did not answer in time (3 s of world time)`;
      throw new NoAnswer(`${why}\n${await this.#sim.story()}`);
    }
    return result;
  }
}

/** The persons of the test, by username. Robin owns the guild. */
export class Actors {
  readonly #sim: Sim;
  readonly #people = new Map<string, Person>();

  constructor(sim: Sim) {
    this.#sim = sim;
  }

  /** Makes somebody who is in the world known here. */
  add(user: Json): Person {
    const person = new Person(this.#sim, user);
    this.#people.set(person.username, person);
    return person;
  }

  /** Somebody by username. */
  get(username: string): Person {
    const person = this.#people.get(username);
    if (person) return person;
    throw new Error(`there is no person "${username}"; there are: ${[...this.#people.keys()].join(", ")}`);
  }

  /** The four people of the default world. */
  get robin(): Person {
    return this.get("robin");
  }
  get mika(): Person {
    return this.get("mika");
  }
  get sasha(): Person {
    return this.get("sasha");
  }
  get noor(): Person {
    return this.get("noor");
  }

  /** A new person, member of the test's guild; `roles` by name or id. */
  async new(username: string, options: { nick?: string; roles?: readonly string[] } = {}): Promise<Person> {
    const { nick, roles = [] } = options;
    const { control, guildId } = this.#sim;
    const user = await control.call("POST", "/world/users", { username });
    const member = { user: user.id, nick, roles: roles.map((role) => this.#sim.role(role)) };
    await control.call("POST", `/world/guilds/${guildId}/members`, member);
    return this.add(user);
  }

  [Symbol.iterator](): Iterator<Person> {
    return this.#people.values();
  }
}

/** A message's id, or the id itself. */
export function idOf(message: MessageLike): string {
  return message instanceof Message ? message.id : message;
}

function messageOf(shown: Message | Interaction): Message {
  return shown instanceof Interaction ? shown.message : shown;
}

/** Persons and messages as their ids, files as their bodies. */
function plain(value: any): any {
  if (value instanceof Person || value instanceof Message) return value.id;
  if (Array.isArray(value)) return value.map(plain);
  if (isFile(value)) return fileBody(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
