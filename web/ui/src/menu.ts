// What a Menu shows.
import type { IconName } from "./icons";

export type MenuItem = {
  label: string;
  action: () => void;
  icon?: IconName;
  hint?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Present for a choice among several; true for the current one. */
  checked?: boolean;
};
export type MenuEntry = MenuItem | { separator: true } | { heading: string };
