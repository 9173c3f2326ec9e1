import type { BucketDebits, PaymentState, Reservation, ReserveResult, Settlement, SpendRule } from '../spend.js';

/**
 * The books as anybody would write them first: every payment kept for ever, every question answered by adding up all of it. Slow
 * and obvious, so that the real ones can be compared with it after every operation.
 */
export class Oracle {
  readonly rules: SpendRule[] = [];
  readonly payments = new Map<string, Payment>();
  private readonly lastAtMs = new Map<string, number>();

  spent(rule: SpendRule, nowMs: number): bigint {
    return this.counted(rule, nowMs).reduce((sum, { amount }) => sum + amount, this.held(rule.bucket));
  }

  reserve({ opId, requestHash, debits, nowMs }: Reservation): ReserveResult {
    const known = this.payments.get(opId);
    if (known)
      return known.requestHash === requestHash ? { result: 'exists', state: known.state } : { result: 'conflict' };
    const broken = this.rules
      .filter((rule) => this.spent(rule, nowMs) + (debits.get(rule.bucket) ?? 0n) > rule.max && debits.has(rule.bucket))
      .sort((one, other) => (one.ruleId < other.ruleId ? -1 : 1))[0];
    if (broken) {
      const times = this.counted(broken, nowMs).map(({ atMs }) => atMs);
      const remainingMs = times.length === 0 ? 0 : Math.max(Math.min(...times) + broken.windowMs - nowMs, 0);
      return { result: 'limit_exceeded', rule: broken, spent: this.spent(broken, nowMs), remainingMs };
    }
    this.payments.set(opId, { requestHash, state: 'reserved', debits, events: [] });
    return { result: 'ok' };
  }

  move(opId: string, from: PaymentState, to: PaymentState): boolean {
    const payment = this.payments.get(opId);
    if (payment?.state !== from) return false;
    payment.state = to;
    return true;
  }

  settle({ opId, outcome, debits, nowMs }: Settlement): 'ok' | 'already' {
    const payment = this.payments.get(opId);
    if (!payment) throw new Error(`no payment ${opId}`);
    if (payment.state === 'sent' || (payment.state === 'not_sent' && outcome === 'not_sent')) return 'already';
    payment.state = outcome;
    for (const [bucket, whole] of debits) {
      const before = payment.events.filter((event) => event.bucket === bucket);
      const amount = before.reduce((left, event) => left - event.amount, whole);
      if (amount <= 0n) continue;
      const atMs = Math.max(nowMs, this.lastAtMs.get(bucket) ?? 0);
      this.lastAtMs.set(bucket, atMs);
      payment.events.push({ bucket, amount, atMs });
    }
    return 'ok';
  }

  /**
   * Forgets what no window of `longestMs` can reach any more, so that a long run stays possible. It asks the last event of the
   * bucket, which never goes back, and not the clock, which may.
   */
  forget(longestMs: number): void {
    const isOut = ({ bucket, atMs }: SpendEvent) => atMs <= (this.lastAtMs.get(bucket) ?? 0) - longestMs;
    for (const [opId, { state, events }] of this.payments) {
      const isOver = state === 'sent' || state === 'not_sent';
      if (isOver && events.every(isOut)) this.payments.delete(opId);
    }
  }

  private held(bucket: string): bigint {
    let held = 0n;
    for (const { state, debits } of this.payments.values()) {
      if (state !== 'sent' && state !== 'not_sent') held += debits.get(bucket) ?? 0n;
    }
    return held;
  }

  private counted({ bucket, windowMs }: SpendRule, nowMs: number): SpendEvent[] {
    const edgeMs = Math.max(nowMs, this.lastAtMs.get(bucket) ?? 0) - windowMs;
    return [...this.payments.values()]
      .flatMap(({ events }) => events)
      .filter((event) => event.bucket === bucket && event.atMs > edgeMs);
  }
}

interface Payment {
  requestHash: string;
  state: PaymentState;
  debits: BucketDebits;
  events: SpendEvent[];
}

interface SpendEvent {
  bucket: string;
  amount: bigint;
  atMs: number;
}
