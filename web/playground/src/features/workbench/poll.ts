// Reads something again and again while it is on the page.
const EVERY_MS = 2_000;

/** Reads at once and then every two seconds; a hidden page rests. Stops when the returned function is called. */
export function poll(read: () => Promise<void>): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function turn() {
    try {
      if (!document.hidden) await read();
    } catch {
      // The page says elsewhere when the server is gone.
    }
    if (!stopped) timer = setTimeout(() => void turn(), EVERY_MS);
  }
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
