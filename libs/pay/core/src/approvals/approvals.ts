import { PayError } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { PayRow, PayTx } from '@caravel/pay-store';
import type { CoreDeps, Handle } from '../pay-call.js';
import type { RequestKey } from '../requests/request-key.js';
import { approvalRows, APPROVALS_PER_KEY } from './approval-rows.js';
import { approvalRule } from './approval-rule.js';
import type { Approvable } from './approval-rule.js';
import { decide } from './decide.js';

/** Approval is permission, not execution: it holds nothing, and whoever asked sends the same request again. */
export interface Approvals {
  /**
   * What a payment above a rule is answered with until somebody permits it; undefined when it may go on. Throws a PayError
   * `permission_denied` when it was denied, `rate_limited` when too many of the key wait, `price_unavailable` when a rule in
   * dollars can't be compared.
   */
  need: (payment: Approvable & RequestKey & { id: string; requestHash: string }) => Promise<Output | undefined>;
  used: (tx: PayTx, key: RequestKey) => Promise<PayRow[]>;
  approve: Handle<'approve'>;
  deny: Handle<'deny'>;
}

export function approvals({ db, clock, log, policy }: Pick<CoreDeps, 'db' | 'clock' | 'log' | 'policy'>): Approvals {
  return {
    need: async (payment) => {
      const rule = approvalRule(payment, policy.approveAbove);
      if (!rule) return undefined;
      const nowMs = clock.now().getTime();
      const { requestHash, quote } = payment;
      const known = await approvalRows.find(db, payment);
      const row = known && known.requestHash === requestHash && known.expiresAtMs > nowMs ? known : undefined;
      if (row?.state === 'denied') throw new PayError('permission_denied', 'the payment was denied');
      const covers = row !== undefined && isCovered(row.asked, quote);
      if (row?.state === 'approved' && covers) return undefined;

      let expiresAtMs = Math.min(nowMs + WAITING_MS, (quote.expiresAtMs ?? Infinity) - BEFORE_EXPIRY_MS);
      if (row?.state === 'pending' && covers) ({ expiresAtMs } = row);
      else if (expiresAtMs <= nowMs)
        throw new PayError('invalid_argument', 'the invoice expires before it could be approved');
      else {
        const asked = { amount: quote.amount, feeBound: quote.feeBound };
        const about = { requestHash, asked, ruleId: rule.ruleId, nowMs, expiresAtMs };
        if (!(await approvalRows.ask(db, payment, about))) {
          throw new PayError('rate_limited', `${APPROVALS_PER_KEY} payments of this key wait for approval already`);
        }
      }
      return {
        code: 'approval_required',
        id: payment.id,
        request_id: payment.id,
        debits: quote.debits.map(({ unit, amount }) => ({ token: unit, amount })),
        approve_above: rule.above,
        rule_id: rule.ruleId,
        expires_at_epoch_s: Math.floor(expiresAtMs / 1000),
      };
    },
    used: (tx, key) => approvalRows.used(tx, key),
    approve: (input, call) => decide({ db, clock, log }, 'approved', { input, call }),
    deny: (input, call) => decide({ db, clock, log }, 'denied', { input, call }),
  };
}

/** The same amount, for a fee that is no higher. */
function isCovered(asked: Asked, { amount, feeBound }: Approvable['quote']): boolean {
  const isSame = asked.amount.value === amount.value && asked.amount.token === amount.token;
  return isSame && asked.feeBound.token === feeBound.token && feeBound.value <= asked.feeBound.value;
}

const WAITING_MS = 86_400_000;
const BEFORE_EXPIRY_MS = 60_000;

type Asked = Pick<Approvable['quote'], 'amount' | 'feeBound'>;
