// The keyboard inside the message list: arrows walk, single letters act on the message with focus.
import type { Stores } from "../../state/stores";
import { isEditable, isEphemeral, messageMenu, toggleReaction } from "./actions";

export function messageKeys(stores: Stores, event: KeyboardEvent, list: HTMLElement | undefined): void {
  const target = event.target as HTMLElement;
  const row = target.closest<HTMLElement>("[data-message-id]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
  // Inside a control of a message its own keys count.
  if (target !== list && target !== row) return;
  const all = [...list.querySelectorAll<HTMLElement>("[data-message-id]")];
  const at = row ? all.indexOf(row) : all.length;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const next = all[event.key === "ArrowUp" ? at - 1 : at + 1];
    if (next) next.focus();
    else if (event.key === "ArrowDown") stores.composing.focus();
    event.preventDefault();
    return;
  }
  const message = row && stores.messages.find(row.dataset["messageId"] ?? "");
  if (!row || !message) return;
  const { composing, panels, session } = stores;
  switch (event.key) {
    case "Enter":
    case "m":
      panels.openMenu({ label: "Message actions", anchor: row, entries: messageMenu(stores, message, row) });
      break;
    case "r":
      if (!isEphemeral(message)) composing.reply(message);
      break;
    case "e":
      if (message.author.id === session.user && isEditable(message)) composing.editing = message.id;
      break;
    case "+":
      panels.emojiFor = { anchor: row, onpick: (emoji) => void toggleReaction(stores, message, emoji, false) };
      break;
    case "Delete":
      if (message.author.id === session.user) panels.open({ kind: "delete", message });
      break;
    default:
      return;
  }
  event.preventDefault();
}
