// Spans of time as people write them.
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
/** The furthest the clock advances at once: ten years. */
export const FURTHEST_MS = 10 * 365 * 86_400_000;

/** Milliseconds of "90s", "1h 30m", "250 ms"; a bare number is seconds. Null when it is none, or too long. */
export function duration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return bounded(Number(trimmed) * 1_000);
  if (!/^(\d+(\.\d+)?\s*(ms|min|[smhd])\s*)+$/.test(trimmed)) return null;
  let sum = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|[smhd])/g)) sum += Number(number) * (UNITS[unit ?? ""] ?? 0);
  return bounded(sum);
}

function bounded(ms: number): number | null {
  const whole = Math.round(ms);
  return whole >= 1 && whole <= FURTHEST_MS ? whole : null;
}
