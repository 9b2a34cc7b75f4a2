// What the workbench lists, reads and sends.
import { describe, expect, it } from "vitest";
import type { Entry, EntryType, Fault } from "../../api/bench";
import type { Message } from "../../api/discord";
import { duration, FURTHEST_MS } from "./durations";
import { append, badge, causeOf, filterEntries, MOST, outcome, title, tone, trail, type Filter } from "./entries";
import { defaults, faultDetail, faultName, FORMS, spec } from "./faults";
import { granted, toggled } from "./intents";

const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({ seq, at: "2026-01-01T00:00:00.000000+00:00", type: "rest", ...more });
const seqs = (list: Entry[]) => list.map((it) => it.seq);
const ALL: ReadonlySet<EntryType> = new Set(["rest", "gateway", "event", "control"]);
const find = (list: Entry[], filter: Partial<Filter>) => seqs(filterEntries(list, { types: ALL, text: "", ids: [], ...filter }));

describe("the journal's list", () => {
  it("keeps the newest, up to its bound", () => {
    const many = Array.from({ length: MOST + 5 }, (_, at) => entry(at + 1));
    const list = append([], many);
    expect([list.length, list[0]?.seq, append(list, [entry(MOST + 6)])[0]?.seq]).toEqual([MOST, 6, 7]);
  });
  it("has each once and in order, however they come", () => {
    expect(seqs(append([entry(2), entry(4)], [entry(3), entry(4), entry(1)]))).toEqual([1, 2, 3, 4]);
    expect(seqs(append([entry(2)], [entry(4), entry(3)]))).toEqual([2, 3, 4]);
  });

  const list = [
    entry(1, { method: "POST", path: "/api/v10/channels/7/messages", operation: "create_message", status: 200, application: "55", response: { id: "900" } }),
    entry(2, { method: "GET", path: "/api/v10/guilds/1558966953408856078", status: 404, application: "56" }),
    entry(3, { type: "gateway", direction: "out", op: 0, t: "MESSAGE_CREATE", s: 4, d: { id: "900" } }),
    entry(4, { type: "event", event: "MESSAGE_CREATE", data: { id: "901", content: "Hello World" } }),
    entry(5, { type: "control", method: "GET", path: "/_sim/v1/world", status: 200 }),
  ];
  it("is filtered by type, words, status, event and application", () => {
    expect(find(list, { types: new Set(["gateway", "event"]) })).toEqual([3, 4]);
    expect(find(list, { text: "hello  WORLD" })).toEqual([4]);
    expect(find(list, { text: "hello nothing" })).toEqual([]);
    expect(find(list, { text: "status:4xx" })).toEqual([2]);
    expect(find(list, { text: "status:200" })).toEqual([1, 5]);
    expect(find(list, { text: "event:message_create" })).toEqual([3, 4]);
    expect(find(list, { text: "app:55" })).toEqual([1]);
    expect(find(list, { text: "status:" })).toEqual([]);
  });
  it("finds what led to a message", () => {
    expect(find(list, { ids: ["900", "901"] })).toEqual([1, 3, 4]);
    expect([causeOf(list, "900")?.seq, causeOf(list, "901")?.seq, causeOf(list, "1234567")]).toEqual([1, 4, undefined]);
    const callback = entry(6, { method: "POST", response: { resource: { message: { id: "902" } } } });
    expect(causeOf([entry(5, { type: "event", data: { id: "902" } }), callback], "902")?.seq).toBe(6);
    const message = { id: "3", message_reference: { message_id: "2" }, interaction_metadata: { id: "1" } } as unknown as Message;
    expect([trail(message), trail({ id: "3" } as Message)]).toEqual([["3", "2", "1"], ["3"]]);
  });
  it("is told in words and colours", () => {
    expect(list.map((it) => `${badge(it)} ${title(it)} ${outcome(it)} ${tone(it)}`)).toEqual([
      "POST /channels/7/messages 200 good",
      "GET /guilds/…6078 404 bad",
      "↓ BOT MESSAGE_CREATE s 4 plain",
      "EVENT MESSAGE_CREATE  plain",
      "GET /world 200 good",
    ]);
    const frames: Partial<Entry>[] = [{ direction: "close", code: 4004 }, { direction: "close", code: 1000 }, { direction: "in", op: 1 }, { direction: "out", op: 9 }, { direction: "out", op: 99 }];
    expect(frames.map((it) => entry(1, { type: "gateway", ...it })).map((it) => `${title(it)} ${tone(it)}`)).toEqual([
      "Connection closed bad",
      "Connection closed caution",
      "Heartbeat plain",
      "Invalid session caution",
      "Op 99 plain",
    ]);
    expect(tone(entry(1, { status: 429 }))).toBe("caution");
  });
});

describe("the other tabs", () => {
  it("read spans of time", () => {
    expect(["90s", "1h 30m", "250 ms", "2D", "5", "1.5h", "1m30s"].map(duration)).toEqual([90_000, 5_400_000, 250, 172_800_000, 5_000, 5_400_000, 90_000]);
    expect(["", "soon", "-5s", "0", "1h x", "99999d", "5 weeks"].map(duration)).toEqual([null, null, null, null, null, null, null]);
    expect(duration(`${FURTHEST_MS}ms`)).toBe(FURTHEST_MS);
  });
  it("read intents off an application's flags and toggle one", () => {
    expect(granted((1 << 15) | (1 << 18) | (1 << 23))).toEqual(["members", "message_content"]);
    expect([toggled(1 << 14, "members"), toggled(1 << 14, "presence")]).toEqual([[], ["members", "presence"]]);
  });
  it("write faults as the control API takes them", () => {
    const form = (value: string) => FORMS.find((it) => it.value === value)!;
    expect(spec(form("rest_5xx"), { status: 503, carried_out: true }, " /channels/** ", 2)).toEqual({ match: { path: "/channels/**" }, count: 2, kind: { type: "rest_5xx", status: 503, carried_out: true } });
    expect(spec(form("latency"), { ms: 10 }, "create_message", null)).toEqual({ match: { operation: "create_message" }, count: null, kind: { type: "latency", ms: 10 } });
    expect(spec(form("drop_event"), {}, "message_create", 1)).toEqual({ match: { event: "MESSAGE_CREATE" }, count: 1, kind: { type: "drop_event" } });
    expect(spec(form("chaos"), { ...defaults(form("chaos")), seed: 7 }, "x", null)).toEqual({ count: null, kind: { type: "chaos", seed: 7 } });
    const stormy = spec(form("chaos"), { ...defaults(form("chaos")), "rates.op7": 0.5 }, "", null).kind;
    expect(stormy).toMatchObject({ type: "chaos", seed: 1, rates: { op7: 0.5, rest_429: 0.05, swallow_acks: 0 } });
    expect(faultDetail({ id: "1", match: {}, count: null, fired: 0, kind: { type: "chaos", seed: 1, rates: { op7: 0.5, close: 0 } } })).toBe("seed 1, op7 0.5");
    expect(spec(form("guild_outage"), { guild: "5", ms: 10 }, "", null)).toEqual({ count: 1, kind: { type: "guild_outage", guild: "5", ms: 10 } });
    const fault: Fault = { id: "1", match: { path: "/**" }, count: 1, fired: 0, kind: { type: "rest_429", scope: "user", retry_after: 1 } };
    expect([faultName(fault), faultDetail(fault)]).toEqual(["REST: 429, rate limited", "scope user, retry after 1, path /**"]);
    expect(faultName({ ...fault, kind: { type: "something_new" } })).toBe("something new");
  });
});
