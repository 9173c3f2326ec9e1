import { COMMANDS } from '../command/all-commands.js';
import type { Command } from '../command/command.js';
import type { Flag } from '../command/flag.js';
import { GLOBAL_FLAGS, LOOK_FLAGS } from '../command/global-flags.js';
import { aboutCommand } from './field-help.js';
import { EXIT_CODES, flagSentence, MODES, usageLine } from './help-text.js';

/** The whole tree as one page in markdown. */
export function helpMarkdown(): string {
  const everywhere = ['## Flags that stand anywhere', '', ...flagTable([...GLOBAL_FLAGS, ...LOOK_FLAGS], undefined)];
  return `${['# afpay', '', '```', MODES, '```', '', `Exit codes: ${EXIT_CODES}`, '', ...everywhere, '', '## Commands', '', ...COMMANDS.flatMap(section)].join('\n').trimEnd()}\n`;
}

function section(command: Command): string[] {
  const { argument, examples, flags } = command;
  return [
    `### ${command.path.join(' ')}`,
    '',
    aboutCommand(command),
    '',
    '```',
    usageLine(command),
    '```',
    '',
    ...(argument ? [`\`${argument.name}\`: ${argument.about}`, ''] : []),
    ...(flags.length > 0 ? [...flagTable(flags, command), ''] : []),
    ...['```', ...examples.map((example) => `afpay ${example}`), '```', ''],
  ];
}

const flagTable = (flags: readonly Flag[], command: Command | undefined): string[] => [
  '| flag | |',
  '| --- | --- |',
  ...flags.map((flag) => {
    const said = flag.kind === 'switch' ? `--${flag.name}` : `--${flag.name} ${flag.value}`;
    return `| \`${said}\` | ${flagSentence(flag, command).replaceAll('|', '\\|')} |`;
  }),
];
