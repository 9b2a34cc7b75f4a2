// Commands are found, read and nested as the control API wants them.
import { describe, expect, it } from "vitest";
import type { Command } from "../../api/discord";
import { collect, find, leaves, nest, partial, read } from "./commands";

const application = { id: "900", name: "Cog" };
const commands: Command[] = [
  {
    id: "1",
    name: "echo",
    description: "Says it again",
    application,
    options: [
      { type: 3, name: "text", description: "", required: true, max_length: 5 },
      { type: 4, name: "times", description: "", min_value: 1, max_value: 3 },
      { type: 3, name: "style", description: "", choices: [{ name: "Loud", value: "loud" }] },
    ],
  },
  {
    id: "2",
    name: "config",
    application,
    options: [
      { type: 2, name: "prefix", description: "", options: [{ type: 1, name: "set", description: "Sets it", options: [{ type: 3, name: "to", description: "", required: true }] }] },
      { type: 1, name: "show", description: "Shows all" },
    ],
  },
  { id: "3", type: 2, name: "Inspect", application },
];
const all = leaves(commands);
const echo = all.find((leaf) => leaf.name === "echo")!;

describe("finding", () => {
  it("lists what can be run, sub-commands by their full name, no menus", () => {
    expect(all.map((leaf) => leaf.name)).toEqual(["config prefix set", "config show", "echo"]);
  });
  it("ranks names before descriptions and forgives arguments after the name", () => {
    expect(find(all, "sh").map((leaf) => leaf.name)).toEqual(["config show"]);
    expect(find(all, "echo hello").map((leaf) => leaf.name)).toEqual(["echo"]);
    expect(find(all, "again").map((leaf) => leaf.name)).toEqual(["echo"]);
    expect(find(all, "zzz")).toEqual([]);
  });
});

describe("reading fields", () => {
  const [text, times, style] = echo.options;
  it.each([
    [text, "", "This is required."],
    [text, "toolong", "At most 5 characters."],
    [times, "2.5", "Enter a whole number."],
    [times, "0", "At least 1."],
    [times, "4", "At most 3."],
    [times, "x", "Enter a number."],
    [style, "soft", "Choose one of the list."],
  ])("refuses %#", (option, typed, problem) => {
    expect(read(option!, { text: typed })).toEqual({ problem });
  });
  it("reads values", () => {
    expect(read(text!, { text: " hi " })).toEqual({ value: "hi" });
    expect(read(times!, { text: "3" })).toEqual({ value: 3 });
    expect(read(times!, undefined)).toEqual({});
    expect(read(style!, { text: "loud" })).toEqual({ value: "loud" });
    expect(read({ type: 5, name: "b", description: "" }, { text: "False" })).toEqual({ value: false });
    expect(read({ type: 6, name: "u", description: "" }, { text: "Ada" })).toEqual({ problem: "Choose one of the list." });
    expect(read({ type: 6, name: "u", description: "" }, { text: "Ada", value: "42" })).toEqual({ value: "42" });
  });
});

describe("bodies", () => {
  const never = () => Promise.reject(new Error("no file here"));
  it("nests sub-commands", () => {
    const set = all.find((leaf) => leaf.name === "config prefix set")!;
    expect(nest(set, { to: "?" })).toEqual({ prefix: { set: { to: "?" } } });
  });
  it("collects values or every problem at once", async () => {
    expect(await collect(echo, { text: { text: "hi" }, times: { text: "2" } }, never)).toEqual({ options: { text: "hi", times: 2 } });
    expect(await collect(echo, { times: { text: "9" } }, never)).toEqual({ problems: { text: "This is required.", times: "At most 3." } });
  });
  it("sends what is valid so far with an autocomplete request", () => {
    expect(partial(echo, { text: { text: "x" }, times: { text: "9" }, style: { text: "Loud" } }, "text")).toEqual({ style: "loud" });
  });
});
