// Discord-flavoured markdown becomes the right tokens, and nothing hostile gets through.
import { describe, expect, it } from "vitest";
import type { Inline } from "./ast";
import { parse } from "./blocks";
import { inline, plainText } from "./inline";
import { timestamp } from "./time";

const text = (value: string): Inline => ({ type: "text", text: value });

describe("inline marks", () => {
  it.each([
    ["**bold**", [{ type: "bold", children: [text("bold")] }]],
    ["*it*", [{ type: "italic", children: [text("it")] }]],
    ["_it_", [{ type: "italic", children: [text("it")] }]],
    ["__under__", [{ type: "underline", children: [text("under")] }]],
    ["~~gone~~", [{ type: "strike", children: [text("gone")] }]],
    ["||hidden||", [{ type: "spoiler", children: [text("hidden")] }]],
    ["`a*b*`", [{ type: "code", text: "a*b*" }]],
    ["``a`b``", [{ type: "code", text: "a`b" }]],
    ["***both***", [{ type: "bold", children: [{ type: "italic", children: [text("both")] }] }]],
    ["snake_case_name", [text("snake_case_name")]],
    ["2 * 3 * 4", [text("2 * 3 * 4")]],
    ["\\*not\\*", [text("*not*")]],
    ["a\nb", [text("a"), { type: "break" }, text("b")]],
    ["**open", [text("**open")]],
    ["*a **b** c*", [{ type: "italic", children: [text("a "), { type: "bold", children: [text("b")] }, text(" c")] }]],
  ] as [string, Inline[]][])("%s", (source, expected) => {
    expect(inline(source)).toEqual(expected);
  });

  it("knows mentions, emoji, commands and timestamps", () => {
    expect(inline("<@123456> <@!123456> <@&223456> <#323456>").filter((n) => n.type !== "text")).toEqual([
      { type: "user", id: "123456" },
      { type: "user", id: "123456" },
      { type: "role", id: "223456" },
      { type: "channel", id: "323456" },
    ]);
    expect(inline("<a:wave:123456>")).toEqual([{ type: "emoji", name: "wave", id: "123456" }]);
    expect(inline("</echo now:99>")).toEqual([{ type: "command", name: "echo now", id: "99" }]);
    expect(inline("<t:0:R>")).toEqual([{ type: "time", seconds: 0, style: "R" }]);
    expect(inline("hi @everyone!")).toEqual([text("hi "), { type: "everyone", text: "@everyone" }, text("!")]);
  });

  it("links web addresses only", () => {
    expect(inline("see https://a.example/x_y, ok")).toEqual([
      text("see "),
      { type: "link", url: "https://a.example/x_y", children: [text("https://a.example/x_y")] },
      text(", ok"),
    ]);
    expect(inline("[**Docs**](https://a.example/)")).toEqual([
      { type: "link", url: "https://a.example/", children: [{ type: "bold", children: [text("Docs")] }] },
    ]);
    expect(inline("[x](javascript:alert(1))")).toEqual([text("[x](javascript:alert(1))")]);
    expect(inline("<script>alert(1)</script>")).toEqual([text("<script>alert(1)</script>")]);
  });

  it("gives the plain text", () => {
    expect(plainText(inline("**a** `b` <:x_y:123456>\n@here"))).toBe("a b :x_y: @here");
  });

  it("stays quick on hostile input", () => {
    const begin = performance.now();
    for (const mark of ["*", "_", "||", "[", "`", "> ", "**a", "~~", "- ", "```", "<@"]) parse(mark.repeat(2000));
    expect(performance.now() - begin).toBeLessThan(3000);
  });
});

describe("blocks", () => {
  it("separates code, headings, quotes and lists", () => {
    expect(parse("# Top\nhello\n```rs\nfn main() {}\n```\n> quoted\n> more\n- one\n  - deep\n- two\n-# small").map((b) => b.type)).toEqual([
      "heading",
      "paragraph",
      "code",
      "quote",
      "list",
      "subtext",
    ]);
  });
  it("reads a fence with and without language", () => {
    expect(parse("```js\nlet a = `1`;\n```")).toEqual([{ type: "code", language: "js", text: "let a = `1`;" }]);
    expect(parse("```plain```")).toEqual([{ type: "code", language: "", text: "plain" }]);
    expect(parse("before ```x``` after").map((b) => b.type)).toEqual(["paragraph", "code", "paragraph"]);
    expect(parse("```never closed")).toEqual([{ type: "paragraph", children: [text("```never closed")] }]);
  });
  it("finds a fence after a quote", () => {
    expect(parse("> quote\n```rs\ncode\n```\n- list").map((b) => b.type)).toEqual(["quote", "code", "list"]);
  });
  it("nests lists and keeps the first number", () => {
    const [list] = parse("3. a\n4. b\n   - c");
    expect(list).toMatchObject({ type: "list", ordered: true, start: 3, items: [{}, { blocks: [{ type: "list", ordered: false }] }] });
  });
  it("quotes the rest after >>>", () => {
    expect(parse("a\n>>> b\nc")).toMatchObject([{ type: "paragraph" }, { type: "quote", blocks: [{ type: "paragraph" }] }]);
  });
  it("knows only inline marks when not rich", () => {
    expect(parse("# no", false)).toEqual([{ type: "paragraph", children: [text("# no")] }]);
  });
});

describe("timestamps", () => {
  it("speaks of the past and the future", () => {
    expect(timestamp(0, "R", 3_600_000 * 5, "en")).toBe("5 hours ago");
    expect(timestamp(86_400, "R", 0, "en")).toBe("tomorrow");
    expect(timestamp(9e12, "f", 0, "en")).toBe("Invalid date");
  });
});
