// Shortcuts that work anywhere on the page.
import { isWritable } from "../../lib/permissions";
import type { Stores } from "../../state/stores";
import { sections } from "./channels";

export function globalKeys(stores: Stores, event: KeyboardEvent, toEnd: () => void): void {
  const { panels, navigation, composing, interactions, workbench } = stores;
  const covered = panels.dialog !== null || interactions.modal !== null || panels.menu !== null || panels.emojiFor !== null;
  if (event.defaultPrevented || covered) return;
  const target = event.target as HTMLElement;
  const typing = target.matches("input, textarea, select, [contenteditable]");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;

  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") panels.open({ kind: "switcher" });
  else if ((event.key === "?" && plain && (!typing || isEmpty(target))) || (event.ctrlKey && event.key === "/")) panels.open({ kind: "shortcuts" });
  else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) step(stores, event.key === "ArrowUp" ? -1 : 1);
  else if (event.altKey && event.key.toLowerCase() === "m") navigation.membersOpen = !navigation.membersOpen;
  else if (event.altKey && event.key.toLowerCase() === "w" && workbench.bench) workbench.toggle();
  else if (event.key === "Escape") {
    if (navigation.sidebarOpen) navigation.sidebarOpen = false;
    else if (composing.editing) composing.editing = null;
    else if (composing.replyTo) composing.replyTo = null;
    else {
      toEnd();
      composing.focus();
    }
  } else if (!typing && plain && event.key === "/") {
    if (navigation.channel) composing.suggest(navigation.channel, "/");
  } else return;
  event.preventDefault();
}

const isEmpty = (target: HTMLElement): boolean => target instanceof HTMLTextAreaElement && target.value === "";

function step({ navigation, directory }: Stores, by: number): void {
  const guild = directory.guildOf(navigation.channel);
  const list = guild
    ? sections(guild).flatMap(({ channels }) =>
        channels.flatMap((channel) => [channel, ...(guild.threads ?? []).filter((it) => it.parent_id === channel.id && !it.thread_metadata?.archived)]),
      )
    : directory.dms;
  const reachable = list.filter(isWritable);
  const at = reachable.findIndex((channel) => channel.id === navigation.channel);
  const next = reachable[(at + by + reachable.length) % reachable.length];
  if (next) navigation.go(next.id);
}
