// A message in one line.
import { ComponentType, type Component, type Guild, type Message, type Snapshot } from "../../api/discord";
import type { Directory } from "../../state/directory.svelte";
import type { Inline } from "../markdown/ast";
import { inline, plainText } from "../markdown/inline";

export function preview(message: Message | Snapshot, directory: Directory, guild: Guild | null): string {
  const text = plainText(named(inline(message.content.replace(/```\w*\n?/g, " ")), directory, guild)).trim();
  if (text) return text.slice(0, 200);
  if (message.attachments?.length) return message.attachments.map((it) => it.filename).join(", ");
  if (message.embeds?.length) return message.embeds[0]?.title ?? message.embeds[0]?.description?.slice(0, 200) ?? "An embed";
  const taken = "message_snapshots" in message ? message.message_snapshots?.[0]?.message : undefined;
  if (taken) return `Forwarded: ${preview(taken, directory, guild)}`;
  const shown = firstText(message.components ?? []);
  return shown ? plainText(named(inline(shown.replace(/^#+ /, "")), directory, guild)).slice(0, 200) : "A message with components";
}

/** The first text among components, however deep. */
function firstText(components: Component[]): string | undefined {
  for (const component of components) {
    const found = component.type === ComponentType.TextDisplay ? component.content : firstText(component.components ?? []);
    if (found) return found.split("\n")[0];
  }
  return undefined;
}

function named(nodes: Inline[], directory: Directory, guild: Guild | null): Inline[] {
  return nodes.map((node) => {
    if ("children" in node) return { ...node, children: named(node.children, directory, guild) };
    if (node.type === "user") return { type: "text", text: `@${nameOf(node.id, directory, guild)}` };
    if (node.type === "channel") return { type: "text", text: `#${directory.channel(node.id)?.name ?? "unknown"}` };
    if (node.type === "role") return { type: "text", text: `@${directory.role(guild, node.id)?.name ?? "unknown"}` };
    return node;
  });
}

function nameOf(id: string, directory: Directory, guild: Guild | null): string {
  const user = directory.user(id);
  return user ? directory.name(user, guild) : "unknown";
}
