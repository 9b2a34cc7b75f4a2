// Where a floating panel goes: beside its anchor, inside the window.

export type Anchor = { getBoundingClientRect(): DOMRect };
export type Placement = "below" | "above" | "right";

const GAP = 4;
const EDGE = 8;

/** Top left corner for a panel of this size. The other side is taken when there is no room. */
export function place(
  anchor: { left: number; top: number; right: number; bottom: number },
  panel: { width: number; height: number },
  view: { width: number; height: number },
  placement: Placement,
): { left: number; top: number } {
  let left = anchor.left;
  let top = anchor.bottom + GAP;
  const above = anchor.top - GAP - panel.height;
  if (placement === "right") {
    left = anchor.right + GAP;
    top = anchor.top;
    if (left + panel.width > view.width - EDGE) left = anchor.left - GAP - panel.width;
  } else if (placement === "above") {
    if (above >= EDGE || anchor.top > view.height - anchor.bottom) top = above;
  } else if (top + panel.height > view.height - EDGE && anchor.top > view.height - anchor.bottom) {
    top = above;
  }
  return {
    left: Math.max(EDGE, Math.min(left, view.width - panel.width - EDGE)),
    top: Math.max(EDGE, Math.min(top, view.height - panel.height - EDGE)),
  };
}

/** An anchor for a panel that opens where the pointer is. */
export function pointAnchor(x: number, y: number): Anchor {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}

/** For a context menu: where the pointer is, or at the element when it was asked for with the keyboard. */
export function menuAnchor(event: MouseEvent): Anchor {
  return event.clientX ? pointAnchor(event.clientX, event.clientY) : (event.currentTarget as Element);
}
