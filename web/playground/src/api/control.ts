// The control API behind the page's Backend interface.
import type { Actions, Backend, View, World } from "./backend";
import { bench } from "./bench";
import type { Command, Id, Message } from "./discord";
import { BASE, call, query } from "./http";
import { openStream } from "./stream";

const there = (user: Id, channel: Id): string =>
  `/view/${encodeURIComponent(user)}/channels/${encodeURIComponent(channel)}`;

export const control: Backend = {
  world: () => call<World>("GET", "/world"),
  view: (user) => call<View>("GET", `/view/${encodeURIComponent(user)}`),
  messages: (user, channel, range) =>
    call<Message[]>("GET", `${there(user, channel)}/messages${query({ limit: 50, ...range })}`),
  pins: (user, channel) => call<Message[]>("GET", `${there(user, channel)}/pins`),
  commands: (user, channel) => call<Command[]>("GET", `${there(user, channel)}/commands`),
  act: <F extends keyof Actions>(name: F, body: Actions[F][0]) =>
    call<Actions[F][1]>("POST", `/actor/${name}`, body),
  bench,
  stream: (user, handlers) => openStream(`${BASE}/stream?user=${encodeURIComponent(user)}`, handlers),
};
