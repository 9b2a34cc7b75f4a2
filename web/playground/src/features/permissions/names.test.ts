// Names, search and the bits behind the switches.
import { describe, expect, it } from "vitest";
import { has, label, matches, stance, sum, toggled, withStance } from "./names";

const HIGH = (1n << 52n).toString();

describe("names", () => {
  it("read as words and keep abbreviations", () => {
    expect(label("SEND_TTS_MESSAGES", "4096")).toBe("Send TTS messages");
    expect(label("SEND_MESSAGES_IN_THREADS", HIGH)).toBe("Send messages in threads");
    expect(label(null, (1n << 60n).toString())).toBe("Bit 60, without a name");
  });
  it("are found by words and by Discord's own name", () => {
    for (const text of ["", " tts ", "send tts", "SEND_TTS", "messages"]) expect(matches("SEND_TTS_MESSAGES", "4096", text)).toBe(true);
    expect(matches("SEND_TTS_MESSAGES", "4096", "ban")).toBe(false);
  });
});

describe("bits", () => {
  it("beyond 2^53 stay exact", () => {
    const odd = ((1n << 60n) | 1n).toString();
    expect(toggled(odd, HIGH)).toBe(((1n << 60n) | (1n << 52n) | 1n).toString());
    expect(toggled(toggled(odd, HIGH), HIGH)).toBe(odd);
    expect(has(undefined, "1")).toBe(false);
    expect(sum([{ name: "A", bit: "1", scope: "guild" }, { name: "B", bit: HIGH, scope: "channel" }])).toBe(((1n << 52n) | 1n).toString());
  });
  it("of an overwrite are allowed, denied or neither, never both", () => {
    const before = { allow: "6", deny: "8" };
    expect(["2", "8", "1"].map((bit) => stance(before, bit))).toEqual(["allow", "deny", "neutral"]);
    expect(withStance(before, "2", "deny")).toEqual({ allow: "4", deny: "10" });
    expect(withStance(before, "8", "neutral")).toEqual({ allow: "6", deny: "0" });
    expect(withStance(undefined, "1", "allow")).toEqual({ allow: "1", deny: "0" });
  });
});
