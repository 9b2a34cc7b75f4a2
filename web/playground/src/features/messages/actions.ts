// What a person can do with a message, and the menu that offers it.
import type { MenuEntry } from "@cogwright/ui/menu";
import { MessageFlag, type Message } from "../../api/discord";
import { emojiKey } from "../../api/media";
import { copy } from "../../lib/clipboard";
import { isDm, isThread, may, mayWrite } from "../../lib/permissions";
import type { Stores } from "../../state/stores";
import { canForward } from "./forward";

/** See Discord docs: Application Commands / Command Types. */
const MESSAGE_COMMAND = 3;
/** Message types that cannot be deleted. See Discord docs: Message / Message Types. */
const PERMANENT = new Set([1, 2, 3, 4, 5, 21]);

export const isEphemeral = (message: Message): boolean => ((message.flags ?? 0) & MessageFlag.Ephemeral) !== 0;
export const isLoading = (message: Message): boolean => ((message.flags ?? 0) & MessageFlag.Loading) !== 0;

export async function toggleReaction(stores: Stores, message: Message, emoji: string, mine: boolean): Promise<void> {
  const { backend, session, toasts } = stores;
  const already = mine || message.reactions?.some((it) => it.me && emojiKey(it.emoji) === emoji);
  await toasts.guard(
    backend.act("react", { user: session.user, message_id: message.id, emoji, ...(already ? { remove: true } : {}) }),
  );
}

export function dismiss({ messages }: Stores, message: Message): void {
  messages.remove(message.channel_id, [message.id]);
}

export function messageMenu(stores: Stores, message: Message, anchor: Element): MenuEntry[] {
  const { session, directory, composing, panels, toasts, backend, commands, interactions, workbench } = stores;
  const channel = directory.channel(message.channel_id);
  const own = message.author.id === session.user;
  const entries: MenuEntry[] = [];
  if (isEphemeral(message)) {
    entries.push({ label: "Dismiss", icon: "close", action: () => dismiss(stores, message) });
  } else {
    if (may(channel, "addReactions"))
      entries.push({
        label: "Add reaction",
        icon: "smile",
        action: () =>
          (panels.emojiFor = { anchor, onpick: (emoji) => void toggleReaction(stores, message, emoji, false) }),
      });
    if (mayWrite(channel)) entries.push({ label: "Reply", icon: "reply", action: () => composing.reply(message) });
    if (canForward(message)) entries.push({ label: "Forward", icon: "forward", action: () => panels.open({ kind: "forward", message }) });
    if (own && isEditable(message))
      entries.push({ label: "Edit", icon: "pencil", action: () => (composing.editing = message.id) });
    if (channel && !isDm(channel) && !isThread(channel) && !message.thread && may(channel, "createThreads"))
      entries.push({
        label: "Start a thread",
        icon: "thread",
        action: () => panels.open({ kind: "thread", channel: message.channel_id, message }),
      });
    if (may(channel, "pinMessages"))
      entries.push({
        label: message.pinned ? "Unpin" : "Pin",
        icon: "pin",
        action: () =>
          void toasts.guard(
            backend.act("pin", { user: session.user, message_id: message.id, ...(message.pinned ? { remove: true } : {}) }),
          ),
      });
  }
  if (message.content) entries.push({ label: "Copy text", icon: "copy", action: () => void copy(message.content, toasts) });
  entries.push({ label: "Copy message ID", icon: "copy", action: () => void copy(message.id, toasts) });
  if (workbench.bench) entries.push({ label: "Show what caused this", icon: "wrench", action: () => workbench.showCause(message) });
  if (!isEphemeral(message) && !PERMANENT.has(message.type) && (own || (channel && !isDm(channel) && may(channel, "manageMessages"))))
    entries.push({ label: "Delete", icon: "trash", danger: true, action: () => panels.open({ kind: "delete", message }) });
  const available = commands.in(message.channel_id).filter((command) => command.type === MESSAGE_COMMAND);
  if (available.length && !isEphemeral(message)) {
    entries.push({ separator: true }, { heading: "Apps" });
    for (const command of available)
      entries.push({
        label: command.name,
        icon: "bolt",
        hint: command.application.name,
        action: () =>
          void interactions.command(
            {
              user: session.user,
              channel: message.channel_id,
              name: command.name,
              type: MESSAGE_COMMAND,
              target: message.id,
              application: command.application.id,
            },
            command.name,
          ),
      });
  }
  return entries;
}

export const isEditable = (message: Message): boolean => (message.type === 0 || message.type === 19) && !message.message_snapshots?.length;
