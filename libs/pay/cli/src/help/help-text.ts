import { INPUTS } from '@caravel/pay-protocol';
import type { InputCode } from '@caravel/pay-protocol';
import { commandsUnder } from '../command/all-commands.js';
import type { Command } from '../command/command.js';
import type { Flag } from '../command/flag.js';
import { GLOBAL_FLAGS, LOOK_FLAGS } from '../command/global-flags.js';
import { aboutCommand, aboutFlag } from './field-help.js';

/** Help for the command these words name, or for every command below them. */
export function helpText(words: readonly string[]): string {
  const commands = commandsUnder(words);
  const parts = words.length === 0 ? [INTRODUCTION] : [];
  parts.push(...commands.map((command) => commandText(command)));
  parts.push(['FLAGS THAT STAND ANYWHERE', ...flagLines([...GLOBAL_FLAGS, ...LOOK_FLAGS], undefined)].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** `afpay ln send --to TO [--amount-sats N] …` */
export function usageLine({ path, flags, argument }: Command): string {
  const word = argument && (argument.isRequired ? argument.name : `[${argument.name}]`);
  return ['afpay', ...path, ...(word === undefined ? [] : [word]), ...flags.map(flagUsage)].join(' ');
}

export function flagUsage({ name, kind, value, isRequired }: Flag): string {
  const said = kind === 'switch' ? `--${name}` : `--${name} ${value}`;
  const many = kind === 'list' || kind === 'memo' ? '…' : '';
  return isRequired ? `${said}${many}` : `[${said}]${many}`;
}

/** The sentence about a flag, its choices after it. */
export function flagSentence(flag: Flag, command: Command | undefined): string {
  const about = aboutFlag(flag, command) ?? '';
  const choices = flag.choices?.join(', ');
  if (choices === undefined || about.includes(choices)) return about;
  return about === '' ? choices : `${about} (${choices})`;
}

export const MODES = `One command:        afpay ln send --to lnbc10u1p…
A prompt:           afpay --mode interactive
JSON lines:         afpay --mode pipe
A node for others:  afpay --mode rpc, afpay --mode rest
Another node:       afpay --rpc-endpoint 10.0.1.5:9400 ln balance`;

export const EXIT_CODES = `0 done · 1 error · 2 not a command · 3 a limit refused · 4 needs an approval · 5 nobody knows yet`;

/** Said in a pipe only, where a command would have no sense. */
export const PIPE_ONLY: readonly InputCode[] = ['close'];

const INTRODUCTION = `afpay — one interface to cashu, Lightning, Bitcoin, EVM and Solana wallets, with limits in front of every payment

${MODES}

The exit code says how it went: ${EXIT_CODES}
Amounts are whole numbers of the smallest unit: sats, lamports, wei, base units of a token.
Every answer is one JSON object a line; --output yaml and --output plain are easier to read.
In a pipe each line is one Input, and also: ${PIPE_ONLY.map((code) => `{"code":"${code}"} — ${INPUTS[code].summary}`).join(' · ')}`;

function commandText(command: Command): string {
  const { argument, examples, flags } = command;
  return [
    usageLine(command),
    `  ${aboutCommand(command)}`,
    ...(argument ? [`    ${argument.name.padEnd(WIDTH)} ${argument.about}`] : []),
    ...flagLines(flags, command).map((line) => `  ${line}`),
    ...examples.map((example) => `  e.g. afpay ${example}`),
  ].join('\n');
}

const flagLines = (flags: readonly Flag[], command: Command | undefined): string[] =>
  flags.map((flag) => {
    const said = flag.kind === 'switch' ? `--${flag.name}` : `--${flag.name} ${flag.value}`;
    return `  ${said.padEnd(WIDTH)} ${flagSentence(flag, command)}`.trimEnd();
  });

const WIDTH = 30;
