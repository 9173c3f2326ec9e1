import { UsageError } from '../usage-error.js';
import type { Network } from '@caravel/pay-protocol';
import type { InputCommand } from './command.js';
import { integer, required, text } from './flag.js';
import type { Flag } from './flag.js';
import type { Given } from './given.js';
import { nativeToken, networkFlag } from './payment-target.js';
import { AMOUNT, AMOUNT_SATS, NETWORK, ONCHAIN_MEMO, RECEIVE, REQUEST_ID, TOKEN, WALLET } from './shared-flags.js';

const CONFIRMATIONS = integer('min-confirmations');
const REFERENCE = text('reference', 'KEY');
const SYNC_LIMIT = integer('wait-sync-limit');
const EXPIRY = integer('invoice-expiry-s');
const QUOTE = text('ln-quote-id', 'Q', { field: 'quote_id' });

const receiveOf = ({ network, words = ['receive'], flags, examples }: ReceiveOf): InputCommand => ({
  path: [network, ...words],
  inputs: ['receive'],
  flags: [...flags, ...RECEIVE],
  examples,
  toInput: (given) => ({ code: 'receive', network, ...amountOf(given, network), ...given.fields() }),
});

const perNetwork: InputCommand[] = [
  receiveOf({
    network: 'cashu',
    words: ['receive-from-ln'],
    flags: [AMOUNT_SATS, ONCHAIN_MEMO],
    examples: ['cashu receive-from-ln --amount-sats 1000 --wait'],
  }),
  {
    path: ['cashu', 'receive-from-ln-claim'],
    inputs: ['receive_claim'],
    flags: [required(WALLET), required(QUOTE)],
    examples: ['cashu receive-from-ln-claim --wallet pocket --ln-quote-id 7f3c…'],
    toInput: (given) => ({ code: 'receive_claim', ...given.fields() }),
  },
  receiveOf({ network: 'ln', flags: [AMOUNT_SATS, EXPIRY], examples: ['ln receive --amount-sats 1000 --wait'] }),
  receiveOf({
    network: 'sol',
    flags: [AMOUNT, TOKEN, ONCHAIN_MEMO, CONFIRMATIONS, REFERENCE],
    examples: ['sol receive --onchain-memo order-17 --wait'],
  }),
  receiveOf({
    network: 'evm',
    flags: [AMOUNT, TOKEN, ONCHAIN_MEMO, CONFIRMATIONS, SYNC_LIMIT],
    examples: ['evm receive', 'evm receive --amount 1000000 --token usdc --wait'],
  }),
  receiveOf({
    network: 'btc',
    flags: [AMOUNT_SATS, CONFIRMATIONS, SYNC_LIMIT],
    examples: ['btc receive --wait --min-confirmations 1'],
  }),
];

/** The one form for all networks; a token or a quote that is there already is taken. */
const receiveAny: InputCommand = {
  path: ['receive'],
  inputs: ['receive', 'receive_claim', 'cashu_receive'],
  flags: [
    NETWORK,
    AMOUNT,
    TOKEN,
    ONCHAIN_MEMO,
    ...RECEIVE,
    SYNC_LIMIT,
    CONFIRMATIONS,
    REFERENCE,
    EXPIRY,
    { ...QUOTE, field: null, about: 'Takes what was paid to the invoice of an earlier `receive`' },
    text('cashu-token', 'TOKEN', { field: null, about: 'Takes the money of a token: cashuA… or cashuB…' }),
  ],
  examples: [
    'receive --network ln --amount 1000 --wait',
    'receive --network cashu --ln-quote-id 7f3c…',
    'receive --cashu-token cashuBo2Ft…',
    'receive --wallet w_1a2b3c4d --wait --amount 1000000 --token usdc --onchain-memo order-17',
  ],
  toInput: (given) => {
    const network = networkFlag(given.text('network'));
    const [token, quote_id, wallet] = [given.text('cashu-token'), given.text('ln-quote-id'), given.text('wallet')];
    if (token !== undefined) {
      if (quote_id !== undefined) throw new UsageError('--cashu-token and --ln-quote-id are two things to receive');
      return { code: 'cashu_receive', token, ...(wallet !== undefined && { wallet }) };
    }
    // Without a wallet the only one there is is meant; the Input has no field that names the network.
    if (quote_id !== undefined) return { code: 'receive_claim', wallet: wallet ?? '', quote_id };
    return { code: 'receive', ...given.fields(), ...amountOf(given, network), ...(network && { network }) };
  },
};

const watch: InputCommand = {
  path: ['watch'],
  inputs: ['watch'],
  flags: [REQUEST_ID],
  examples: ['watch --request-id req_0123456789abcdef0123456789abcdef'],
  toInput: (given) => ({ code: 'watch', ...given.fields() }),
};

export const receiveCommands: readonly InputCommand[] = [receiveAny, watch, ...perNetwork];

function amountOf(given: Given, network: Network | undefined): { amount?: { value: string; token: string } } {
  const value = given.amount('amount-sats') ?? given.amount('amount');
  if (value === undefined) return {};
  return { amount: { value, token: given.text('token') ?? nativeToken(network) } };
}

interface ReceiveOf {
  network: Network;
  words?: readonly string[];
  flags: readonly Flag[];
  examples: readonly string[];
}
