// How permissions are called and found. Their bits come from the server.
import type { PermissionName } from "../../api/guilds";
import type { Overwrite } from "../../api/discord";

const LOUD = new Set(["tts", "vad"]);

/** "SEND_TTS_MESSAGES" as "Send TTS messages". */
export function label(name: string | null, bit: string): string {
  if (!name) return `Bit ${BigInt(bit).toString(2).length - 1}, without a name`;
  const words = name.toLowerCase().split("_").map((word) => (LOUD.has(word) ? word.toUpperCase() : word));
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether what was typed is part of the name, written either way. */
export function matches(name: string | null, bit: string, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return !wanted || label(name, bit).toLowerCase().includes(wanted) || (name ?? "").toLowerCase().includes(wanted.replaceAll(" ", "_"));
}

export const has = (bits: string | undefined, bit: string): boolean => (BigInt(bits ?? "0") & BigInt(bit)) !== 0n;
export const toggled = (bits: string | undefined, bit: string): string => (BigInt(bits ?? "0") ^ BigInt(bit)).toString();
export const sum = (names: PermissionName[]): string => names.reduce((all, { bit }) => all | BigInt(bit), 0n).toString();

export type Stance = "deny" | "neutral" | "allow";

export function stance(overwrite: Pick<Overwrite, "allow" | "deny"> | undefined, bit: string): Stance {
  if (has(overwrite?.allow, bit)) return "allow";
  return has(overwrite?.deny, bit) ? "deny" : "neutral";
}

/** The bits after one permission was given another stance. */
export function withStance(overwrite: Pick<Overwrite, "allow" | "deny"> | undefined, bit: string, to: Stance): { allow: string; deny: string } {
  const without = (bits: string | undefined) => BigInt(bits ?? "0") & ~BigInt(bit);
  const allow = without(overwrite?.allow) | (to === "allow" ? BigInt(bit) : 0n);
  const deny = without(overwrite?.deny) | (to === "deny" ? BigInt(bit) : 0n);
  return { allow: allow.toString(), deny: deny.toString() };
}
