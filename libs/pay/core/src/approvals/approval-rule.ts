import { PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { Quote } from '@caravel/pay-provider';
import type { ApprovalRule } from '../pay-call.js';
import type { KeptDebit } from '../payments/payment-record.js';
import { usdMicrosOf } from '../payments/price-debits.js';

export interface Approvable {
  network: Network;
  wallet: string;
  /** What the wallet is called now; see `askedLabels`. */
  labels?: readonly string[] | undefined;
  quote: Pick<Quote, 'amount' | 'feeBound' | 'debits' | 'expiresAtMs'>;
  debits: readonly KeptDebit[];
}

/** Whether a rule looks at the payments of a wallet. */
export const isWatched = (rule: ApprovalRule, { network, wallet, labels = [] }: Place): boolean =>
  (rule.network ?? network) === network && [wallet, ...labels].includes(rule.wallet ?? wallet);

/**
 * The first rule, by id, that the payment is above, fee bound included. Throws a PayError `price_unavailable` when a rule in
 * dollars watches it and something of it has no price.
 */
export function approvalRule(payment: Approvable, rules: readonly ApprovalRule[]): ApprovalRule | undefined {
  return rules
    .filter((rule) => isWatched(rule, payment))
    .sort((one, other) => (one.ruleId < other.ruleId ? -1 : 1))
    .find((rule) => amountIn(rule.unit, payment.debits) > rule.above);
}

function amountIn(unit: string, debits: readonly KeptDebit[]): bigint {
  if (unit !== 'usd') return sum(debits.map((debit) => (debit.unit === unit ? debit.amount : 0n)));
  return sum(
    debits.map((debit) => {
      const usd = usdMicrosOf(debit);
      if (usd === undefined) throw noPrice(debit.unit);
      return usd;
    }),
  );
}

export const noPrice = (unit: string): PayError =>
  new PayError('price_unavailable', `there is no price of ${unit} now, and a rule in dollars watches the payment`);

type Place = Pick<Approvable, 'network' | 'wallet' | 'labels'>;

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
