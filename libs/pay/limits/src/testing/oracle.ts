import type { BucketDebits, PaymentState, Reservation, ReserveResult, Settlement, SpendRule } from '../spend.js';

/**
 * The books as anybody would write them first: what is open is added up, what has left is a list for each bucket, and every
 * question goes through them. Slow and obvious, so that the real ones can be compared with it after every operation.
 */
export class Oracle {
  readonly rules: SpendRule[] = [];
  /** Whatever happened to them. */
  readonly payments = new Map<string, Payment>();
  /** Those not ended: all of them are held. */
  readonly open = new Map<string, Payment>();
  /** Of each bucket, in the order of time, which inside a bucket never goes back. */
  private readonly events = new Map<string, SpendEvent[]>();

  spent(rule: SpendRule, nowMs: number): bigint {
    return this.counted(rule, nowMs).reduce((sum, { amount }) => sum + amount, this.held(rule.bucket));
  }

  reserve({ opId, requestHash, debits, nowMs, state = 'reserved' }: Reservation): ReserveResult {
    const known = this.payments.get(opId);
    if (known)
      return known.requestHash === requestHash ? { result: 'exists', state: known.state } : { result: 'conflict' };
    const broken = this.rules
      .filter((rule) => debits.has(rule.bucket))
      .filter((rule) => this.spent(rule, nowMs) + (debits.get(rule.bucket) ?? 0n) > rule.max)
      .sort((one, other) => (one.ruleId < other.ruleId ? -1 : 1))[0];
    if (broken) {
      const [oldest] = this.counted(broken, nowMs);
      const remainingMs = oldest ? Math.max(oldest.atMs + broken.windowMs - nowMs, 0) : 0;
      return { result: 'limit_exceeded', rule: broken, spent: this.spent(broken, nowMs), remainingMs };
    }
    const payment: Payment = { opId, requestHash, state, debits, left: new Map() };
    this.payments.set(opId, payment);
    this.open.set(opId, payment);
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
    this.open.delete(opId);
    for (const [bucket, whole] of debits) {
      const before = payment.left.get(bucket) ?? 0n;
      if (whole <= before) continue;
      payment.left.set(bucket, whole);
      this.eventsOf(bucket).push({ opId, amount: whole - before, atMs: Math.max(nowMs, this.lastAtMs(bucket)) });
    }
    return 'ok';
  }

  /**
   * Forgets what no window of `longestMs` can reach any more, so that a long run stays possible. It asks the last event of the
   * bucket, which never goes back, and not the clock, which may. With the first event of a payment that goes, the payment does.
   */
  forget(longestMs: number): void {
    const gone = new Set<string>();
    for (const [bucket, events] of this.events) {
      const edgeMs = this.lastAtMs(bucket) - longestMs;
      for (const { opId, atMs } of events) if (atMs <= edgeMs) gone.add(opId);
      this.events.set(
        bucket,
        events.filter(({ atMs }) => atMs > edgeMs),
      );
    }
    for (const [opId, { left }] of this.payments) {
      if (!this.open.has(opId) && (left.size === 0 || gone.has(opId))) this.payments.delete(opId);
    }
  }

  private held(bucket: string): bigint {
    let held = 0n;
    for (const { debits } of this.open.values()) held += debits.get(bucket) ?? 0n;
    return held;
  }

  private counted({ bucket, windowMs }: SpendRule, nowMs: number): SpendEvent[] {
    const edgeMs = Math.max(nowMs, this.lastAtMs(bucket)) - windowMs;
    return this.eventsOf(bucket).filter(({ atMs }) => atMs > edgeMs);
  }

  private eventsOf(bucket: string): SpendEvent[] {
    const events = this.events.get(bucket) ?? [];
    this.events.set(bucket, events);
    return events;
  }

  private lastAtMs(bucket: string): number {
    return this.eventsOf(bucket).at(-1)?.atMs ?? 0;
  }
}

interface Payment {
  opId: string;
  requestHash: string;
  state: PaymentState;
  /** What is held while it is open. */
  debits: BucketDebits;
  /** What was recorded of it so far. */
  left: Map<string, bigint>;
}

interface SpendEvent {
  opId: string;
  amount: bigint;
  atMs: number;
}
