import { CommanderError, Command as CommanderCommand, Option } from 'commander';
import { UsageError } from '../usage-error.js';
import { COMMANDS, commandsUnder } from './all-commands.js';
import type { Command } from './command.js';
import type { Flag } from './flag.js';
import { given } from './given.js';
import type { Given, RawValues } from './given.js';
import { GLOBAL_FLAGS, GROUP_FLAGS } from './global-flags.js';

/** One line as it was meant. Without words there is no command, only the flags that stand anywhere. */
export interface ParsedLine {
  command?: Command;
  given: Given;
  globals: Given;
}

/** Throws a UsageError for everything that is no line of the tree; what it says never repeats the value of a flag. */
export function parseLine(argv: readonly string[]): ParsedLine {
  const found: { at?: CommanderCommand; command?: Command; words: string[] } = { words: [] };
  const root = buildTree(argv, (command, at, words) => Object.assign(found, { command, at, words }));
  try {
    root.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && !isBare(root, error)) throw usageOf(error, argv);
    if (!(error instanceof CommanderError)) throw error;
  }
  const chain = chainOf(found.at ?? root);
  const globals = given(valuesOf(GLOBAL_FLAGS, chain, found.command), [], GLOBAL_FLAGS);
  checkChoices(GLOBAL_FLAGS, globals);
  if (!found.command) return { given: given({}, [], []), globals };
  const { flags } = found.command;
  const mine = given(ownValues(flags, chain), found.words, flags);
  checkChoices(flags, mine);
  for (const flag of flags) if (flag.isRequired && !isGiven(flag, mine)) mine.need(flag.name);
  return { command: found.command, given: mine, globals };
}

/** The words at the beginning of a line that lead into the tree, whatever flags stand between them. */
export function wordsOf(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (const arg of argv) {
    if (commandsUnder([...words, arg]).some(({ path }) => path.length > words.length)) words.push(arg);
  }
  return words;
}

/** Of the branches that the line can mean; the others only by name, for who mistypes one. The whole tree takes longer than a command. */
function buildTree(argv: readonly string[], onFound: OnFound): CommanderCommand {
  const root = makeCommand('afpay', GLOBAL_FLAGS);
  const groups = new Map<string, CommanderCommand>([['', root]]);
  for (const command of COMMANDS) {
    const [branch = ''] = command.path;
    if (argv.includes(branch)) addCommand(command, groups, onFound);
    else if (!groups.has(branch)) {
      const named = makeCommand(branch, []);
      root.addCommand(named);
      groups.set(branch, named);
    }
  }
  return root;
}

function addCommand(command: Command, groups: Map<string, CommanderCommand>, onFound: OnFound): void {
  const { argument, flags, path } = command;
  const names = new Set(flags.map(({ name }) => name));
  const leaf = makeCommand(path.at(-1) ?? '', [...flags, ...GLOBAL_FLAGS.filter(({ name }) => !names.has(name))]);
  if (argument) {
    const words = argument.isList ? 'words...' : 'words';
    leaf.argument(argument.isRequired ? `<${words}>` : `[${words}]`);
  }
  leaf.action(() => {
    onFound(command, leaf, leaf.args);
  });
  groupOf(path.slice(0, -1), groups).addCommand(leaf);
}

function groupOf(path: readonly string[], groups: Map<string, CommanderCommand>): CommanderCommand {
  const key = path.join(' ');
  const known = groups.get(key);
  if (known) return known;
  const name = path.at(-1) ?? '';
  const made = makeCommand(name, [...(path.length > 1 ? (GROUP_FLAGS[name] ?? []) : []), ...GLOBAL_FLAGS]);
  groupOf(path.slice(0, -1), groups).addCommand(made);
  groups.set(key, made);
  return made;
}

function makeCommand(name: string, flags: readonly Flag[]): CommanderCommand {
  const made = new CommanderCommand(name).helpOption(false).helpCommand(false).exitOverride();
  made.enablePositionalOptions().allowExcessArguments(false).showSuggestionAfterError(true);
  made.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const flag of flags) made.addOption(optionOf(flag));
  return made;
}

function optionOf({ name, kind }: Flag): Option {
  if (kind === 'switch') return new Option(`--${name}`);
  const option = new Option(`--${name} <value>`);
  if (kind !== 'list' && kind !== 'memo') return option;
  return option.argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]);
}

/** From the root to the command. */
function chainOf(at: CommanderCommand): CommanderCommand[] {
  return at.parent ? [...chainOf(at.parent), at] : [at];
}

/** A command's own flags are read behind its words, or at its group. */
function ownValues(flags: readonly Flag[], chain: readonly CommanderCommand[]): RawValues {
  const leaf = chain.at(-1);
  const groups = chain.slice(1, -1).filter((group) => group.name() in GROUP_FLAGS);
  return Object.fromEntries(flags.map(({ name }) => [name, valueOf(leaf, name) ?? nearest(groups, name)]));
}

/** What stands anywhere: the last word said, without what the command calls the same. */
function valuesOf(flags: readonly Flag[], chain: readonly CommanderCommand[], command: Command | undefined): RawValues {
  const own = new Set(command?.flags.map(({ name }) => name));
  return Object.fromEntries(flags.map(({ name }) => [name, nearest(own.has(name) ? chain.slice(0, -1) : chain, name)]));
}

function nearest(chain: readonly CommanderCommand[], name: string): RawValue {
  return chain.reduceRight<RawValue>((value, each) => value ?? valueOf(each, name), undefined);
}

function valueOf(command: CommanderCommand | undefined, name: string): RawValue {
  const attribute = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return command?.getOptionValue(attribute) as RawValue;
}

function checkChoices(flags: readonly Flag[], values: Given): void {
  for (const { name, choices } of flags) {
    const value = values.text(name);
    if (choices && value !== undefined && !choices.includes(value.trim().toLowerCase())) {
      throw new UsageError(`--${name}: not a choice`, `One of ${choices.join(', ')}`);
    }
  }
}

const isGiven = ({ name, kind }: Flag, values: Given): boolean =>
  kind === 'list' || kind === 'memo' ? values.list(name) !== undefined : values.text(name) !== undefined;

/** No word at all: whoever started it wants a mode, not a command. */
const isBare = (root: CommanderCommand, error: CommanderError): boolean =>
  error.code === 'commander.help' && root.args.length === 0;

function usageOf(error: CommanderError, argv: readonly string[]): UsageError {
  const words = wordsOf(argv);
  const next = [...new Set(commandsUnder(words).map(({ path }) => path[words.length]))].filter(Boolean);
  const hint = next.length > 0 ? `Next: ${next.join(', ')}` : `afpay ${words.join(' ')} --help`;
  if (error.code === 'commander.help') return new UsageError(`\`afpay ${words.join(' ')}\` is not complete`, hint);
  const message = error.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ');
  return new UsageError(message, hint);
}

type RawValue = RawValues[string];
type OnFound = (command: Command, at: CommanderCommand, words: string[]) => void;
