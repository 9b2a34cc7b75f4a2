// What can be done with a person or bot: look at their profile, write to them, act as them, run user commands on them.
import type { MenuEntry } from "@cogwright/ui/menu";
import type { Channel, User } from "../../api/discord";
import { copy } from "../../lib/clipboard";
import type { Stores } from "../../state/stores";
import { moderationMenu } from "../moderation/menu";

/** See Discord docs: Application Commands / Command Types. */
const USER_COMMAND = 2;

export function userMenu(stores: Stores, user: User): MenuEntry[] {
  const { session, directory, navigation, commands, interactions, toasts, composing } = stores;
  const channel = navigation.channel;
  const guild = directory.guildOf(channel);
  const name = directory.name(user, guild);
  const entries: MenuEntry[] = [];
  if (guild && directory.member(guild, user.id) && stores.workbench.bench) {
    entries.push({ label: "Profile and roles", icon: "people", action: () => stores.panels.open({ kind: "member", guild: guild.id, user }) });
  }
  if (user.id !== session.user) {
    entries.push({ label: `Message ${name}`, icon: "message", action: () => void openDm(stores, user) });
  }
  if (channel) {
    entries.push({
      label: "Mention",
      icon: "at",
      action: () => composing.suggest(channel, `${composing.drafts.get(channel) ?? ""}@${user.username} `),
    });
  }
  if (user.id !== session.user && directory.isPerson(user.id)) {
    entries.push(
      { label: `Act as ${name} here`, icon: "eye", action: () => session.become(user.id) },
      { label: `Act as ${name} in a new tab`, icon: "external", action: () => openAs(user) },
    );
  }
  if (directory.view?.bots.some((it) => it.id === user.id)) {
    // A bot's id is its application's.
    const remove = directory.view.installed?.includes(user.id) ?? false;
    entries.push({
      label: remove ? `Remove ${name} from my account` : `Add ${name} to my account`,
      icon: remove ? "minus" : "plus",
      action: () => void toasts.guard(stores.backend.act("install", { user: session.user, application: user.id, ...(remove ? { remove } : {}) })),
    });
  }
  if (channel && guild && stores.workbench.bench) {
    entries.push({
      label: "What they may do here",
      icon: "shield",
      action: () => stores.panels.open({ kind: "permissions", guild: guild.id, channel, user: user.id }),
    });
  }
  if (guild) entries.push(...moderationMenu(stores, guild, user));
  const available = channel ? commands.in(channel).filter((command) => command.type === USER_COMMAND) : [];
  if (channel && available.length) {
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
              channel,
              name: command.name,
              type: USER_COMMAND,
              target: user.id,
              application: command.application.id,
            },
            command.name,
          ),
      });
  }
  entries.push({ separator: true }, { label: "Copy user ID", icon: "copy", action: () => void copy(user.id, toasts) });
  return entries;
}

/** The direct message with somebody; it is opened when there is none. */
export async function findDm({ backend, session, directory }: Stores, user: User): Promise<Channel> {
  const known = directory.dms.find((dm) => dm.recipients?.length === 1 && dm.recipients[0]?.id === user.id);
  const channel = known ?? (await backend.act("open_dm", { user: session.user, recipient: user.id }));
  if (!known && directory.view) directory.replace({ ...directory.view, dms: [channel, ...directory.dms.filter((dm) => dm.id !== channel.id)] });
  return channel;
}

export async function openDm(stores: Stores, user: User): Promise<void> {
  const channel = await stores.toasts.guard(findDm(stores, user));
  if (channel) stores.navigation.go(channel.id);
}

export function openAs(user: User): void {
  const address = new URL(location.href);
  address.searchParams.set("as", user.id);
  window.open(address, "_blank", "noopener");
}
