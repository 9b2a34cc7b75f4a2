// Moving the active row of a list with the keyboard.

/** The row after `key`, or null when the key does not move. `-1` stands for no row yet. */
export function moveActive(active: number, count: number, key: string): number | null {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return active < 0 ? 0 : (active + 1) % count;
    case "ArrowUp":
      return active < 0 ? count - 1 : (active - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "PageDown":
      return Math.min(count - 1, Math.max(0, active) + 8);
    case "PageUp":
      return Math.max(0, active - 8);
    default:
      return null;
  }
}

/** Keeps the active row in view. */
export function reveal(list: HTMLElement | undefined, index: number): void {
  list?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: "nearest" });
}
