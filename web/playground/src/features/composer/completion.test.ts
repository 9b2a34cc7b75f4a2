// Completion begins where it should and nowhere else; mentions travel as ids.
import { describe, expect, it } from "vitest";
import type { Guild } from "../../api/discord";
import type { Directory } from "../../state/directory.svelte";
import { complete, trigger } from "./completion";
import { readable, wired } from "./mentions";

describe("trigger", () => {
  it.each([
    ["/ec", { kind: "command", query: "ec", start: 0 }],
    ["/", { kind: "command", query: "", start: 0 }],
    ["hello @ad", { kind: "mention", query: "ad", start: 6 }],
    ["#gen", { kind: "channel", query: "gen", start: 0 }],
    [":thu", { kind: "emoji", query: "thu", start: 0 }],
    ["so: ", null],
    ["a@b", null],
    ["and/or", null],
    [" /echo", null],
    ["10:30", null],
  ])("%s", (text, expected) => {
    expect(trigger(text, text.length)).toEqual(expected);
  });
  it("puts the choice in and the caret behind it", () => {
    const found = trigger("hi @ad there", 6)!;
    expect(complete("hi @ad there", 6, found, "@ada")).toEqual({ text: "hi @ada there", caret: 8 });
  });
});

describe("mentions", () => {
  const guild = {
    id: "1",
    members: [{ user: { id: "100001", username: "ada" }, roles: [] }, { user: { id: "100002", username: "ada.l" }, roles: [] }],
    roles: [{ id: "1", name: "@everyone" }, { id: "200001", name: "Crew" }],
    channels: [{ id: "300001", type: 0, name: "general" }, { id: "300002", type: 0, name: "general-2" }],
  } as unknown as Guild;
  const directory = {} as Directory;
  it("become ids outside code, the longest name first", () => {
    expect(wired("@ada @ada.l @Crew #general #general-2 `@ada` x@ada", guild, directory)).toBe(
      "<@100001> <@100002> <@&200001> <#300001> <#300002> `@ada` x@ada",
    );
  });
  it("become names again", () => {
    expect(readable("<@!100001> in <#300001>", guild, directory)).toBe("@ada in #general");
  });
});
