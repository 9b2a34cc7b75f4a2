// The faults that the form offers, with their settings, and what they are called.
import type { Fault, FaultSpec } from "../../api/bench";

export type Setting = number | string | boolean | null;
/** One setting: `key` is its path below `kind`, such as "rates.op7". Choices make it a list, a boolean a check box. */
export type FaultField = {
  key: string;
  label: string;
  value: Setting;
  choices?: readonly (readonly [value: string | number, label: string])[];
  /** Which guild: the page knows them. */
  guild?: true;
  /** Hidden until asked for, and sent only when something among them was changed. */
  more?: true;
  most?: number;
};
export type FaultForm = { value: string; label: string; on: "rest" | "gateway" | "all"; fields?: readonly FaultField[]; more?: string };

const number = (key: string, label: string, value: number): FaultField => ({ key, label, value });
/** The mild mixture of the server; see ChaosRates. */
const rate = (key: string, label: string, value: number): FaultField => ({ key: `rates.${key}`, label, value, more: true, most: 1 });

export const FORMS: readonly FaultForm[] = [
  {
    value: "rest_429",
    label: "REST: 429, rate limited",
    on: "rest",
    fields: [
      { key: "scope", label: "Scope", value: "user", choices: [["user", "User"], ["global", "Global"], ["shared", "Shared"]] },
      number("retry_after", "Wait (s)", 1),
    ],
  },
  { value: "rest_5xx", label: "REST: server error", on: "rest", fields: [number("status", "Status", 502), { key: "carried_out", label: "Carried out all the same", value: false }] },
  { value: "latency", label: "REST: slow answer", on: "rest", fields: [number("ms", "Delay (ms)", 2_000)] },
  { value: "expire_interaction", label: "REST: interaction expired", on: "rest" },
  {
    value: "invalid_request_ban",
    label: "REST: ban for invalid requests",
    on: "all",
    fields: [
      number("threshold", "After how many", 0),
      { key: "status", label: "Status", value: 429, choices: [[429, "429"], [403, "403"]] },
      number("lasts_ms", "Lasts (ms)", 60_000),
    ],
  },
  { value: "op7", label: "Gateway: reconnect (op 7)", on: "gateway" },
  { value: "op9", label: "Gateway: invalid session (op 9)", on: "gateway", fields: [{ key: "resumable", label: "It can be resumed", value: false }] },
  { value: "close", label: "Gateway: close", on: "gateway", fields: [number("code", "Code", 4000)] },
  { value: "swallow_acks", label: "Gateway: heartbeat not answered", on: "gateway" },
  { value: "duplicate_event", label: "Gateway: event twice", on: "gateway" },
  { value: "reorder_events", label: "Gateway: events swapped", on: "gateway" },
  { value: "drop_event", label: "Gateway: event lost", on: "gateway" },
  { value: "guild_outage", label: "Server outage", on: "all", fields: [{ key: "guild", label: "Server", value: null, guild: true }, number("ms", "Lasts (ms)", 10_000)] },
  {
    value: "chaos",
    label: "Chaos: a mixture",
    on: "all",
    fields: [
      number("seed", "Seed", 1),
      rate("rest_429", "429", 0.05),
      rate("rest_5xx", "5xx", 0.05),
      rate("latency", "Slow answer", 0.1),
      rate("op7", "Op 7", 0.005),
      rate("op9", "Op 9", 0.002),
      rate("close", "Close 4000", 0.002),
      rate("duplicate_event", "Event twice", 0.03),
      rate("reorder_events", "Events swapped", 0.03),
      rate("swallow_acks", "Heartbeat not answered", 0),
    ],
    more: "How likely each is, from 0 to 1",
  },
];

export type Settings = Record<string, Setting>;
export const defaults = (form: FaultForm): Settings => Object.fromEntries((form.fields ?? []).map(({ key, value }) => [key, value]));

/** The body for the control API; without a `count` it fires until removed. */
export function spec(form: FaultForm, settings: Settings, where: string, count: number | null): FaultSpec {
  const place = where.trim();
  const key = form.on === "gateway" ? "event" : place.startsWith("/") ? "path" : "operation";
  const match = place && form.on !== "all" ? { [key]: key === "event" ? place.toUpperCase() : place } : null;
  const fields = form.fields ?? [];
  const changed = fields.some((field) => field.more && settings[field.key] !== field.value);
  const kind: FaultSpec["kind"] = { type: form.value };
  for (const field of fields) {
    const value = settings[field.key] ?? null;
    if (value === null || (field.more && !changed)) continue;
    const [name = "", below] = field.key.split(".");
    if (below) kind[name] = { ...(kind[name] as object | undefined), [below]: value };
    else kind[name] = value;
  }
  // The plan refuses a match for what concerns everything.
  return { ...(match ? { match } : {}), count: form.value === "guild_outage" ? 1 : count, kind };
}

export const faultName = (fault: Fault): string => FORMS.find((it) => it.value === fault.kind.type)?.label ?? fault.kind.type.replaceAll("_", " ");

/** Its settings and what it hits, in a few words; of a mixture what can happen at all. */
export function faultDetail(fault: Fault): string {
  const { type: _, ...rest } = fault.kind;
  return Object.entries({ ...rest, ...fault.match })
    .flatMap(([key, value]): [string, unknown][] => (typeof value === "object" && value ? Object.entries(value).filter(([, it]) => it !== 0) : [[key, value]]))
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${String(value)}`)
    .join(", ");
}
