// The operator's side of the control API: journal, clock, applications, gateway, settings, faults.
import type { StreamHandlers } from "./backend";
import type { Id } from "./discord";
import { guilds } from "./guilds";
import { BASE, call, query } from "./http";
import { links } from "./links";
import { moderation } from "./moderation";
import { places } from "./places";
import { openStream } from "./stream";

export type EntryType = "rest" | "gateway" | "event" | "control";

/** One line of the journal; which keys are there depends on `type`. */
export type Entry = {
  seq: number;
  at: string;
  type: EntryType;
  application?: Id | null;
  method?: string;
  path?: string;
  operation?: string | null;
  status?: number;
  request?: unknown;
  response?: unknown;
  ms?: number;
  direction?: "in" | "out" | "open" | "close";
  session?: string | null;
  op?: number;
  t?: string | null;
  s?: number | null;
  d?: unknown;
  code?: number;
  event?: string;
  data?: unknown;
};

export type Clock = { mode: "real" | "frozen"; now: string; now_ms: number; offset_ms: number };
/** A guild as far as the portal needs it. */
export type PortalGuild = { id: Id; name: string; applications: Id[] };
export type Application = { id: Id; name: string; description?: string; flags: number } & Partial<OAuth2Settings>;
/** An application as an OAuth2 client, but for its secret. */
export type OAuth2Settings = { redirect_uris: string[]; require_code_grant: boolean; public_client: boolean };
export type GatewaySession = { id: string; application: Id; shard: [number, number] | null; intents: number; state: string; seq: number };
export type RateLimits = "off" | "headers" | "enforce";
export type PrivilegedIntent = "presence" | "members" | "message_content";
export type FaultKind = { type: string; [key: string]: unknown };
export type FaultSpec = { match?: Record<string, string>; count: number | null; kind: FaultKind };
export type Fault = { id: string; match: Record<string, string>; count: number | null; fired: number; kind: FaultKind };

export type Bench = typeof bench;

const entry = (data: unknown): Entry | null => {
  if (typeof data !== "string") return null;
  const frame = JSON.parse(data) as Partial<Entry>;
  return typeof frame.seq === "number" && typeof frame.type === "string" ? (frame as Entry) : null;
};

export const bench = {
  guilds,
  links,
  moderation,
  places,
  journal: (after: number, limit: number) =>
    call<{ entries: Entry[]; last: number; dropped: number }>("GET", `/journal${query({ after, limit })}`),
  follow: (handlers: StreamHandlers<Entry>) => openStream<Entry>(`${BASE}/stream?journal=1`, handlers, entry),
  clock: () => call<Clock>("GET", "/clock"),
  freeze: () => call<Clock>("POST", "/clock/freeze", {}),
  run: () => call<Clock>("POST", "/clock/run", {}),
  advance: (ms: number) => call<Clock>("POST", "/clock/advance", { ms }),
  portal: () => call<{ applications: Application[]; guilds: PortalGuild[] }>("GET", "/world"),
  setIntents: (application: Id, privileged_intents: PrivilegedIntent[]) =>
    call<{ application: Application }>("PATCH", `/world/applications/${application}`, { privileged_intents }),
  setOAuth2: (application: Id, set: Partial<OAuth2Settings>) =>
    call<{ application: Application }>("PATCH", `/world/applications/${application}`, set),
  newSecret: (application: Id) => call<{ client_secret: string }>("POST", `/world/applications/${application}/secret`),
  newToken: (application: Id) => call<{ token: string }>("POST", `/world/applications/${application}/token`),
  sessions: async () => (await call<{ sessions: GatewaySession[] }>("GET", "/gateway")).sessions,
  reconnect: (session: string) => call<object>("POST", "/gateway/send", { session, op: 7 }),
  close: (session: string, code: number) => call<object>("POST", "/gateway/close", { session, code }),
  settings: () => call<{ rate_limits: RateLimits }>("GET", "/settings"),
  setRateLimits: (rate_limits: RateLimits) => call<{ rate_limits: RateLimits }>("PATCH", "/settings", { rate_limits }),
  faults: async () => (await call<{ faults: Fault[] }>("GET", "/faults")).faults,
  addFault: (spec: FaultSpec) => call<Fault>("POST", "/faults", spec),
  removeFault: (id: string) => call<Fault>("DELETE", `/faults/${id}`),
};
