// The drawer: whether and where it is open, which tab, and the inspector behind it.
import type { Bench } from "../../api/bench";
import type { Message } from "../../api/discord";
import { trail } from "./entries";
import { Inspector } from "./inspector.svelte";

export const TABS = [
  ["inspector", "Inspector"],
  ["clock", "Clock"],
  ["portal", "Portal"],
  ["faults", "Faults"],
] as const;
export type Tab = (typeof TABS)[number][0];
export type Dock = "right" | "bottom";

const KEY = "cogwright.workbench.dock";

export class Workbench {
  open = $state(false);
  tab = $state<Tab>("inspector");
  dock = $state<Dock>(stored());
  readonly inspector: Inspector;
  readonly bench: Bench | null;

  constructor(bench: Bench | null) {
    this.bench = bench;
    this.inspector = new Inspector(bench);
  }
  toggle(): void {
    this.open = !this.open;
  }
  dockTo(dock: Dock): void {
    this.dock = dock;
    try {
      localStorage.setItem(KEY, dock);
    } catch {
      // Storage may be off; the choice then lasts for this tab.
    }
  }
  showCause(message: Message): void {
    this.tab = "inspector";
    this.open = true;
    this.inspector.showCause(message.id, trail(message));
  }
}

function stored(): Dock {
  try {
    return localStorage.getItem(KEY) === "bottom" ? "bottom" : "right";
  } catch {
    return "right";
  }
}
