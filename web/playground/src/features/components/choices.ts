// What the five kinds of select offer.
import type { Option } from "@cogwright/ui/option";
import { ComponentType as T, type Component, type Guild, type Id } from "../../api/discord";
import { avatar, emojiImage } from "../../api/media";
import type { Directory } from "../../state/directory.svelte";

export const isSelect = (type: number): boolean => type === T.StringSelect || (type >= T.UserSelect && type <= T.ChannelSelect);

export function options(component: Component, guild: Guild | null, directory: Directory): Option[] {
  switch (component.type) {
    case T.StringSelect:
      return (component.options ?? []).map((option) => ({
        value: option.value,
        label: option.label,
        description: option.description,
        glyph: option.emoji && !option.emoji.id ? (option.emoji.name ?? undefined) : undefined,
        image: option.emoji ? (emojiImage(option.emoji) ?? undefined) : undefined,
      }));
    case T.UserSelect:
      return users(guild, directory);
    case T.RoleSelect:
      return roles(guild);
    case T.MentionableSelect:
      return [...users(guild, directory), ...roles(guild)];
    case T.ChannelSelect:
      return channels(guild, component.channel_types);
    default:
      return [];
  }
}

export function users(guild: Guild | null, directory: Directory): Option[] {
  const list = guild
    ? guild.members.map((member) => member.user)
    : [...(directory.view?.people ?? []), ...(directory.view?.bots ?? [])];
  return list.map((user) => {
    const label = directory.name(user, guild);
    return {
      value: user.id,
      label,
      description: label === user.username ? undefined : user.username,
      mark: { src: avatar(user) },
    };
  });
}

export function roles(guild: Guild | null): Option[] {
  return [...(guild?.roles ?? [])]
    .filter((role) => role.id !== guild?.id)
    .sort((a, b) => b.position - a.position)
    .map((role) => ({ value: role.id, label: role.name, description: "Role", icon: "people" as const }));
}

export function channels(guild: Guild | null, types: number[] | undefined): Option[] {
  return (guild ? [...guild.channels, ...(guild.threads ?? [])] : [])
    .filter((channel) => !types?.length || types.includes(channel.type))
    .map((channel) => ({ value: channel.id, label: channel.name ?? "unnamed", icon: "hash" as const }));
}

/** What is chosen before anybody chose: option defaults, or default_values of an entity select. */
export function defaults(component: Component): Id[] {
  return component.type === T.StringSelect
    ? (component.options ?? []).filter((option) => option.default).map((option) => option.value)
    : (component.default_values ?? []).map((value) => value.id);
}
