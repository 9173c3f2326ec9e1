import { COMMANDS } from '../command/all-commands.js';
import { GLOBAL_FLAGS } from '../command/global-flags.js';
import { wordsOf } from '../command/parse-line.js';

/** Said to the session itself. */
export const BUILTINS = ['help', 'quit', 'exit', 'use', 'output', 'log'] as const;

/**
 * What may follow, and the beginning it replaces, as readline wants it. Words come from the tree, then flags that are not said yet,
 * then the choices of a flag; after `--wallet` and `use` the wallets that this session has seen.
 */
export function completeLine(line: string, wallets: readonly string[] = []): [string[], string] {
  const words = line.split(/\s+/);
  const last = words.pop() ?? '';
  const before = words.filter((word) => word !== '');
  const fitting = nextWords(before, wallets).filter((word) => word.startsWith(last));
  return [fitting.map((word) => `${word} `), last];
}

function nextWords(before: readonly string[], wallets: readonly string[]): readonly string[] {
  const [first] = before;
  const previous = before.at(-1) ?? '';
  if (previous === '--wallet' || (first === 'use' && before.length === 1)) return wallets;
  if (first === 'output' && before.length === 1) return ['json', 'yaml', 'plain'];
  const path = wordsOf(before);
  const command = COMMANDS.find(({ path: words }) => words.join(' ') === path.join(' '));
  const flags = [...(command?.flags ?? []), ...GLOBAL_FLAGS.filter(({ name }) => IN_SESSION.has(name))];
  const open = flags.find(({ name, kind }) => `--${name}` === previous && kind !== 'switch');
  if (open) return open.choices ?? [];
  if (command) return flags.map(({ name }) => `--${name}`).filter((flag) => !before.includes(flag));
  const next = COMMANDS.flatMap(({ path: words }) =>
    path.every((word, index) => words[index] === word) ? (words[path.length] ?? []) : [],
  );
  return [...new Set([...next, ...(before.length === 0 ? BUILTINS : [])])];
}

const IN_SESSION = new Set(['output', 'dry-run', 'id']);
