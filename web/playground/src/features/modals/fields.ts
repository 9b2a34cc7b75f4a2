// The inputs of a modal, from Labels and from legacy rows, and what makes a value acceptable.
import { ComponentType as T, type Component } from "../../api/discord";
import type { ModalValues } from "../../api/backend";
import { defaults } from "../components/choices";

export type ModalPart =
  | { kind: "text"; content: string }
  | { kind: "field"; id: string; label: string; description: string; input: Component; required: boolean };

export type Entry = { text: string; values: string[]; checked: boolean; files: File[] };

const INPUTS: ReadonlySet<number> = new Set([T.TextInput, T.StringSelect, T.UserSelect, T.RoleSelect, T.MentionableSelect, T.ChannelSelect, T.FileUpload, T.RadioGroup, T.CheckboxGroup, T.Checkbox]);

export function parts(components: Component[]): ModalPart[] {
  return components.flatMap((component): ModalPart[] => {
    if (component.type === T.TextDisplay) return [{ kind: "text", content: component.content ?? "" }];
    if (component.type === T.Label) return component.component ? field(component.component, component.label, component.description) : [];
    return (component.components ?? []).flatMap((input) => field(input, input.label, undefined));
  });
}

function field(input: Component, label: string | undefined, description: string | null | undefined): ModalPart[] {
  if (!INPUTS.has(input.type) || !input.custom_id) return [];
  return [
    {
      kind: "field",
      id: input.custom_id,
      label: label || input.placeholder || input.custom_id,
      description: description ?? "",
      input,
      // A single box that must not be ticked would be pointless; it has no `required`.
      required: input.type !== T.Checkbox && input.required !== false,
    },
  ];
}

export function initial(input: Component): Entry {
  const preset = input.type === T.RadioGroup || input.type === T.CheckboxGroup ? (input.options ?? []).filter((it) => it.default).map((it) => it.value) : defaults(input);
  return { text: input.value ?? "", values: preset, checked: input.default ?? false, files: [] };
}

/** Least and most values of inputs that take several. */
export function range(input: Component, required: boolean): { min: number; max: number } {
  const all = input.type === T.CheckboxGroup ? (input.options?.length ?? 1) : 1;
  const min = input.min_values ?? (required ? 1 : 0);
  return { min: required ? Math.max(1, min) : min, max: Math.max(input.max_values ?? all, 1) };
}

/** What is wrong with an entry, or null. */
export function problem({ input, required }: { input: Component; required: boolean }, entry: Entry): string | null {
  if (input.type === T.TextInput) {
    const length = [...entry.text].length;
    if (required && !entry.text.trim()) return "This is required.";
    if (length > 0 && input.min_length !== undefined && length < input.min_length) return `At least ${input.min_length} characters, now ${length}.`;
    if (input.max_length !== undefined && length > input.max_length) return `At most ${input.max_length} characters, now ${length}.`;
    return null;
  }
  if (input.type === T.Checkbox) return null;
  const count = input.type === T.FileUpload ? entry.files.length : entry.values.length;
  const { min, max } = range(input, required);
  if (count === 0) return required ? (input.type === T.FileUpload ? "Add a file." : "Make a choice.") : null;
  if (count < min) return `Choose at least ${min}.`;
  if (count > max) return `Choose at most ${max}.`;
  return null;
}

/** Values as the control API wants them; files travel apart. */
export function values(all: ModalPart[], entries: Record<string, Entry>): ModalValues {
  const out: ModalValues = {};
  for (const part of all) {
    if (part.kind !== "field" || part.input.type === T.FileUpload) continue;
    const entry = entries[part.id] ?? initial(part.input);
    if (part.input.type === T.TextInput) out[part.id] = entry.text;
    else if (part.input.type === T.Checkbox) out[part.id] = entry.checked;
    else if (part.input.type === T.RadioGroup) {
      if (entry.values[0] !== undefined) out[part.id] = entry.values[0];
    } else out[part.id] = entry.values;
  }
  return out;
}
