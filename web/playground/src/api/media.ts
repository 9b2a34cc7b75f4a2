// Addresses of pictures and files. The page loads from its own server only.
import type { Emoji, Guild, Id, User } from "./discord";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The address to load something from, or null when that would leave this machine. The local CDN is
 * taken from the page's own origin: it may call itself 127.0.0.1 while the page was opened as localhost.
 */
export function local(url: string | null | undefined, page: string = location.href): string | null {
  if (!url) return null;
  let target: URL;
  try {
    target = new URL(url, page);
  } catch {
    return null;
  }
  if (target.protocol === "blob:") return url;
  if (target.protocol === "data:") return /^data:image\//.test(url) ? url : null;
  if (target.protocol !== "http:" && target.protocol !== "https:") return null;
  const here = new URL(page);
  if (target.origin === here.origin) return target.pathname + target.search;
  if (LOOPBACK.test(target.hostname) && target.pathname.startsWith("/cdn/")) return target.pathname + target.search;
  return null;
}

/** A link a person may follow, or null for anything but web and mail addresses. */
export function safeLink(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const target = new URL(url);
    return ["http:", "https:", "mailto:"].includes(target.protocol) ? target.href : null;
  } catch {
    return null;
  }
}

export const host = (url: string): string => {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
};

/** Sizes are powers of two. See Discord docs: Reference / Image Formatting. */
export const avatar = (user: User): string | null => (user.avatar ? `/cdn/avatars/${user.id}/${user.avatar}.png?size=128` : null);
export const emojiImage = (emoji: Pick<Emoji, "id">): string | null => (emoji.id ? `/cdn/emojis/${emoji.id}.png?size=64` : null);

/** What a guild shows, and the folder of the CDN that has it. */
const SHOWN = { icon: "icons", banner: "banners", splash: "splashes" } as const;
export type Shown = keyof typeof SHOWN;
export function guildPicture(guild: Pick<Guild, "id" | Shown>, which: Shown): string | null {
  const hash = guild[which];
  return hash ? `/cdn/${SHOWN[which]}/${guild.id}/${hash}.${hash.startsWith("a_") ? "gif" : "png"}?size=${which === "icon" ? 128 : 512}` : null;
}
export const guildIcon = (guild: Pick<Guild, "id" | "icon">): string | null => guildPicture(guild, "icon");
export const emojiKey = (emoji: Emoji): string => (emoji.id ? `${emoji.name ?? "emoji"}:${emoji.id}` : (emoji.name ?? ""));

/** When a snowflake was minted, in milliseconds. See Discord docs: Reference / Snowflakes. */
export const mintedAt = (id: Id): number => Number(BigInt(id) >> 22n) + 1_420_070_400_000;

/** Orders ids by age. Ids have no leading zeros, so a longer one is newer. */
export function compareIds(a: Id, b: Id): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
