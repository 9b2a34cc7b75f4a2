// The store of messages stays true whatever order answers and events come in.
import { describe, expect, it } from "vitest";
import type { Backend } from "../api/backend";
import type { Message } from "../api/discord";
import { merge, Messages } from "./messages.svelte";
import { withReaction } from "./reactions";

const message = (id: string, more: Partial<Message> = {}): Message => ({
  id,
  channel_id: "c",
  type: 0,
  author: { id: "u", username: "u" },
  content: id,
  timestamp: "2026-01-01T00:00:00Z",
  ...more,
});

/** A backend whose pages are answered by the test. */
function paged() {
  const asked: { before?: string; resolve: (page: Message[]) => void }[] = [];
  const backend = {
    messages: (_user: string, _channel: string, query: { before?: string }) =>
      new Promise<Message[]>((resolve) => asked.push({ ...query, resolve })),
  } as unknown as Backend;
  return { asked, store: new Messages(backend, () => "me") };
}
const ids = (store: Messages) => store.log("c").items.map((it) => it.id);

describe("merge", () => {
  it("orders by age and lets the second list count", () => {
    expect(merge([message("9"), message("100")], [message("11"), message("100", { content: "new" })]).map((it) => it.content)).toEqual(["9", "11", "new"]);
  });
});

describe("reading", () => {
  it("keeps what came in while the page was on its way", async () => {
    const { asked, store } = paged();
    const opening = store.open("c");
    store.put(message("3"));
    asked[0]!.resolve([message("2"), message("1")]);
    await opening;
    expect(ids(store)).toEqual(["1", "2", "3"]);
  });
  it("drops on a refresh what is no longer there, but not what only I see", async () => {
    const { asked, store } = paged();
    const opening = store.open("c");
    asked[0]!.resolve([message("2"), message("1")]);
    await opening;
    store.put(message("3", { flags: 64 }));
    store.put(message("5"));
    const again = store.refresh("c");
    store.put(message("7"));
    asked[1]!.resolve([message("4"), message("1")]);
    await again;
    expect(ids(store)).toEqual(["1", "3", "4", "7"]);
  });
  it("asks for older ones before the oldest, and stops at the beginning", async () => {
    const { asked, store } = paged();
    const opening = store.open("c");
    asked[0]!.resolve(Array.from({ length: 50 }, (_, i) => message(String(200 - i))));
    await opening;
    const older = store.loadOlder("c");
    expect(asked[1]!.before).toBe("151");
    asked[1]!.resolve([message("150")]);
    await older;
    expect(store.log("c").older).toBe(false);
    await store.loadOlder("c");
    expect(asked.length).toBe(2);
  });
  it("says why it failed and can be tried again", async () => {
    let fail = true;
    const backend = { messages: () => (fail ? Promise.reject(new Error("no line")) : Promise.resolve([message("1")])) } as unknown as Backend;
    const store = new Messages(backend, () => "me");
    await store.open("c");
    expect(store.log("c").error).toBe("no line");
    fail = false;
    await store.open("c");
    expect(store.log("c").error).toBeNull();
    expect(ids(store)).toEqual(["1"]);
  });
});

describe("events and answers", () => {
  it("an answer never overwrites what an event has told since, nor brings back what is gone", () => {
    const { store } = paged();
    store.put(message("1", { content: "final" }));
    store.add(message("1", { content: "thinking" }));
    expect(store.find("1")?.content).toBe("final");
    store.remove("c", ["1"]);
    store.add(message("1"));
    store.put(message("1"));
    expect(ids(store)).toEqual([]);
  });
  it("changes only what an update names", () => {
    const { store } = paged();
    store.put(message("1", { pinned: false, content: "a" }));
    store.update({ id: "1", channel_id: "c", pinned: true });
    expect(store.find("1")).toMatchObject({ pinned: true, content: "a" });
    store.update({ id: "2", channel_id: "c", pinned: true });
    expect(ids(store)).toEqual(["1"]);
  });
  it("counts reactions, one's own apart", () => {
    const emoji = { name: "👍" };
    const one = withReaction([], emoji, false, 1);
    const two = withReaction(one, emoji, true, 1);
    expect(two).toEqual([{ emoji, count: 2, me: true }]);
    expect(withReaction(two, emoji, false, -1)).toEqual([{ emoji, count: 1, me: true }]);
    expect(withReaction(one, emoji, false, -1)).toEqual([]);
    expect(withReaction([], emoji, false, -1)).toEqual([]);
  });
});
