// Slash commands as the picker and the form need them.
import { OptionType, type Command, type CommandOption } from "../../api/discord";
import type { FileBody, Options, Value } from "../../api/backend";

/** Something that can be run: a command, or one of its sub-commands. */
export type Leaf = {
  command: Command;
  /** Command name, then group and sub-command. */
  path: string[];
  name: string;
  description: string;
  options: CommandOption[];
};

/** What is in an option's field: text as typed, or a value that stands for more (an entity, a file). */
export type Field = { text: string; value?: Value; file?: File };
export type Fields = Record<string, Field>;

/** See Discord docs: Application Commands / Command Types. */
const CHAT_INPUT = 1;

export function leaves(commands: Command[]): Leaf[] {
  return commands
    .filter((command) => (command.type ?? CHAT_INPUT) === CHAT_INPUT)
    .flatMap((command) => descend(command, [command.name], command.description ?? "", command.options ?? []))
    .sort((a, b) => a.name.localeCompare(b.name) || a.command.application.name.localeCompare(b.command.application.name));
}

function descend(command: Command, path: string[], description: string, options: CommandOption[]): Leaf[] {
  const inner = options.filter((it) => it.type === OptionType.Subcommand || it.type === OptionType.Group);
  if (inner.length === 0) return [{ command, path, name: path.join(" "), description, options }];
  return inner.flatMap((it) => descend(command, [...path, it.name], it.description, it.options ?? []));
}

/** Leaves for what was typed after the slash: names that begin with it, then the rest that has it. */
export function find(all: Leaf[], typed: string): Leaf[] {
  const query = typed.trim().toLowerCase();
  if (!query) return all;
  const rank = (leaf: Leaf): number => {
    const name = leaf.name.toLowerCase();
    // Somebody who types "/echo hello" still means /echo.
    if (name.startsWith(query) || query.startsWith(`${name} `)) return 0;
    if (name.includes(query)) return 1;
    return leaf.description.toLowerCase().includes(query) ? 2 : 3;
  };
  return all
    .map((leaf) => ({ leaf, rank: rank(leaf) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.leaf);
}

export const key = (leaf: Leaf): string => `${leaf.command.id} ${leaf.name}`;

/** Required ones first, as Discord orders them. */
export function initiallyShown(leaf: Leaf): string[] {
  return leaf.options.filter((option) => option.required).map((option) => option.name);
}

/** The value of a field, or what is wrong with it, in words. */
export function read(option: CommandOption, field: Field | undefined): { value?: Value | undefined; problem?: string } {
  const text = field?.text.trim() ?? "";
  if (option.type === OptionType.Attachment) {
    if (field?.file || field?.value !== undefined) return { value: field.value };
    return option.required ? { problem: "Add a file." } : {};
  }
  if (!text && field?.value === undefined) return option.required ? { problem: "This is required." } : {};
  if (field?.value !== undefined) return { value: field.value };
  if (option.choices?.length) {
    const choice = option.choices.find((it) => it.name.toLowerCase() === text.toLowerCase());
    return choice ? { value: choice.value } : { problem: "Choose one of the list." };
  }
  switch (option.type) {
    case OptionType.String: {
      const count = [...text].length;
      if (option.min_length !== undefined && count < option.min_length) return { problem: `At least ${option.min_length} characters.` };
      if (option.max_length !== undefined && count > option.max_length) return { problem: `At most ${option.max_length} characters.` };
      return { value: text };
    }
    case OptionType.Integer:
    case OptionType.Number:
      return number(option, text);
    case OptionType.Boolean:
      return /^(true|yes)$/i.test(text) ? { value: true } : /^(false|no)$/i.test(text) ? { value: false } : { problem: "Choose True or False." };
    default:
      return { problem: "Choose one of the list." };
  }
}

function number(option: CommandOption, text: string): { value?: Value; problem?: string } {
  const value = Number(text.replace(",", "."));
  if (!Number.isFinite(value)) return { problem: "Enter a number." };
  if (option.type === OptionType.Integer && !Number.isSafeInteger(value)) return { problem: "Enter a whole number." };
  if (option.min_value !== undefined && value < option.min_value) return { problem: `At least ${option.min_value}.` };
  if (option.max_value !== undefined && value > option.max_value) return { problem: `At most ${option.max_value}.` };
  return { value };
}

/** Puts values under group and sub-command, as the control API wants them. */
export function nest(leaf: Leaf, values: Record<string, Value>): Options {
  return leaf.path
    .slice(1)
    .reverse()
    .reduce<Options>((inner, name) => ({ [name]: inner }), values);
}

/** All values, or the problems by option name. Files are turned into bodies by `toBody`. */
export async function collect(
  leaf: Leaf,
  fields: Fields,
  toBody: (file: File) => Promise<FileBody>,
): Promise<{ options: Options } | { problems: Record<string, string> }> {
  const values: Record<string, Value> = {};
  const problems: Record<string, string> = {};
  for (const option of leaf.options) {
    const field = fields[option.name];
    const { value, problem } = read(option, field);
    if (problem) problems[option.name] = problem;
    else if (field?.file) values[option.name] = await toBody(field.file);
    else if (value !== undefined) values[option.name] = value;
  }
  return Object.keys(problems).length ? { problems } : { options: nest(leaf, values) };
}

/** What is already filled in, for an autocomplete request: nothing that would not pass. */
export function partial(leaf: Leaf, fields: Fields, focused: string): Options {
  const values: Record<string, Value> = {};
  for (const option of leaf.options) {
    if (option.name === focused || option.type === OptionType.Attachment) continue;
    const { value } = read(option, fields[option.name]);
    if (value !== undefined) values[option.name] = value;
  }
  return nest(leaf, values);
}

