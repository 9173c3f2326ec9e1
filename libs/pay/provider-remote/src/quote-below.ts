import { NATIVE_UNIT } from '@caravel/pay-limits';
import { PayError } from '@caravel/pay-protocol';
import type { Amount, InputOf, OutputOf } from '@caravel/pay-protocol';
import type { Call, PaymentAsk, ProviderWallet, Quote } from '@caravel/pay-provider';
import { RpcError } from '@caravel/pay-rpc';
import { askNode } from './ask-node.js';
import { invoiceOf } from './invoice-of.js';
import type { RemoteNode } from './remote-node.js';

/**
 * What the node says a payment costs. Whom it pays, and which payment it is, we read from the invoice ourselves: lists of recipients
 * and "paid once" hold here too. Throws `quote_unavailable` where an afpay 0.7 answers, which knows no quote, at once or behind another
 * node, and `network_error` when the node contradicts the invoice or itself.
 */
export async function quoteBelow(
  node: RemoteNode,
  { id: wallet }: ProviderWallet,
  asked: SendAsk & Call,
): Promise<Quote> {
  const { network, newId } = node;
  const { to, memo: onchain_memo, mints, signal } = asked;
  const about = { wallet, network, onchain_memo, ...(mints && { mints: [...mints] }) };
  const input: InputOf<'send_quote'> = { code: 'send_quote', id: newId('req_'), to, ...about };
  try {
    const told = await askNode(node, input, { signal, expected: 'send_quote' });
    const quote = quoteOf(told);
    checkDebits(node, quote);
    return { ...quote, ...invoiceParts(node, to, told.amount) };
  } catch (error) {
    const isUnknownInput = error instanceof RpcError && error.code === 'invalid_argument';
    if (node.protocol !== 'v1' || !isUnknownInput) throw error;
    throw unavailable(error);
  }
}

/** There is no Input that asks for it: the amount is known, and fees are held as for Lightning; what was paid is counted after. */
export function tokenQuote({ amount }: Extract<PaymentAsk, { kind: 'cashu_send' }>): Quote {
  const fee: Amount = { value: (amount.value + 99n) / 100n + 10n, token: amount.token };
  return {
    amount,
    feeEstimate: { ...fee, value: 0n },
    feeBound: fee,
    debits: [{ unit: amount.token, amount: amount.value + fee.value }],
  };
}

function quoteOf({ amount, fee_estimate, fee_bound, debits, expires_at_epoch_s }: OutputOf<'send_quote'>): Quote {
  return {
    amount,
    feeEstimate: fee_estimate,
    feeBound: fee_bound,
    debits: debits.map(({ amount: value, token: unit }) => ({ unit, amount: value })),
    ...(expires_at_epoch_s !== undefined && { expiresAtMs: expires_at_epoch_s * 1000 }),
  };
}

const unavailable = (cause?: unknown): PayError =>
  new PayError('quote_unavailable', 'the node below cannot say what it would cost', {
    retryable: false,
    hint: 'Without a limit that watches it the payment is forwarded; with one it needs a node of ours',
    cause,
  });

/** What is held here is what the debits say, so they have to hold all that may leave, in units that limits count. */
function checkDebits({ network }: RemoteNode, { amount, feeBound, debits }: Quote): void {
  // So says a node that asked one that knows no quote.
  if (amount.value === 0n) throw unavailable();
  const native = NATIVE_UNIT[network];
  const hasTokens = network === 'evm' || network === 'sol';
  const isKnown = feeBound.token === native && (hasTokens || amount.token === native);
  const isHeld = [amount.token, native].every((unit) => {
    const leaves = sum([amount, feeBound].filter(({ token }) => token === unit).map(({ value }) => value));
    return sum(debits.filter((debit) => debit.unit === unit).map((debit) => debit.amount)) >= leaves;
  });
  if (!isKnown || !isHeld) {
    throw new PayError('network_error', 'the node below quotes debits that do not cover amount and fee');
  }
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

function invoiceParts(node: RemoteNode, to: string, quoted: Amount): Pick<Quote, 'recipient' | 'paymentKey'> {
  const invoice = invoiceOf(node, to);
  if (!invoice) return {};
  if (quoted.value * 1000n < (invoice.amountMsats ?? 0n)) {
    throw new PayError('network_error', 'the node below quotes less than the invoice asks for');
  }
  return { recipient: invoice.payee, paymentKey: invoice.paymentHash };
}

type SendAsk = Extract<PaymentAsk, { kind: 'send' }>;
