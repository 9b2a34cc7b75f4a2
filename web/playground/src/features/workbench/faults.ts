// The faults that the form offers, and what they are called.
import type { Fault, FaultSpec } from "../../api/bench";

/** What the number beside a fault means, with what it begins as. */
type Amount = { label: string; key: string; value: number };
export type FaultForm = { value: string; label: string; on: "rest" | "gateway" | "all"; amount?: Amount; fixed?: Record<string, unknown> };

export const FORMS: readonly FaultForm[] = [
  { value: "rest_429", label: "REST: 429, rate limited", on: "rest", amount: { label: "Wait (s)", key: "retry_after", value: 1 } },
  { value: "rest_5xx", label: "REST: server error", on: "rest", amount: { label: "Status", key: "status", value: 502 } },
  { value: "latency", label: "REST: slow answer", on: "rest", amount: { label: "Delay (ms)", key: "ms", value: 2_000 } },
  { value: "expire_interaction", label: "REST: interaction expired", on: "rest" },
  { value: "op7", label: "Gateway: reconnect (op 7)", on: "gateway" },
  { value: "op9", label: "Gateway: invalid session (op 9)", on: "gateway", fixed: { resumable: false } },
  { value: "close", label: "Gateway: close", on: "gateway", amount: { label: "Code", key: "code", value: 4000 } },
  { value: "swallow_acks", label: "Gateway: heartbeat not answered", on: "gateway" },
  { value: "duplicate_event", label: "Gateway: event twice", on: "gateway" },
  { value: "reorder_events", label: "Gateway: events swapped", on: "gateway" },
  { value: "drop_event", label: "Gateway: event lost", on: "gateway" },
  { value: "chaos", label: "Chaos: a mild mixture", on: "all", amount: { label: "Seed", key: "seed", value: 1 } },
];

/** The body for the control API; without a `count` it fires until removed. */
export function spec(form: FaultForm, amount: number | null, where: string, count: number | null): FaultSpec {
  const place = where.trim();
  const key = form.on === "gateway" ? "event" : place.startsWith("/") ? "path" : "operation";
  const match = place && form.on !== "all" ? { [key]: key === "event" ? place.toUpperCase() : place } : null;
  return {
    ...(match ? { match } : {}),
    count,
    kind: { type: form.value, ...form.fixed, ...(form.amount && amount !== null ? { [form.amount.key]: amount } : {}) },
  };
}

export const faultName = (fault: Fault): string => FORMS.find((it) => it.value === fault.kind.type)?.label ?? fault.kind.type.replaceAll("_", " ");

/** Its settings and what it hits, in a few words. */
export function faultDetail(fault: Fault): string {
  const { type: _, ...rest } = fault.kind;
  return Object.entries({ ...rest, ...fault.match })
    .filter(([, value]) => typeof value !== "object")
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${String(value)}`)
    .join(", ");
}
