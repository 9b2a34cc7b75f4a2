// What a person sees of an interaction, from each way it can go.
import { describe, expect, it } from "vitest";
import type { Backend, InteractionResult } from "../api/backend";
import type { Message } from "../api/discord";
import { Interactions, NO_ANSWER } from "./interactions.svelte";
import { Messages } from "./messages.svelte";

const result = (change: Partial<InteractionResult>): InteractionResult => ({ interaction: "i1", kind: null, message: null, ephemeral: false, modal: null, choices: null, ...change });
const answer = { id: "9", channel_id: "c", type: 20, author: { id: "b", username: "b" }, content: "hi", timestamp: "" } as Message;

function setUp(reply: () => Promise<InteractionResult>) {
  const backend = { act: reply } as unknown as Backend;
  const messages = new Messages(backend, () => "me");
  return { messages, interactions: new Interactions(backend, messages) };
}
const slash = { user: "me", channel: "c", name: "echo" };
const click = { user: "me", message_id: "5", custom_id: "x" };

describe("a command", () => {
  it("waits, then shows its answer and remembers its name", async () => {
    const { interactions, messages } = setUp(async () => result({ kind: "message", message: answer }));
    const running = interactions.command(slash, "/echo");
    expect(interactions.pending).toMatchObject([{ label: "/echo", channel: "c" }]);
    await running;
    expect(interactions.pending).toEqual([]);
    expect(messages.find("9")).toBeDefined();
    expect(interactions.names.get("i1")).toBe("echo");
  });
  it("says that nobody responded, and can be tried again", async () => {
    let calls = 0;
    const { interactions } = setUp(async () => (++calls, result({})));
    await interactions.command(slash, "/echo");
    expect(interactions.pending).toMatchObject([{ failure: NO_ANSWER }]);
    interactions.pending[0]!.retry();
    expect(calls).toBe(2);
    expect(interactions.pending).toHaveLength(1);
    expect(interactions.pending[0]!.failure).toBeUndefined();
  });
  it("shows a refusal in its words", async () => {
    const { interactions } = setUp(() => Promise.reject(new Error("Missing permission.")));
    await interactions.command(slash, "/echo");
    expect(interactions.pending).toMatchObject([{ failure: "Missing permission." }]);
    interactions.dismiss(interactions.pending[0]!.key);
    expect(interactions.pending).toEqual([]);
  });
});

describe("a component", () => {
  it("is marked while in use and after a failure", async () => {
    let finish: (it: InteractionResult) => void = () => undefined;
    const { interactions } = setUp(() => new Promise((resolve) => (finish = resolve)));
    const using = interactions.use("click", click, "c");
    expect(interactions.uses.get("5")).toEqual({ customId: "x" });
    finish(result({}));
    await using;
    expect(interactions.uses.get("5")).toEqual({ customId: "x", failure: NO_ANSWER });
  });
  it("opens a modal, which stays open when its submission fails", async () => {
    const replies = [result({ kind: "modal", modal: { custom_id: "m", title: "T", components: [] } }), result({}), result({ kind: "update" })];
    const { interactions } = setUp(async () => replies.shift()!);
    await interactions.use("click", click, "c");
    const open = interactions.modal!;
    expect(open).toMatchObject({ interaction: "i1", message: "5", modal: { title: "T" } });
    const body = { user: "me", interaction: "i1", custom_id: "m", values: {} };
    await expect(interactions.submit(open, body)).rejects.toThrow(NO_ANSWER);
    expect(interactions.modal).toBe(open);
    await interactions.submit(open, body);
    expect(interactions.modal).toBeNull();
  });
});
