import type { Network } from '@caravel/pay-protocol';
import { UsageError } from '../usage-error.js';
import type { InputCommand } from './command.js';
import { required, text } from './flag.js';
import type { Flag } from './flag.js';
import type { Given } from './given.js';
import { nativeToken, networkFlag, paymentTarget } from './payment-target.js';
import { AMOUNT, AMOUNT_SATS, MINTS, NETWORK, ONCHAIN_MEMO, SEND, TOKEN, WALLET } from './shared-flags.js';

const TO = text('to', 'TO', { field: null, about: 'A BOLT11 invoice, a BOLT12 offer, or an address' });
const REFERENCE = text('reference', 'KEY', { field: null, about: 'sol: a key that the payment names' });

/** `cashu send`, `ln send`, …: exactly the flags of the network. */
const sendOf = ({ network, words = ['send'], flags, examples }: SendOf): InputCommand => ({
  path: [network, ...words],
  inputs: ['send'],
  flags: [required(TO), ...flags, ...SEND.filter(({ name }) => network !== 'ln' || name !== 'onchain-memo')],
  examples,
  toInput: (given) => ({ code: 'send', network, ...given.fields(), to: targetOf(given, network) }),
});

const perNetwork: InputCommand[] = [
  {
    path: ['cashu', 'send'],
    inputs: ['cashu_send'],
    flags: [required(AMOUNT_SATS), MINTS, ...SEND],
    examples: ['cashu send --amount-sats 100 --cashu-mint https://mint.example'],
    toInput: (given) => ({ code: 'cashu_send', amount: satsOf(given.need('amount-sats')), ...given.fields() }),
  },
  {
    path: ['cashu', 'receive'],
    inputs: ['cashu_receive'],
    flags: [WALLET],
    argument: { name: 'TOKEN', about: 'cashuA… or cashuB…', isRequired: true },
    examples: ['cashu receive cashuBo2Ft…'],
    toInput: (given) => ({ code: 'cashu_receive', token: given.words[0], ...given.fields() }),
  },
  sendOf({ network: 'cashu', words: ['send-to-ln'], flags: [], examples: ['cashu send-to-ln --to lnbc10u1p…'] }),
  sendOf({
    network: 'ln',
    flags: [{ ...AMOUNT_SATS, about: 'How much, in sats; only for an offer, which does not say it' }],
    examples: ['ln send --to lnbc10u1p…', 'ln send --to lno1… --amount-sats 1000'],
  }),
  sendOf({
    network: 'sol',
    flags: [required(AMOUNT), required(TOKEN), REFERENCE],
    examples: ['sol send --to 9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin --amount 1000000 --token usdc'],
  }),
  sendOf({
    network: 'evm',
    flags: [required(AMOUNT), required(TOKEN)],
    examples: ['evm send --to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --amount 1000000 --token usdc'],
  }),
  sendOf({
    network: 'btc',
    flags: [required(AMOUNT_SATS)],
    examples: ['btc send --to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq --amount-sats 20000'],
  }),
];

/** The one form for all networks. Without `--to` it makes a cashu token. */
const sendAny: InputCommand = {
  path: ['send'],
  inputs: ['send', 'cashu_send'],
  flags: [TO, NETWORK, AMOUNT, TOKEN, REFERENCE, MINTS, ...SEND],
  examples: [
    'send --network ln --to lnbc10u1p…',
    'send --network ln --to lno1… --amount 1000',
    'send --network evm --to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --amount 1000000 --token usdc',
    'send --network cashu --amount 100 --cashu-mint https://mint.example',
  ],
  toInput: (given) => {
    const network = networkFlag(given.text('network'));
    const fields = given.fields();
    if (given.text('to') !== undefined) {
      return { code: 'send', ...fields, to: targetOf(given, network), ...(network && { network }) };
    }
    const amount = given.amount('amount');
    if (amount === undefined || (network !== undefined && network !== 'cashu')) {
      throw new UsageError('--to is needed', 'Without it a cashu token is made: send --network cashu --amount 100');
    }
    return { code: 'cashu_send', amount: satsOf(amount), ...fields };
  },
};

const quote: InputCommand = {
  path: ['quote'],
  inputs: ['send_quote'],
  flags: [required(TO), NETWORK, AMOUNT, TOKEN, REFERENCE, MINTS, WALLET, ONCHAIN_MEMO],
  examples: ['quote --network ln --to lnbc10u1p…'],
  toInput: (given) => {
    const network = networkFlag(given.text('network'));
    return { code: 'send_quote', ...given.fields(), to: targetOf(given, network), ...(network && { network }) };
  },
};

export const paymentCommands: readonly InputCommand[] = [sendAny, quote, ...perNetwork];

function targetOf(given: Given, network: Network | undefined): string {
  return paymentTarget({
    to: given.need('to'),
    network,
    amount: given.amount('amount-sats') ?? given.amount('amount'),
    token: given.text('token'),
    reference: given.text('reference'),
  });
}

const satsOf = (value: string) => ({ value, token: nativeToken('cashu') });

interface SendOf {
  network: Network;
  words?: readonly string[];
  flags: readonly Flag[];
  examples: readonly string[];
}
