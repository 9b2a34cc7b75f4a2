import { describe, expect, it } from "vitest";
import { bot, message } from "../../fixture/world";
import { canForward, still } from "./forward";

describe("forwards", () => {
  it("leave notices, polls and what one alone sees where they are", () => {
    expect(canForward(message(bot, "x"))).toBe(true);
    expect(canForward(message(bot, "x", { type: 19 }))).toBe(true);
    expect(canForward(message(bot, "", { type: 6 }))).toBe(false);
    expect(canForward(message(bot, "x", { flags: 64 }))).toBe(false);
    expect(canForward(message(bot, "", { poll: { question: {}, answers: [] } }))).toBe(false);
  });

  it("show components that cannot be used, links aside", () => {
    const button = { type: 2, style: 1, custom_id: "a" };
    const link = { type: 2, style: 5, url: "https://example.org" };
    const section = { type: 9, components: [{ type: 10, content: "text" }], accessory: button };
    const [row, container] = still([
      { type: 1, components: [button, link, { type: 3, custom_id: "b" }] },
      { type: 17, components: [section] },
    ]);
    expect(row?.components?.map((it) => it.disabled ?? false)).toEqual([true, false, true]);
    expect(container?.components?.[0]?.accessory?.disabled).toBe(true);
    expect(button).not.toHaveProperty("disabled");
  });
});
