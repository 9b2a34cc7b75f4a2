// What lies over the page: one menu, one dialog.
import type { MenuEntry } from "@cogwright/ui/menu";
import type { Anchor } from "@cogwright/ui/place";
import type { Channel, Id, Message, User } from "../api/discord";

export type OpenMenu = { label: string; anchor: Anchor; entries: MenuEntry[] };
export type ServerTab = "settings" | "channels" | "bans" | "audit";
export type OpenDialog =
  | { kind: "shortcuts" }
  | { kind: "switcher" }
  | { kind: "pins"; channel: Id }
  | { kind: "thread"; channel: Id; message: Message | null }
  | { kind: "permissions"; guild: Id; channel: Id | null; user: Id | null }
  | { kind: "member"; guild: Id; user: User }
  | { kind: "moderate"; action: "kick" | "ban" | "timeout"; guild: Id; user: User }
  | { kind: "server"; guild: Id; tab: ServerTab; channel?: Id | null }
  | { kind: "delete-thread"; thread: Channel }
  | { kind: "forward"; message: Message }
  | { kind: "delete"; message: Message }
  | { kind: "picture"; src: string; alt: string };

export class Panels {
  menu = $state.raw<OpenMenu | null>(null);
  dialog = $state.raw<OpenDialog | null>(null);
  emojiFor = $state.raw<{ anchor: Anchor; onpick: (emoji: string) => void } | null>(null);

  openMenu(menu: OpenMenu): void {
    this.menu = menu;
  }
  open(dialog: OpenDialog): void {
    this.dialog = dialog;
  }
  close(): void {
    this.dialog = null;
  }
}
