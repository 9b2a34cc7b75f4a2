// Modals in both shapes yield fields, and only acceptable values pass.
import { describe, expect, it } from "vitest";
import type { Component } from "../../api/discord";
import { initial, parts, problem, range, values } from "./fields";

const components: Component[] = [
  { type: 10, content: "Hello" },
  { type: 18, label: "Name", description: "Yours", component: { type: 4, custom_id: "name", style: 1, min_length: 2, max_length: 4 } },
  { type: 1, components: [{ type: 4, custom_id: "old", label: "Legacy", required: false, value: "x" }] },
  { type: 18, label: "Colours", component: { type: 22, custom_id: "c", min_values: 1, max_values: 2, options: [{ label: "R", value: "r", default: true }, { label: "G", value: "g" }, { label: "B", value: "b" }] } },
  { type: 18, label: "One", component: { type: 21, custom_id: "r", required: false, options: [{ label: "A", value: "a" }, { label: "B", value: "b" }] } },
  { type: 18, label: "Agree", component: { type: 23, custom_id: "agree" } },
  { type: 18, label: "File", component: { type: 19, custom_id: "f" } },
];
const all = parts(components);
const field = (id: string) => {
  const found = all.find((part) => part.kind === "field" && part.id === id);
  if (found?.kind !== "field") throw new Error(id);
  return found;
};
const entry = (change: object) => ({ text: "", values: [], checked: false, files: [], ...change });

describe("modal fields", () => {
  it("come from labels and rows in order", () => {
    expect(all.map((part) => (part.kind === "text" ? part.content : `${part.label}${part.required ? "*" : ""}`))).toEqual(["Hello", "Name*", "Legacy", "Colours*", "One", "Agree", "File*"]);
  });
  it.each([
    ["name", { text: "" }, "This is required."],
    ["name", { text: "a" }, "At least 2 characters, now 1."],
    ["name", { text: "abcde" }, "At most 4 characters, now 5."],
    ["name", { text: "abc" }, null],
    ["old", { text: "" }, null],
    ["c", { values: [] }, "Make a choice."],
    ["c", { values: ["r", "g", "b"] }, "Choose at most 2."],
    ["r", { values: [] }, null],
    ["agree", {}, null],
    ["f", {}, "Add a file."],
  ])("%s %o", (id, change, expected) => {
    expect(problem(field(id), entry(change))).toBe(expected);
  });
  it("begin with what the bot preset", () => {
    expect(initial(field("old").input).text).toBe("x");
    expect(initial(field("c").input).values).toEqual(["r"]);
  });
  it("know their range", () => {
    expect(range({ type: 22, options: [{ label: "", value: "1" }, { label: "", value: "2" }] }, true)).toEqual({ min: 1, max: 2 });
    expect(range({ type: 3 }, false)).toEqual({ min: 0, max: 1 });
  });
  it("give values by custom id", () => {
    expect(values(all, { name: entry({ text: "Ada" }), c: entry({ values: ["g"] }), agree: entry({ checked: true }) })).toEqual({ name: "Ada", old: "x", c: ["g"], agree: true });
  });
});
