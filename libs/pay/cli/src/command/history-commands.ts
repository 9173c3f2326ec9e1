import type { InputCommand } from './command.js';
import { integer, required, text, toggle } from './flag.js';
import { NETWORK, ONCHAIN_MEMO, REQUEST_ID, WALLET } from './shared-flags.js';

/** What was paid and what became of it. */
export const historyCommands: readonly InputCommand[] = [
  {
    path: ['history', 'list'],
    inputs: ['history'],
    flags: [
      WALLET,
      NETWORK,
      ONCHAIN_MEMO,
      integer('limit'),
      integer('offset'),
      integer('since-epoch-s'),
      integer('until-epoch-s'),
    ],
    examples: ['history list --network ln --limit 5'],
    toInput: (given) => ({ code: 'history', ...given.fields() }),
  },
  {
    path: ['history', 'status'],
    inputs: ['history_status'],
    flags: [required(text('transaction-id', 'T'))],
    examples: ['history status --transaction-id tx_0011223344556677'],
    toInput: (given) => ({ code: 'history_status', ...given.fields() }),
  },
  {
    path: ['history', 'update'],
    inputs: ['history_update'],
    flags: [WALLET, NETWORK, integer('limit')],
    examples: ['history update --network btc'],
    toInput: (given) => ({ code: 'history_update', ...given.fields() }),
  },
  {
    path: ['payment', 'status'],
    inputs: ['payment_status'],
    flags: [REQUEST_ID, toggle('close-if-unknown')],
    examples: ['payment status --request-id req_0123456789abcdef0123456789abcdef'],
    toInput: (given) => ({ code: 'payment_status', ...given.fields() }),
  },
  {
    path: ['payment', 'resolve'],
    inputs: ['payment_resolve'],
    flags: [
      REQUEST_ID,
      required(text('outcome', 'O', { choices: ['sent', 'not_sent'] })),
      required(text('reason', 'TEXT')),
    ],
    examples: ["payment resolve --request-id req_… --outcome not_sent --reason 'the payee has nothing'"],
    toInput: (given) => ({ code: 'payment_resolve', ...given.fields() }),
  },
  {
    path: ['approve'],
    inputs: ['approve'],
    flags: [REQUEST_ID],
    examples: ['approve --request-id req_0123456789abcdef0123456789abcdef'],
    toInput: (given) => ({ code: 'approve', ...given.fields() }),
  },
  {
    path: ['deny'],
    inputs: ['deny'],
    flags: [REQUEST_ID],
    examples: ['deny --request-id req_0123456789abcdef0123456789abcdef'],
    toInput: (given) => ({ code: 'deny', ...given.fields() }),
  },
];
