// Pictures that a server can show, and whether a file can be one. See Discord docs: Reference / Image Data.
import { size } from "../../api/files";
import type { Shown } from "../../api/media";

/** As the server takes them. */
export const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];
export const MAX_BYTES = 10 * 1024 * 1024;

type Picture = { key: Shown; label: string; about: string; needs?: string };
export const PICTURES: readonly Picture[] = [
  { key: "icon", label: "Icon", about: "Beside the name, everywhere." },
  { key: "banner", label: "Banner", about: "Above the list of channels.", needs: "BANNER" },
  { key: "splash", label: "Invite picture", about: "Behind an invite.", needs: "INVITE_SPLASH" },
];

/** Why a file cannot be such a picture, before it is read; null when it can. */
export function unfit(file: Pick<File, "name" | "type" | "size">): string | null {
  if (!TYPES.includes(file.type)) return `${file.name} is no picture of a kind that Discord takes: PNG, JPEG, GIF, WebP or AVIF.`;
  if (file.size === 0) return `${file.name} is empty.`;
  if (file.size > MAX_BYTES) return `${file.name} has ${size(file.size)}; a picture has 10 MiB at most.`;
  return null;
}
