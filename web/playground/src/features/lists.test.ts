// Rows, groups and panels are laid out as people expect.
import { filterOptions } from "@cogwright/ui/option";
import { moveActive } from "@cogwright/ui/listnav";
import { monogram, toneOf } from "@cogwright/ui/mark";
import { place } from "@cogwright/ui/place";
import { describe, expect, it } from "vitest";
import type { Guild, Message } from "../api/discord";
import { groups } from "./members/groups";
import { findEmoji } from "./messages/emoji";
import { rows } from "./messages/rows";
import { sections } from "./shell/channels";

describe("message rows", () => {
  const message = (id: number, author: string, minute: number, more: Partial<Message> = {}): Message => ({
    id: String(id),
    channel_id: "c",
    type: 0,
    author: { id: author, username: author },
    content: "",
    timestamp: new Date(2026, 0, 1, 12, minute).toISOString(),
    ...more,
  });
  const shape = (list: Message[], seen: string | null = null) =>
    rows(list, seen).map((row) => (row.kind === "message" ? `${row.message.id}${row.compact ? "+" : ""}` : row.kind));
  it("joins runs of one author and breaks them for others, pauses, answers and days", () => {
    expect(shape([message(1, "a", 0), message(2, "a", 1), message(3, "b", 2), message(4, "b", 20), message(5, "b", 21, { type: 20 }), message(6, "b", 22), message(7, "b", 60 * 24)])).toEqual(["day", "1", "2+", "3", "4", "5", "6+", "day", "7"]);
  });
  it("marks where new ones begin", () => {
    expect(shape([message(1, "a", 0), message(2, "a", 1)], "1")).toEqual(["day", "1", "new", "2"]);
  });
  it("does not join what only one person sees with what all see", () => {
    expect(shape([message(1, "a", 0), message(2, "a", 1, { flags: 64 })])).toEqual(["day", "1", "2"]);
  });
});

describe("sidebar and members", () => {
  const guild = {
    id: "1",
    roles: [{ id: "1", name: "@everyone", position: 0, hoist: false }, { id: "10", name: "Crew", position: 1, hoist: true }],
    channels: [
      { id: "4", type: 2, name: "voice", position: 0, parent_id: "2" },
      { id: "2", type: 4, name: "Cat", position: 0 },
      { id: "5", type: 0, name: "b", position: 2, parent_id: "2" },
      { id: "3", type: 0, name: "a", position: 1, parent_id: "2" },
      { id: "6", type: 0, name: "loose", position: 9, parent_id: "999" },
    ],
    members: [
      { user: { id: "20", username: "zoe" }, roles: ["10"], status: "online" },
      { user: { id: "21", username: "abe" }, roles: [], status: "idle" },
      { user: { id: "22", username: "bea" }, roles: ["10"], status: "offline" },
    ],
  } as unknown as Guild;
  it("lists channels by category, text before voice, none lost", () => {
    expect(sections(guild).map(({ category, channels }) => [category?.name ?? null, channels.map((it) => it.name)])).toEqual([
      [null, ["loose"]],
      ["Cat", ["a", "b", "voice"]],
    ]);
  });
  it("groups members by hoisted role, and who is away last", () => {
    expect(groups(guild, (member) => member.status ?? "offline").map(({ name, members }) => [name, members.map((it) => it.user.username)])).toEqual([
      ["Crew", ["zoe"]],
      ["Here", ["abe"]],
      ["Away", ["bea"]],
    ]);
  });
});

describe("small things", () => {
  it("filter keeps the best first", () => {
    const options = ["banana", "an apple", "anise"].map((label) => ({ value: label, label }));
    expect(filterOptions(options, "an").map((it) => it.label)).toEqual(["an apple", "anise", "banana"]);
  });
  it("the active row wraps around", () => {
    expect([moveActive(2, 3, "ArrowDown"), moveActive(0, 3, "ArrowUp"), moveActive(-1, 3, "ArrowDown"), moveActive(0, 0, "ArrowDown"), moveActive(0, 3, "x")]).toEqual([0, 2, 0, null, null]);
  });
  it("panels stay in the window", () => {
    const view = { width: 400, height: 600 };
    const panel = { width: 200, height: 300 };
    expect(place({ left: 350, top: 10, right: 390, bottom: 40 }, panel, view, "below")).toEqual({ left: 192, top: 44 });
    expect(place({ left: 10, top: 550, right: 60, bottom: 580 }, panel, view, "below")).toEqual({ left: 10, top: 246 });
    expect(place({ left: 10, top: 550, right: 60, bottom: 580 }, panel, view, "above")).toEqual({ left: 10, top: 246 });
  });
  it("marks are stable", () => {
    expect([monogram("Grace Hopper"), monogram("ada"), monogram("  "), monogram("🦀 rust")]).toEqual(["GH", "A", "?", "🦀R"]);
    expect(toneOf("123")).toEqual(toneOf("123"));
    const spread = new Set(Array.from({ length: 40 }, (_, i) => toneOf(`person ${i}`).hue));
    expect(spread.size).toBeGreaterThan(6);
  });
});

describe("emoji", () => {
  const found = (text: string) => findEmoji(text).map((it) => it.emoji);
  it("are found by name, and any by itself", () => {
    expect(found(" Wrench ")).toEqual(["🔧"]);
    expect(found("🔧")).toEqual(["🔧"]);
    for (const other of ["🦄", "👩‍🔧", "🏴‍☠️", "🇩🇪"]) expect(found(other)).toEqual([other]);
    for (const none of ["🦄🦄", "x🦄", "nothing of the kind"]) expect(found(none)).toEqual([]);
    expect(found("").length).toBeGreaterThan(50);
  });
});
