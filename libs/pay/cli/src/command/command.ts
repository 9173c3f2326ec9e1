import type { InputCode } from '@caravel/pay-protocol';
import type { Flag } from './flag.js';
import type { Given } from './given.js';

/** A command as data: parser, help, the page in markdown and completion are all read from it. */
export type Command = InputCommand | OwnCommand;

/** A command that is exactly one Input. */
export interface InputCommand extends Said {
  /** What it can become; the first one's summary is its help. */
  inputs: readonly [InputCode, ...InputCode[]];
  /** The Input without its id; fields that are undefined are left out. */
  toInput: (given: Given) => { code: InputCode } & Record<string, unknown>;
}

/** What the command line does by itself. */
export interface OwnCommand extends Said {
  own: 'reconcile' | 'doctor' | 'backup' | 'restore';
  about: string;
}

export const isOwn = (command: Command): command is OwnCommand => 'own' in command;

interface Said {
  /** Its words, e.g. `ln wallet create`. */
  path: readonly string[];
  flags: readonly Flag[];
  /** Words without a flag. */
  argument?: { name: string; about: string; isRequired: boolean; isList?: boolean };
  /** Instead of the Input's summary. */
  about?: string;
  /** Complete lines that can be typed. */
  examples: readonly string[];
}
