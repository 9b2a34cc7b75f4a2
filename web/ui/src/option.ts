// A row of a Select or Combobox.
import type { IconName } from "./icons";

export type Option = {
  value: string;
  label: string;
  description?: string | undefined;
  /** A character or image address shown before the label. */
  glyph?: string | undefined;
  image?: string | undefined;
  icon?: IconName | undefined;
  /** Shows a dot of this colour. */
  color?: string | undefined;
  /** Shows a monogram or image for a person. */
  mark?: { src?: string | null } | undefined;
};

/** Rows whose label, value or description has the text; those that begin with it first. */
export function filterOptions(options: Option[], text: string): Option[] {
  const query = text.trim().toLowerCase();
  if (!query) return options;
  const rank = (option: Option): number => {
    const label = option.label.toLowerCase();
    if (label.startsWith(query)) return 0;
    if (label.includes(query)) return 1;
    if (option.value.toLowerCase() === query || option.description?.toLowerCase().includes(query)) return 2;
    return 3;
  };
  return options
    .map((option) => ({ option, rank: rank(option) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.option);
}
