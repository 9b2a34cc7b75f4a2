// Marks inside a line: emphasis, code, spoilers, links, mentions, emoji, timestamps.
import { safeLink } from "../../api/media";
import type { Inline } from "./ast";

/** Marks nested deeper are shown as text. */
const DEEPEST = 12;

type Rule = { pattern: RegExp; make: (match: RegExpExecArray, depth: number) => Inline | null };

const spans = (type: "bold" | "italic" | "underline" | "strike" | "spoiler", pattern: RegExp): Rule => ({
  pattern,
  make: (match, depth) => ({ type, children: inline(match[1] ?? "", depth + 1) }),
});

/** In order: the first that matches at a place wins. Every pattern is sticky and begins with its mark. */
const rules: Rule[] = [
  { pattern: /\\([^\p{L}\p{N}\s])/uy, make: (m) => ({ type: "text", text: m[1] ?? "" }) },
  { pattern: /(`{1,2})([\s\S]*?[^`])\1(?!`)/y, make: (m) => ({ type: "code", text: trimCode(m[2] ?? "") }) },
  { pattern: /<@!?(\d{5,20})>/y, make: (m) => ({ type: "user", id: m[1] ?? "" }) },
  { pattern: /<@&(\d{5,20})>/y, make: (m) => ({ type: "role", id: m[1] ?? "" }) },
  { pattern: /<#(\d{5,20})>/y, make: (m) => ({ type: "channel", id: m[1] ?? "" }) },
  { pattern: /<\/([^:>\n]{1,98}):(\d{1,20})>/y, make: (m) => ({ type: "command", name: m[1] ?? "", id: m[2] ?? "" }) },
  { pattern: /<a?:(\w{2,32}):(\d{5,20})>/y, make: (m) => ({ type: "emoji", name: m[1] ?? "", id: m[2] ?? "" }) },
  {
    pattern: /<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y,
    make: (m) => ({ type: "time", seconds: Number(m[1]), style: m[2] ?? "f" }),
  },
  { pattern: /<(https?:\/\/[^\s<>]+)>/y, make: (m) => link(m[1], m[1], 0) },
  {
    pattern: /\[([^[\]\n]{1,400})\]\(<?(https?:\/\/[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?: "[^"\n]*")?\)/y,
    make: (m, depth) => link(m[2], m[1], depth),
  },
  { pattern: /https?:\/\/[^\s<>|`]*[^\s<>|*_~`.,:;"')\]!?]/y, make: (m) => link(m[0], m[0], 0) },
  { pattern: /@(everyone|here)\b/y, make: (m) => ({ type: "everyone", text: m[0] }) },
  spans("bold", /\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y),
  spans("underline", /__((?:\\[\s\S]|[^\\])+?)__(?!_)/y),
  spans("strike", /~~((?:\\[\s\S]|[^\\])+?)~~/y),
  spans("spoiler", /\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y),
  // One star or underscore: no white space inside its edge; an underscore within a word is text.
  spans("italic", /\*(?=\S)((?:\*\*[\s\S]+?\*\*|\\[\s\S]|[^*\\])+?)(?<!\s)\*(?!\*)/y),
  spans("italic", /(?<!\w)_(?=\S)((?:__[\s\S]+?__|\\[\s\S]|[^_\\])+?)(?<!\s)_(?!\w)/y),
];

/** Characters that may begin a mark; all others are passed over at once. */
const MARKS = /[\\`<[h@*_~|\n]/g;

export function inline(text: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) out.push({ type: "text", text: plain });
    plain = "";
  };
  while (at < text.length) {
    MARKS.lastIndex = at;
    const mark = depth < DEEPEST ? MARKS.exec(text) : null;
    const stop = mark ? mark.index : text.length;
    plain += text.slice(at, stop);
    at = stop;
    if (at >= text.length) break;
    if (text[at] === "\n") {
      flush();
      out.push({ type: "break" });
      at++;
      continue;
    }
    const found = matchAt(text, at, depth);
    if (!found) {
      plain += text[at++];
      continue;
    }
    if (found.node.type === "text") plain += found.node.text;
    else {
      flush();
      out.push(found.node);
    }
    at = found.end;
  }
  flush();
  return out;
}

function matchAt(text: string, at: number, depth: number): { node: Inline; end: number } | null {
  for (const { pattern, make } of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const end = pattern.lastIndex;
    const node = match && make(match, depth);
    if (node) return { node, end };
  }
  return null;
}

function link(url: string | undefined, label: string | undefined, depth: number): Inline | null {
  const target = safeLink(url);
  if (!target || label === undefined) return null;
  const children: Inline[] = depth > 0 || label !== url ? inline(label, DEEPEST - 2) : [{ type: "text", text: label }];
  return { type: "link", url: target, children };
}

/** One space of padding lets code begin or end with a backtick. */
const trimCode = (text: string): string => (/^ .*`.* $/.test(text) || /^ `|` $/.test(text) ? text.trim() : text);

/** The text of inline nodes without marks, for previews and names. */
export function plainText(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if ("children" in node) return plainText(node.children);
      if (node.type === "text" || node.type === "code" || node.type === "everyone") return node.text;
      if (node.type === "break") return " ";
      if (node.type === "emoji") return `:${node.name}:`;
      if (node.type === "command") return `/${node.name}`;
      return "";
    })
    .join("");
}
