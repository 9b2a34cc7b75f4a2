// One test's part of the local Discord: its guild and channel, its people, and what has happened in it.

import type { Bot } from "./bots.js";
import { Clock } from "./clock.js";
import { type Control, type Json, journalEnd, query } from "./control.js";
import { StartError } from "./errors.js";
import { Expect } from "./expect.js";
import { Faults } from "./faults.js";
import { Actors } from "./people.js";
import type { Server } from "./server.js";
import { HEADLINE, Names, tell } from "./story.js";

/**
 * The world of one test.
 *
 * While no bot is running, a test begins with the default world. A bot that lives longer than a test is left
 * logged in (libraries wait five seconds before they identify again): such a test gets a new guild instead, in
 * which the same people are members.
 */
export class Sim {
  readonly server: Server;
  readonly control: Control;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly actors: Actors;
  readonly expect: Expect;
  readonly botId: string;
  readonly guildId: string;
  /** The test's own channel. */
  readonly channelId: string;
  readonly #guild: Json;
  readonly #mark: number;
  readonly #printed: Map<Bot, number>;

  private constructor(server: Server, faults: Faults, guild: Json, users: readonly Json[], mark: number) {
    this.server = server;
    this.control = server.control;
    this.clock = new Clock(server.control);
    this.faults = faults;
    this.botId = server.ready.application_id;
    this.guildId = guild["id"];
    this.#guild = guild;
    this.#mark = mark;
    this.#printed = new Map(server.bots.map((bot) => [bot, bot.program.printed]));
    this.channelId = byName("channel", guild["channels"], "general");
    this.actors = new Actors(this);
    for (const user of users) this.actors.add(user);
    this.expect = new Expect(this, mark);
  }

  /** Begins a test: nothing of an earlier one's world, time and faults remains. */
  static async begin(server: Server): Promise<Sim> {
    const { control, ready } = server;
    for (const { program } of server.bots) {
      if (program.ending) throw new StartError(program.report("the bot ended during an earlier test"));
    }
    const faults = new Faults(control);
    await faults.clear();
    if (server.bots.length === 0) {
      // The time of an earlier test may be in the future; a fresh world's is the present.
      await control.call("POST", "/clock/freeze", { at: Date.now() });
      await control.call("POST", "/clock/run", {});
      await control.call("POST", "/reset", {});
    } else {
      await control.call("POST", "/clock/run", {});
    }
    const guildId = server.bots.length === 0 ? ready.guild : await newGuild(server);
    const world = await control.call("GET", "/world");
    const guild = world.guilds.find((candidate: Json) => candidate["id"] === guildId);
    const members = new Set(guild.members.map((member: Json) => member["user"].id));
    const users = world.users.filter((user: Json) => members.has(user["id"]) && !user["bot"]);
    return new Sim(server, faults, guild, users, await journalEnd(control));
  }

  /** A channel's id: the test's own, one by name ("off-topic", "#off-topic"), or the id itself. */
  channel(name?: string): string {
    if (name === undefined) return this.channelId;
    return /^\d+$/.test(name) ? name : byName("channel", this.#guild["channels"], name.replace(/^#/, ""));
  }

  /** A role's id by its name, or the id itself. */
  role(name: string): string {
    return /^\d+$/.test(name) ? name : byName("role", this.#guild["roles"], name);
  }

  /** A new channel of the guild; fields as in the control API (type, topic, nsfw, ...). Answers its id. */
  async newChannel(name: string, fields: Json = {}): Promise<string> {
    const channel = await this.control.call("POST", `/world/guilds/${this.guildId}/channels`, { name, ...fields });
    this.#guild["channels"].push(channel);
    return channel.id;
  }

  /** A new role of the guild; fields as in the control API (permissions, color, ...). Answers its id. */
  async newRole(name: string, fields: Json = {}): Promise<string> {
    const role = await this.control.call("POST", `/world/guilds/${this.guildId}/roles`, { name, ...fields });
    this.#guild["roles"].push(role);
    return role.id;
  }

  /** A channel's messages as the owner sees them, newest first. */
  async messages(channel?: string, limit = 50): Promise<Json[]> {
    const path = `/view/${this.server.ready.user}/channels/${this.channel(channel)}/messages${query({ limit })}`;
    return this.control.call("GET", path);
  }

  /** What happened since the test began: REST calls, gateway frames, events; filters as in the control API. */
  async journal(filters: Record<string, string | number> = {}): Promise<Json[]> {
    const path = `/journal${query({ after: this.#mark, limit: 1000, ...filters })}`;
    return (await this.control.call("GET", path)).entries;
  }

  /** Ids as names, for texts. */
  async names(): Promise<Names> {
    return new Names(await this.control.call("GET", "/world"));
  }

  /** What happened since the test began, for people. */
  async story(): Promise<string> {
    const lines = [HEADLINE, ...tell(await this.journal(), await this.names())];
    const { sessions } = await this.control.call("GET", "/gateway");
    if (!sessions.some((session: Json) => session["application"] === this.botId)) {
      lines.push("No bot is connected to the gateway.");
    }
    return [...lines, ...this.server.bots.map((bot) => bot.program.report("The bot:", this.#printed.get(bot)))].join("\n");
  }
}

async function newGuild({ control, ready }: Server): Promise<string> {
  const world = await control.call("GET", "/world");
  const guild = await control.call("POST", "/world/guilds", { name: "Test", owner: ready.user });
  const joins = { guilds: [guild.id], permissions: "8" };
  await control.call("PATCH", `/world/applications/${ready.application_id}`, joins);
  const known = world.guilds.find((candidate: Json) => candidate["id"] === ready.guild);
  for (const { user } of known?.members ?? []) {
    if (user.bot || user.id === ready.user) continue;
    await control.call("POST", `/world/guilds/${guild.id}/members`, { user: user.id });
  }
  return guild.id;
}

function byName(what: string, things: readonly Json[], name: string): string {
  const found = things.find((thing) => thing["name"] === name);
  if (found) return found["id"];
  throw new Error(`the guild has no ${what} "${name}"; it has: ${things.map((thing) => thing["name"]).join(", ")}`);
}
