// What can be done with a channel from the list.
import type { MenuEntry } from "@cogwright/ui/menu";
import { ChannelType, type Channel } from "../../api/discord";
import { copy } from "../../lib/clipboard";
import { isDm, isThread } from "../../lib/permissions";
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
  entries.push({ label: "Copy channel ID", icon: "copy", action: () => void copy(channel.id, toasts) });
  return entries;
}
