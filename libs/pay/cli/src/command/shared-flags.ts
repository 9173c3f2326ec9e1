import { NETWORKS } from '@caravel/pay-protocol';
import { amount, integer, list, memo, text, toggle } from './flag.js';

export const WALLET = text('wallet', 'W');
export const NETWORK = text('network', 'NET', { choices: NETWORKS });
export const LABEL = text('label', 'L');
export const REQUEST_ID = text('request-id', 'ID', { isRequired: true });
export const MINTS = list('cashu-mint', 'URL', { field: 'mints' });
export const ONCHAIN_MEMO = text('onchain-memo', 'M');

/** Of everything that pays. */
export const SEND = [WALLET, ONCHAIN_MEMO, memo('local-memo')] as const;

/** Of everything that is paid. */
export const RECEIVE = [
  WALLET,
  toggle('wait', { field: 'wait_until_paid' }),
  integer('wait-timeout-s'),
  integer('wait-poll-interval-ms'),
  toggle('qr-svg-file', { field: 'write_qr_svg_file' }),
] as const;

export const AMOUNT_SATS = amount('amount-sats', { field: null, about: 'How much, in sats' });
export const AMOUNT = amount('amount', { field: null, about: 'How much, in the smallest unit: sats, lamports, wei' });
export const TOKEN = text('token', 'T', {
  field: null,
  about: 'sol, evm: `native`, a symbol such as usdc, or the address of a token',
});
export const WINDOW = text('window', 'W', {
  field: null,
  isRequired: true,
  about: 'How long a payment counts: 90m, 24h, 30d',
});
export const MAX_SPEND = amount('max-spend', { field: 'limit.max_spend', isRequired: true });
