// The part of a person's menu that is about moderation.
import type { MenuEntry } from "@cogwright/ui/menu";
import type { Guild, User } from "../../api/discord";
import type { Stores } from "../../state/stores";
import { obstacle, type Measure } from "./rank";

export function moderationMenu(stores: Stores, guild: Guild, user: User): MenuEntry[] {
  const { session, directory, panels, toasts, workbench } = stores;
  const { bench } = workbench;
  const member = directory.member(guild, user.id);
  if (!bench || user.id === session.user) return [];
  const entry = (action: Measure, label: string): MenuEntry => {
    const why = obstacle(guild, session.user, user.id, action);
    return {
      label,
      icon: action === "timeout" ? "pause" : "shield",
      danger: why === null && action !== "timeout",
      ...(why === null ? {} : { disabled: true, hint: why }),
      action: () => panels.open({ kind: "moderate", action, guild: guild.id, user }),
    };
  };
  const entries: MenuEntry[] = [{ separator: true }, { heading: "Moderation" }];
  if (member && directory.timedOut(member)) {
    const why = obstacle(guild, session.user, user.id, "timeout");
    entries.push({
      label: "End the time-out",
      icon: "play",
      ...(why === null ? {} : { disabled: true, hint: why }),
      action: () => void toasts.guard(bench.moderation.timeOut({ user: session.user, guild: guild.id, target: user.id, seconds: 0 })),
    });
  } else if (member) entries.push(entry("timeout", "Time out…"));
  if (member) entries.push(entry("kick", "Kick…"));
  entries.push(entry("ban", "Ban…"));
  return entries;
}
