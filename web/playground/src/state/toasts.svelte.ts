// Short notices at the edge of the page, mostly of what failed.
export type Toast = { key: number; text: string; tone: "bad" | "plain" };

const SHOWN_MS = 7_000;
/** More than this at once would cover the page; the oldest goes. */
const MOST = 4;

export class Toasts {
  items = $state.raw<Toast[]>([]);
  private keys = 0;

  show(text: string, tone: Toast["tone"] = "plain"): void {
    const key = ++this.keys;
    this.items = [...this.items.slice(1 - MOST), { key, text, tone }];
    setTimeout(() => this.dismiss(key), SHOWN_MS);
  }
  dismiss(key: number): void {
    this.items = this.items.filter((item) => item.key !== key);
  }
  /** Waits for something and tells when it failed. Answers undefined then. */
  async guard<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.show(error instanceof Error ? error.message : String(error), "bad");
      return undefined;
    }
  }
}
