// One of a set, as Chips shows it.
export type Chip = {
  id: string;
  label: string;
  /** Colour of its dot. */
  color?: string | undefined;
  /** A monogram or picture in place of the dot. */
  mark?: { src?: string | null } | undefined;
  /** Why it cannot be taken out. */
  locked?: string | undefined;
};
