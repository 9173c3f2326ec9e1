import { NETWORKS } from '@caravel/pay-protocol';
import type { OwnCommand } from './command.js';
import { list, text, toggle } from './flag.js';
import { WALLET } from './shared-flags.js';

const PASSPHRASE = text('passphrase-secret', 'P', {
  about: 'Seals the archive; asked for at a terminal, or read from AFPAY_BACKUP_PASSPHRASE, when absent',
});
const OUTPUT = text('output', 'FILE', { about: 'The archive to write; a name with the time when absent' });
const EXTRA = list('extra-dir', 'LABEL=/PATH', { about: 'A further folder, by a name' });
const RESTORE = [
  toggle('dangerously-overwrite', { about: 'Clears what is there first; without it the archive is merged into it' }),
  text('pg-url-secret', 'URL', { about: 'Restores into this PostgreSQL server instead of the store of config.toml' }),
  toggle('verify', { about: 'Only reads the whole archive and compares every hash' }),
  PASSPHRASE,
];
const ARCHIVE = { name: 'ARCHIVE', about: 'A file that `backup` wrote', isRequired: true } as const;

/** What is done here and not asked of a node. */
export const ownCommands: readonly OwnCommand[] = [
  {
    own: 'reconcile',
    path: ['reconcile'],
    about: 'Asks once about every payment and receipt that is not finished',
    flags: [],
    examples: ['reconcile'],
  },
  {
    own: 'doctor',
    path: ['doctor'],
    about: 'Opens everything this configuration names, and says what answers',
    flags: [],
    examples: ['doctor --output yaml'],
  },
];

/** Copies of what is here, for another disk. */
export const archiveCommands: readonly OwnCommand[] = [
  {
    own: 'backup',
    path: ['global', 'backup'],
    about: 'Writes everything of this data folder into one sealed archive',
    flags: [OUTPUT, EXTRA, PASSPHRASE],
    examples: ['global backup --output /media/stick/afpay.backup'],
  },
  {
    own: 'restore',
    path: ['global', 'restore'],
    about: 'Brings back what `global backup` wrote',
    flags: [...RESTORE, EXTRA],
    argument: ARCHIVE,
    examples: ['global restore --verify afpay.backup', 'global restore afpay.backup'],
  },
  ...NETWORKS.flatMap((network): OwnCommand[] => [
    {
      own: 'backup',
      path: [network, 'backup'],
      about: 'Writes the wallets of this network into one sealed archive',
      flags: [OUTPUT, { ...WALLET, about: 'Only this wallet, by its id or label' }, PASSPHRASE],
      examples: [`${network} backup`],
    },
    {
      own: 'restore',
      path: [network, 'restore'],
      about: 'Brings back the wallets that a backup of this network wrote',
      flags: RESTORE,
      argument: ARCHIVE,
      examples: [`${network} restore ${network}.backup`],
    },
  ]),
];
