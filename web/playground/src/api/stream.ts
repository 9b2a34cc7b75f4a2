// One WebSocket that is opened again whenever it is lost.
import type { StreamEvent, StreamHandlers } from "./backend";

/** What a frame says, or null if it is none of ours. */
type Decode<T> = (data: unknown) => T | null;

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5_000;

/** Wait before the nth attempt: doubling, with up to a quarter of jitter, never above the limit. */
export function backoff(attempt: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  return Math.round(wait * (0.75 + random * 0.25));
}

/** Follows the stream at this path until the returned function is called. */
export function openStream<T = StreamEvent>(path: string, handlers: StreamHandlers<T>, decode = personEvent as Decode<T>): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let opened = false;
  let stopped = false;

  function connect() {
    timer = undefined;
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const line = new WebSocket(url);
    socket = line;
    line.onopen = () => {
      attempt = 0;
      handlers.onopen(opened);
      opened = true;
    };
    line.onmessage = (frame) => {
      const event = decode(frame.data);
      if (event) handlers.onevent(event);
    };
    line.onclose = () => {
      if (stopped || socket !== line) return;
      handlers.onlost();
      timer = setTimeout(connect, backoff(attempt++, Math.random()));
    };
  }
  // Coming back to a sleeping laptop should not wait for the timer.
  function wake() {
    if (timer === undefined || document.hidden) return;
    clearTimeout(timer);
    connect();
  }

  connect();
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  return () => {
    stopped = true;
    clearTimeout(timer);
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    socket?.close(1000);
  };
}

function personEvent(data: unknown): StreamEvent | null {
  if (typeof data !== "string") return null;
  const frame = JSON.parse(data) as Partial<StreamEvent>;
  return typeof frame.event === "string" ? { event: frame.event, data: frame.data ?? {} } : null;
}
