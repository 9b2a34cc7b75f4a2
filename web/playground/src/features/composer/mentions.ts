// Mentions as people write them ("@ada") and as they travel ("<@123>").
import type { Guild } from "../../api/discord";
import type { Directory } from "../../state/directory.svelte";

type Named = { written: string; wire: string };

function known(guild: Guild | null, directory: Directory): Named[] {
  const users = guild
    ? guild.members.map((member) => member.user)
    : [...(directory.view?.people ?? []), ...(directory.view?.bots ?? [])];
  const names: Named[] = users.map((user) => ({ written: `@${user.username}`, wire: `<@${user.id}>` }));
  for (const role of guild?.roles ?? [])
    if (role.id !== guild?.id) names.push({ written: `@${role.name}`, wire: `<@&${role.id}>` });
  for (const channel of [...(guild?.channels ?? []), ...(guild?.threads ?? [])])
    if (channel.name) names.push({ written: `#${channel.name}`, wire: `<#${channel.id}>` });
  for (const emoji of guild?.emojis ?? [])
    if (emoji.id && emoji.name) names.push({ written: `:${emoji.name}:`, wire: `<${emoji.animated ? "a" : ""}:${emoji.name}:${emoji.id}>` });
  // The longest first, so that "@ada lovelace" is not taken for "@ada".
  return names.sort((a, b) => b.written.length - a.written.length);
}

/** Text for the wire. Code is left alone. */
export function wired(text: string, guild: Guild | null, directory: Directory): string {
  const names = known(guild, directory);
  return text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((part, index) => (index % 2 ? part : names.reduce(replaceName, part)))
    .join("");
}

function replaceName(text: string, { written, wire }: Named): string {
  const escaped = written.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\w<])${escaped}(?![\\w-])`, "gi"), wire);
}

/** Text for the editor. */
export function readable(text: string, guild: Guild | null, directory: Directory): string {
  return known(guild, directory).reduce(
    (all, { written, wire }) => all.replaceAll(wire, written).replaceAll(wire.replace("<@", "<@!"), written),
    text,
  );
}
