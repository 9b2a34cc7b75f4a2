// Asks the bot for suggestions while an option is typed: not at every key, and never out of order.
import type { Backend } from "../../api/backend";
import type { Choice, Id } from "../../api/discord";
import { partial, type Fields, type Leaf } from "./commands";

const DEBOUNCE_MS = 180;

export class Autocomplete {
  choices = $state.raw<Choice[]>([]);
  loading = $state(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private readonly backend: Backend;
  private readonly leaf: Leaf;
  private readonly focused: string;

  constructor(backend: Backend, leaf: Leaf, focused: string) {
    this.backend = backend;
    this.leaf = leaf;
    this.focused = focused;
  }

  ask(about: { user: Id; channel: Id; text: string; fields: Fields }): void {
    clearTimeout(this.timer);
    this.loading = true;
    this.timer = setTimeout(() => void this.send(about), DEBOUNCE_MS);
  }

  private async send({ user, channel, text, fields }: { user: Id; channel: Id; text: string; fields: Fields }): Promise<void> {
    const mine = ++this.asked;
    let choices: Choice[] = [];
    try {
      const result = await this.backend.act("autocomplete", {
        user,
        channel,
        name: this.leaf.command.name,
        application: this.leaf.command.application.id,
        focused: this.focused,
        text,
        options: partial(this.leaf, fields, this.focused),
      });
      choices = result.choices ?? [];
    } catch {
      // No suggestions is an answer too; the command itself will tell what is wrong.
    }
    if (mine !== this.asked) return;
    this.choices = choices;
    this.loading = false;
  }
}
