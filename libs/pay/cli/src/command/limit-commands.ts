import { parseWindow } from '@caravel/pay-limits';
import { NETWORKS } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import { UsageError } from '../usage-error.js';
import type { InputCommand } from './command.js';
import { amount, required, text } from './flag.js';
import type { Given } from './given.js';
import { limitFromText } from './limit-from-text.js';
import { networkFlag } from './payment-target.js';
import { MAX_SPEND, NETWORK, WINDOW } from './shared-flags.js';

const RULE = 'scope:[wallet or network:]window:amount, e.g. network:ln:24h:100000sats or all:24h:50usd';
const TOKEN = text('token', 'T', { field: 'limit.token' });
const OF_WALLET = text('wallet', 'W', { field: 'limit.wallet' });

const global: InputCommand = {
  path: ['global', 'limit', 'add'],
  inputs: ['limit_add'],
  about: 'Adds a spend limit in US cents over everything',
  flags: [WINDOW, MAX_SPEND],
  examples: ['global limit add --window 24h --max-spend 5000'],
  toInput: (given) => ({ code: 'limit_add', limit: { scope: 'all', ...boundsOf(given) } }),
};

function ofNetwork(network: Network): InputCommand {
  const hasTokens = network === 'sol' || network === 'evm';
  return {
    path: [network, 'limit', 'add'],
    inputs: ['limit_add'],
    flags: [OF_WALLET, WINDOW, MAX_SPEND, ...(hasTokens ? [TOKEN] : [])],
    examples: [
      `${network} limit add --window 24h --max-spend 100000`,
      `${network} limit --wallet w_1a2b3c4d add --window 1h --max-spend 5000`,
    ],
    toInput: (given) => {
      const [wallet, token] = [given.text('wallet'), given.text('token')];
      const scope = wallet === undefined ? 'network' : 'wallet';
      const limit = { scope, network, ...boundsOf(given), ...(wallet && { wallet }), ...(token && { token }) };
      return { code: 'limit_add', limit };
    },
  };
}

const add: InputCommand = {
  path: ['limit', 'add'],
  inputs: ['limit_add'],
  flags: [
    text('scope', 'S', { field: 'limit.scope', choices: ['all', 'network', 'wallet'] }),
    { ...NETWORK, field: 'limit.network' },
    OF_WALLET,
    { ...WINDOW, isRequired: false },
    amount('max-spend', { field: 'limit.max_spend' }),
    TOKEN,
  ],
  argument: { name: 'RULE', about: RULE, isRequired: false },
  examples: [
    'limit add network:ln:24h:100000sats',
    'limit add wallet:w_1a2b3c4d:1h:5000sats',
    'limit add all:24h:50usd',
    'limit add --scope network --network evm --token usdc --window 24h --max-spend 100000000',
  ],
  toInput: (given) => {
    const [rule] = given.words;
    if (rule !== undefined) return { code: 'limit_add', limit: limitFromText(rule) };
    const [network, wallet, token] = [networkFlag(given.text('network')), given.text('wallet'), given.text('token')];
    const scope = given.text('scope') ?? (wallet === undefined ? 'network' : 'wallet');
    const named = { ...(network && { network }), ...(wallet && { wallet }), ...(token && { token }) };
    return { code: 'limit_add', limit: { scope, ...named, ...boundsOf(given) } };
  },
};

export const limitCommands: readonly InputCommand[] = [
  add,
  {
    path: ['limit', 'set'],
    inputs: ['limit_set'],
    flags: [],
    argument: { name: 'RULE…', about: RULE, isRequired: false, isList: true },
    examples: ['limit set network:ln:24h:100000sats all:24h:50usd'],
    toInput: (given) => ({ code: 'limit_set', limits: given.words.map(limitFromText) }),
  },
  {
    path: ['limit', 'list'],
    inputs: ['limit_list'],
    flags: [],
    examples: ['limit list --output yaml'],
    toInput: () => ({ code: 'limit_list' }),
  },
  {
    path: ['limit', 'remove'],
    inputs: ['limit_remove'],
    flags: [required(text('rule-id', 'R'))],
    examples: ['limit remove --rule-id r_01234567'],
    toInput: (given) => ({ code: 'limit_remove', ...given.fields() }),
  },
  global,
  ...NETWORKS.map(ofNetwork),
];

function boundsOf(given: Given): { window_s: number; max_spend: string } {
  const max_spend = given.amount('max-spend');
  if (max_spend === undefined) throw new UsageError('--max-spend is needed', `Or a whole rule: ${RULE}`);
  return { window_s: parseWindow(given.need('window')), max_spend };
}
