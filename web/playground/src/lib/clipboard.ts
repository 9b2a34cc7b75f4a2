// Copying text, with a word about how it went.
import type { Toasts } from "../state/toasts.svelte";

export async function copy(text: string, toasts: Toasts): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show("Copied.");
  } catch {
    toasts.show("The browser does not allow copying here.", "bad");
  }
}
