// What markdown becomes: data, never HTML.

export type Inline =
  | { type: "text"; text: string }
  | { type: "break" }
  | { type: "bold" | "italic" | "underline" | "strike" | "spoiler"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; url: string; children: Inline[] }
  | { type: "user" | "channel" | "role"; id: string }
  | { type: "everyone"; text: string }
  | { type: "command"; name: string; id: string }
  | { type: "emoji"; name: string; id: string }
  | { type: "time"; seconds: number; style: string };

export type ListItem = { children: Inline[]; blocks: Block[] };

export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "heading"; level: 1 | 2 | 3; children: Inline[] }
  | { type: "subtext"; children: Inline[] }
  | { type: "quote"; blocks: Block[] }
  | { type: "code"; language: string; text: string }
  | { type: "list"; ordered: boolean; start: number; items: ListItem[] };
