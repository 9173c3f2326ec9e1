import type { Command, Texts } from '../texts/text-schema.js';

/**
 * What a tenant asks for: the text is one of the command words and nothing else, so that no robot's sentence is taken for one.
 * Case, a leading slash and the mark at the end don't matter.
 */
export function commandOf(text: string, commands: Texts['commands']): Command | 'unknown' {
  if (text.length > MAX_CHARS) return 'unknown';
  const word = text.normalize('NFC').trim().toLowerCase();
  const bare = word.replace(/^\//, '').replace(/[.!?]+$/, '');
  const found = Object.entries(commands).find(([, words]) => words.includes(word) || words.includes(bare));
  return found && isCommand(found[0]) ? found[0] : 'unknown';
}

const MAX_CHARS = 100;
const COMMANDS: readonly string[] = ['status', 'invoice', 'help'] satisfies Command[];
const isCommand = (name: string): name is Command => COMMANDS.includes(name);
