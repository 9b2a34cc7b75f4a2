// Monograms and their colours: stable for an id, spread over the warm-friendly part of the wheel.

/** A hue in degrees that depends on the id alone. */
export function hueOf(id: string): number {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  hash ^= hash >>> 15;
  // Twelve distinct steps are easier to tell apart than 360 near ones.
  return ((hash >>> 0) % 12) * 30 + 12;
}

/** One or two letters for a name. */
export function monogram(name: string): string {
  const words = name.trim().split(/[\s_.-]+/u).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const second = words.length > 1 ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return (first + second).toUpperCase();
}
