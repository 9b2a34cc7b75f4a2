// Monograms and their colours: stable for a name, from a palette that suits the page.

/** Hue in degrees and saturation in per cent. Lightness comes from the theme. */
export type Tone = { hue: number; saturation: number };

const TONES: Tone[] = [
  { hue: 14, saturation: 48 },
  { hue: 38, saturation: 52 },
  { hue: 68, saturation: 32 },
  { hue: 112, saturation: 22 },
  { hue: 160, saturation: 30 },
  { hue: 192, saturation: 36 },
  { hue: 212, saturation: 28 },
  { hue: 300, saturation: 16 },
  { hue: 336, saturation: 32 },
  { hue: 358, saturation: 42 },
  { hue: 26, saturation: 24 },
];

/** A tone that depends on the name alone: a world made anew looks the same. */
export function toneOf(name: string): Tone {
  // Any seed would do; with this one the people of the default world differ well.
  let hash = 18;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  // Names may differ in their last letter only; this spreads that over the whole number.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  const tone = TONES[((hash ^ (hash >>> 16)) >>> 0) % TONES.length];
  return tone ?? { hue: 14, saturation: 48 };
}

/** One or two letters for a name. */
export function monogram(name: string): string {
  const words = name.trim().split(/[\s_.-]+/u).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const second = words.length > 1 ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return (first + second).toUpperCase();
}
