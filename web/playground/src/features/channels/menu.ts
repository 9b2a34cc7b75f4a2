// What can be done with a channel from the list.
import type { MenuEntry } from "@cogwright/ui/menu";
import type { Bench } from "../../api/bench";
import { ChannelType, type Channel } from "../../api/discord";
import { copy } from "../../lib/clipboard";
import { isDm, isThread, may } from "../../lib/permissions";
import type { Stores } from "../../state/stores";

export function channelMenu(stores: Stores, channel: Channel): MenuEntry[] {
  const { directory, panels, toasts, workbench } = stores;
  const guild = directory.guildOf(channel.id);
  const entries: MenuEntry[] = [];
  if (workbench.bench && guild && !isDm(channel) && !isThread(channel)) {
    const kind = channel.type === ChannelType.Category ? "category" : "channel";
    entries.push(
      { label: `Edit ${kind}`, icon: "pencil", action: () => panels.open({ kind: "server", guild: guild.id, tab: "channels", channel: channel.id }) },
      { label: "Permissions", icon: "shield", action: () => panels.open({ kind: "permissions", guild: guild.id, channel: channel.id, user: null }) },
      { separator: true },
    );
  }
  if (workbench.bench && guild && isThread(channel)) entries.push(...threadEntries(stores, workbench.bench, channel));
  entries.push({ label: "Copy channel ID", icon: "copy", action: () => void copy(channel.id, toasts) });
  return entries;
}

/** Its owner closes and reopens a thread; whoever manages threads locks and deletes it as well. */
function threadEntries(stores: Stores, bench: Bench, thread: Channel): MenuEntry[] {
  const { session, toasts, panels } = stores;
  const { archived = false, locked = false } = thread.thread_metadata ?? {};
  const manages = may(thread, "manageThreads");
  const own = thread.owner_id === session.user && !locked;
  const off = (allowed: boolean) => (allowed ? {} : { disabled: true, hint: "needs Manage threads" });
  const set = (change: { archived?: boolean; locked?: boolean }) => void toasts.guard(bench.places.editChannel(session.user, thread.id, change));
  return [
    { label: archived ? "Reopen" : "Close", icon: archived ? "play" : "check", ...off(manages || own), action: () => set({ archived: !archived }) },
    { label: locked ? "Unlock" : "Lock", icon: "lock", ...off(manages), action: () => set({ locked: !locked }) },
    { label: "Delete…", icon: "trash", danger: manages, ...off(manages), action: () => panels.open({ kind: "delete-thread", thread }) },
    { separator: true },
  ];
}
