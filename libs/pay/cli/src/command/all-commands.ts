import type { Command } from './command.js';
import { configCommands } from './config-commands.js';
import { historyCommands } from './history-commands.js';
import { limitCommands } from './limit-commands.js';
import { archiveCommands, ownCommands } from './own-commands.js';
import { paymentCommands } from './payment-commands.js';
import { receiveCommands } from './receive-commands.js';
import { walletCommands } from './wallet-commands.js';

/** The whole tree, in the order in which help tells it. */
export const COMMANDS: readonly Command[] = [
  ...paymentCommands,
  ...receiveCommands,
  ...walletCommands,
  ...historyCommands,
  ...limitCommands,
  ...configCommands,
  ...ownCommands,
  ...archiveCommands,
];

/** Every command that begins with these words. */
export function commandsUnder(words: readonly string[]): Command[] {
  return COMMANDS.filter(({ path }) => words.every((word, index) => path[index] === word));
}
