// The inspector's list: filled from the journal, kept up by its stream, held still while paused.
import type { Bench, Entry, EntryType } from "../../api/bench";
import { append, causeOf, filterEntries, MOST } from "./entries";

export class Inspector {
  entries = $state.raw<Entry[]>([]);
  types = $state.raw<ReadonlySet<EntryType>>(new Set(["rest", "gateway", "event"]));
  text = $state("");
  /** The message whose story is shown, and the ids that tell it. */
  cause = $state.raw<{ message: string; ids: string[] } | null>(null);
  selected = $state<number | null>(null);
  paused = $state(false);
  /** How many came since the pause. */
  held = $state(0);
  lost = $state(false);

  /** Newest first. */
  readonly shown = $derived.by(() => filterEntries(this.entries, { types: this.types, text: this.text, ids: this.cause?.ids ?? [] }).reverse());
  readonly current = $derived(this.entries.find((entry) => entry.seq === this.selected) ?? null);

  private readonly bench: Bench | null;
  private waiting: Entry[] = [];
  private last = 0;
  private clearedAt = 0;
  private scheduled = false;

  constructor(bench: Bench | null) {
    this.bench = bench;
  }

  /** Follows the journal until the returned function is called. */
  follow(): () => void {
    if (!this.bench) return () => {};
    return this.bench.follow({
      onopen: () => {
        this.lost = false;
        void this.fill();
      },
      onlost: () => (this.lost = true),
      onevent: (entry) => this.take([entry]),
    });
  }

  private async fill(): Promise<void> {
    if (!this.bench) return;
    try {
      const { last } = await this.bench.journal(0, 1);
      // Another server answers, whose numbers begin anew.
      if (last < Math.max(this.last, this.clearedAt)) this.begin();
      const after = Math.max(this.last, this.clearedAt, last - MOST);
      this.take((await this.bench.journal(after, MOST)).entries);
    } catch {
      this.lost = true;
    }
  }

  private begin(): void {
    this.clear();
    this.clearedAt = 0;
    this.last = 0;
  }
  private take(more: Entry[]): void {
    this.waiting = append(this.waiting, more.filter((entry) => entry.seq > this.clearedAt));
    if (this.paused) this.held = this.waiting.length;
    else if (!this.scheduled) {
      // A burst of frames is drawn once.
      this.scheduled = true;
      setTimeout(() => this.show(), 60);
    }
  }
  private show(): void {
    this.scheduled = false;
    if (this.paused) {
      this.held = this.waiting.length;
      return;
    }
    const known = new Set(this.entries.map((entry) => entry.seq));
    const more = this.waiting.filter((entry) => !known.has(entry.seq));
    this.waiting = [];
    this.held = 0;
    if (more.length === 0) return;
    this.entries = append(this.entries, more);
    this.last = this.entries.at(-1)?.seq ?? this.last;
    if (this.cause && this.selected === null) this.selectCause();
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.show();
  }
  clear(): void {
    this.clearedAt = Math.max(this.clearedAt, this.entries.at(-1)?.seq ?? 0, this.waiting.at(-1)?.seq ?? 0);
    this.entries = [];
    this.waiting = [];
    this.held = 0;
    this.selected = null;
  }
  toggle(type: EntryType): void {
    const next = new Set(this.types);
    if (!next.delete(type)) next.add(type);
    this.types = next;
  }
  showCause(message: string, ids: string[]): void {
    this.cause = { message, ids };
    this.paused = false;
    this.text = "";
    this.types = new Set(["rest", "gateway", "event"]);
    // What was cleared from view may be the answer.
    this.clearedAt = 0;
    this.last = 0;
    this.selected = null;
    void this.fill();
    this.selectCause();
  }
  /** Ends the search for a message's cause. */
  forgetCause(): void {
    this.cause = null;
  }
  private selectCause(): void {
    if (this.cause) this.selected = causeOf(this.entries, this.cause.message)?.seq ?? null;
  }
}
