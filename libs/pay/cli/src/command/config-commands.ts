import { NETWORKS } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { InputCommand } from './command.js';
import { integer, list, required, text } from './flag.js';
import type { Flag } from './flag.js';
import { LABEL, WALLET } from './shared-flags.js';

const OF_WALLET = required(WALLET);
const ENDPOINTS = list('rpc-endpoint', 'URL', { field: 'rpc_endpoints' });

const SETTABLE: Readonly<Record<Network, readonly Flag[]>> = {
  cashu: [LABEL],
  ln: [LABEL],
  btc: [LABEL],
  evm: [LABEL, ENDPOINTS, integer('chain-id')],
  sol: [LABEL, ENDPOINTS],
};

/** `<net> config --wallet W show|set`, and the tokens where there are any. */
function ofNetwork(network: Network): InputCommand[] {
  const words = `${network} config --wallet w_1a2b3c4d`;
  const commands: InputCommand[] = [
    {
      path: [network, 'config', 'show'],
      inputs: ['wallet_config_show'],
      flags: [OF_WALLET],
      examples: [`${words} show`],
      toInput: (given) => ({ code: 'wallet_config_show', ...given.fields() }),
    },
    {
      path: [network, 'config', 'set'],
      inputs: ['wallet_config_set'],
      flags: [OF_WALLET, ...SETTABLE[network]],
      examples: [`${words} set --label savings`],
      toInput: (given) => ({ code: 'wallet_config_set', ...given.fields() }),
    },
  ];
  return network === 'sol' || network === 'evm' ? [...commands, ...tokensOf(network, words)] : commands;
}

const tokensOf = (network: Network, words: string): InputCommand[] => [
  {
    path: [network, 'config', 'token-add'],
    inputs: ['wallet_config_token_add'],
    flags: [OF_WALLET, required(text('symbol', 'S')), required(text('address', 'A')), integer('decimals')],
    examples: [`${words} token-add --symbol eurc --address … --decimals 6`],
    // The original's default.
    toInput: (given) => ({ code: 'wallet_config_token_add', decimals: 6, ...given.fields() }),
  },
  {
    path: [network, 'config', 'token-remove'],
    inputs: ['wallet_config_token_remove'],
    flags: [OF_WALLET, required(text('symbol', 'S'))],
    examples: [`${words} token-remove --symbol eurc`],
    toInput: (given) => ({ code: 'wallet_config_token_remove', ...given.fields() }),
  },
];

export const configCommands: readonly InputCommand[] = [
  {
    path: ['global', 'config', 'show'],
    inputs: ['config_show'],
    flags: [],
    examples: ['global config show --output yaml'],
    toInput: () => ({ code: 'config_show' }),
  },
  {
    path: ['global', 'config', 'set'],
    inputs: ['config'],
    flags: [
      required(text('log', 'A,B', { field: null, about: 'Events to tell, by how their names begin; `all` for all' })),
    ],
    examples: ['global config set --log pay,rpc'],
    toInput: (given) => ({ code: 'config', log: logFilters(given.need('log')) }),
  },
  {
    path: ['version'],
    inputs: ['version'],
    flags: [],
    examples: ['version', '--rpc-endpoint 10.0.1.5:9400 version'],
    toInput: () => ({ code: 'version' }),
  },
  ...NETWORKS.flatMap(ofNetwork),
];

/** Trimmed, in lower case, each once. */
export function logFilters(text: string): string[] {
  const filters = text.split(',').map((filter) => filter.trim().toLowerCase());
  return [...new Set(filters.filter((filter) => filter !== ''))];
}
