// Keeps a scrolled list where the reader is: at the end, or at the message they look at.

/** Nearer to the end than this counts as being there. */
const NEAR_END = 60;
/** Older messages are asked for when the beginning is this close. */
const NEAR_START = 400;

export type Watch = { onend: (atEnd: boolean) => void; onstart: () => void };

/**
 * Watches the list. While the reader is at the end, it stays there whatever grows (new messages,
 * pictures that arrive). Older messages put in front do not move what is in view.
 */
export function keepPlace(list: HTMLElement, content: HTMLElement, watch: Watch): () => void {
  let atEnd = true;
  let height = list.scrollHeight;
  let top = list.scrollTop;
  let first: Element | null = content.querySelector("[data-message-id]");

  const distance = () => list.scrollHeight - list.clientHeight - list.scrollTop;
  const scrolled = () => {
    // Only moving up leaves the end. What grew since the list was moved there would look the same.
    const up = list.scrollTop < top;
    top = list.scrollTop;
    const now = distance() < NEAR_END || (atEnd && !up);
    if (now !== atEnd) watch.onend((atEnd = now));
    if (list.scrollTop < NEAR_START) watch.onstart();
  };
  const grown = new ResizeObserver(() => {
    const now = content.querySelector("[data-message-id]");
    if (atEnd) list.scrollTop = list.scrollHeight;
    else if (now !== first && first?.isConnected) list.scrollTop += list.scrollHeight - height;
    first = now;
    height = list.scrollHeight;
  });
  grown.observe(content);
  grown.observe(list);
  list.addEventListener("scroll", scrolled, { passive: true });
  list.scrollTop = list.scrollHeight;
  return () => {
    grown.disconnect();
    list.removeEventListener("scroll", scrolled);
  };
}
