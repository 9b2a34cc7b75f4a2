// Blocks of Discord-flavoured markdown: code fences, quotes, headings, lists, paragraphs.
import type { Block, ListItem } from "./ast";
import { inline } from "./inline";

/** Deeper quotes and lists are shown flat; a hostile message must not exhaust the stack. */
const DEEPEST = 6;

/** With `rich` off (a topic, an option) only inline marks count. */
export function parse(source: string, rich = true): Block[] {
  const text = source.replace(/\r\n?/g, "\n");
  return rich ? blocks(text, 0) : text ? [{ type: "paragraph", children: inline(text) }] : [];
}

const FENCE = /```(?:([\w+#.-]+)\n)?\n?([\s\S]*?[^`])\n?```(?!`)/y;

function blocks(text: string, depth: number): Block[] {
  const out: Block[] = [];
  let rest: string[] = [];
  let at = 0;
  const flush = () => {
    out.push(...lines(rest.join("").replace(/\n$/, ""), depth));
    rest = [];
  };
  // A fence may begin anywhere in a line; everything else is line by line.
  while (at < text.length) {
    FENCE.lastIndex = at;
    const fence = text.startsWith("```", at) ? FENCE.exec(text) : null;
    // Read before anything else is parsed: a quote inside uses the same pattern.
    const end = FENCE.lastIndex;
    if (fence && !inQuote(rest)) {
      flush();
      out.push({ type: "code", language: fence[1] ?? "", text: fence[2] ?? "" });
      at = end;
      if (text[at] === "\n") at++;
      continue;
    }
    const next = text.indexOf("```", at + 1);
    const stop = next < 0 ? text.length : next;
    rest.push(text.slice(at, stop));
    at = stop;
  }
  flush();
  return out;
}

/** Whether the line being read began with a quote mark: its fences belong to the quote. */
function inQuote(pieces: string[]): boolean {
  const text = pieces.join("");
  return /^>>> /m.test(text) || /^> /.test(text.slice(text.lastIndexOf("\n") + 1));
}

const QUOTE = /^> ?/;
const HEADING = /^(#{1,3}) +(.+)$/;
const SUBTEXT = /^-# +(.+)$/;
const ITEM = /^( *)([-*]|\d{1,9}\.) +(.+)$/;

function lines(text: string, depth: number): Block[] {
  if (!text) return [];
  const out: Block[] = [];
  const all = text.split("\n");
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.some((line) => line.trim() !== ""))
      out.push({ type: "paragraph", children: inline(paragraph.join("\n").replace(/^\n+|\n+$/g, "")) });
    paragraph = [];
  };
  for (let i = 0; i < all.length; i++) {
    const line = all[i] ?? "";
    const heading = HEADING.exec(line);
    const subtext = SUBTEXT.exec(line);
    if (line.startsWith(">>> ") && depth < DEEPEST) {
      flush();
      out.push({ type: "quote", blocks: blocks([line.slice(4), ...all.slice(i + 1)].join("\n"), depth + 1) });
      return out;
    }
    if (line.startsWith("> ") && depth < DEEPEST) {
      flush();
      const quoted: string[] = [];
      while (i < all.length && QUOTE.test(all[i] ?? "")) quoted.push((all[i++] ?? "").replace(QUOTE, ""));
      i--;
      out.push({ type: "quote", blocks: blocks(quoted.join("\n"), depth + 1) });
    } else if (heading) {
      flush();
      const level = (heading[1] ?? "#").length as 1 | 2 | 3;
      out.push({ type: "heading", level, children: inline(heading[2] ?? "") });
    } else if (subtext) {
      flush();
      out.push({ type: "subtext", children: inline(subtext[1] ?? "") });
    } else if (ITEM.test(line)) {
      flush();
      const items: string[] = [];
      while (i < all.length && (ITEM.test(all[i] ?? "") || /^ {2,}\S/.test(all[i] ?? ""))) items.push(all[i++] ?? "");
      i--;
      out.push(...list(items, depth));
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return out;
}

/** One or more lists: another kind of mark at the same depth begins another list. */
function list(source: string[], depth: number): Block[] {
  const out: Block[] = [];
  const base = indent(source[0] ?? "");
  let nested: string[] = [];
  let current: Extract<Block, { type: "list" }> | undefined;
  const close = () => {
    const item = current?.items.at(-1);
    if (item && nested.length) item.blocks.push(...(depth < DEEPEST ? list(nested, depth + 1) : []));
    nested = [];
  };
  for (const line of source) {
    const match = ITEM.exec(line);
    if (match && indent(line) <= base + 1) {
      close();
      const ordered = /\d/.test(match[2] ?? "");
      if (!current || current.ordered !== ordered) {
        current = { type: "list", ordered, start: ordered ? Number.parseInt(match[2] ?? "1", 10) : 1, items: [] };
        out.push(current);
      }
      current.items.push({ children: inline(match[3] ?? ""), blocks: [] } satisfies ListItem);
    } else if (match) {
      nested.push(line);
    } else {
      const item = current?.items.at(-1);
      if (nested.length) nested.push(line);
      else item?.children.push({ type: "break" }, ...inline(line.trim()));
    }
  }
  close();
  return out;
}

const indent = (line: string): number => line.length - line.trimStart().length;
