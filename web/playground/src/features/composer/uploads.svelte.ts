// Files waiting to be sent with a message.

/** See Discord docs: Create Message / Limits. */
const MOST_FILES = 10;

export type Upload = { key: number; file: File; preview: string | null };

export class Uploads {
  items = $state.raw<Upload[]>([]);
  private keys = 0;

  /** Takes files in; answers what to tell the person, if anything. */
  add(files: Iterable<File>): string | null {
    const all = [...files];
    const room = MOST_FILES - this.items.length;
    this.items = [
      ...this.items,
      ...all.slice(0, room).map((file) => ({
        key: ++this.keys,
        file,
        preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
      })),
    ];
    return all.length > room ? `A message carries at most ${MOST_FILES} files.` : null;
  }
  remove(key: number): void {
    for (const item of this.items) if (item.key === key && item.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((item) => item.key !== key);
  }
  /** Hands all over and starts anew. */
  take(): Upload[] {
    const items = this.items;
    this.items = [];
    return items;
  }
  restore(items: Upload[]): void {
    this.items = [...items, ...this.items];
  }
}
