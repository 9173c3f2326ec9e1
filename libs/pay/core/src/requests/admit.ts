import { setTimeout as pause } from 'node:timers/promises';
import { PayError, requestHash } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { PayTx } from '@caravel/pay-store';
import { releasedSignal } from '../control/released-signal.js';
import type { CoreDeps, PayCall } from '../pay-call.js';
import { requestKey } from './request-key.js';
import type { RequestKey } from './request-key.js';
import type { RequestRow, RequestRows, Ticket } from './request-rows.js';

/** What became of the payment of an attempt, asked while the request still runs. */
export interface OpenPayments {
  /** `none`: it wrote none down. `lapsed`: its owner is gone. */
  stateOf: (ticket: Ticket) => Promise<'none' | 'running' | 'lapsed' | 'unknown'>;
  recover: (ticket: Ticket) => Promise<void>;
  unknownOutput: (id: string) => Output;
}

/**
 * The door of idempotency: a ticket to do what an Input says, for one caller at a time, or the answer there is already. Waits
 * while somebody else has the ticket, at most until the caller's deadline. Throws PayErrors `idempotency_conflict`,
 * `request_closed`, `in_progress`, and `unauthenticated` for a call of envelope v1 that came before.
 */
export async function admit(
  { db, clock, rows }: Pick<CoreDeps, 'db' | 'clock'> & { rows: RequestRows },
  { input, call, payments }: { input: Input & { id: string }; call: PayCall; payments?: OpenPayments },
): Promise<{ ticket: Ticket } | { answer: Output }> {
  const key = requestKey(input.id, call);
  const hash = requestHash(input);
  const about = () => {
    const nowMs = clock.now().getTime();
    return { input, hash, nowMs, leaseUntilMs: nowMs + LEASE_MS };
  };
  const first = await db.transaction(async (tx) => {
    if (call.v1Nonce) await takeNonce(tx, key, { nonce: call.v1Nonce, nowMs: about().nowMs });
    return rows.begin(tx, key, about());
  });
  if (first) return { ticket: first };

  const turn = async (): Promise<{ ticket?: Ticket | undefined; answer?: Output }> => {
    const row = await rows.find(db, key);
    if (!row) return { ticket: await rows.begin(db, key, about()) };
    const answer = answerOf(row, hash);
    if (answer) return { answer };
    if (row.state === 'done') return { ticket: await rows.beginAgain(db, row, about()) };
    const payment = (await payments?.stateOf(row)) ?? 'none';
    if (payment === 'unknown' && payments) return { answer: payments.unknownOutput(input.id) };
    if (payment === 'lapsed') await payments?.recover(row);
    const isLeft = payment === 'none' && row.leaseUntilMs <= about().nowMs;
    return isLeft ? { ticket: await rows.beginAgain(db, row, about()) } : {};
  };
  const { signal, release } = waiting(call, clock);
  return untilAdmitted(turn, signal).finally(release);
}

/** How long an owner may be silent before somebody else goes on. */
export const LEASE_MS = 60_000;

/** Ends when the caller has gone, or just before it gives up. */
export function waiting({ signal, deadlineMs }: PayCall, clock: CoreDeps['clock']): Waiting {
  const leftMs = deadlineMs === undefined ? WAIT_MS : deadlineMs - clock.now().getTime() - ANSWER_MS;
  return releasedSignal(signal, Math.min(Math.max(leftMs, 0), WAIT_MS));
}
const WAIT_MS = 120_000;
const ANSWER_MS = 250;

async function untilAdmitted(
  turn: () => Promise<{ ticket?: Ticket | undefined; answer?: Output }>,
  signal: AbortSignal,
): Promise<{ ticket: Ticket } | { answer: Output }> {
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 500)) {
    const { ticket, answer } = await turn();
    if (ticket) return { ticket };
    if (answer) return { answer };
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw inProgress();
  }
}

export const inProgress = (): PayError =>
  new PayError('in_progress', 'the request is still being worked on', { hint: 'Ask again with the same id' });

function answerOf(row: RequestRow, hash: string): Output | undefined {
  if (row.state === 'closed') {
    throw new PayError('request_closed', 'the request was closed before it arrived, and nothing was done', {
      hint: 'Ask under a new id',
    });
  }
  if (!isSame(row.requestHash, hash)) {
    throw new PayError('idempotency_conflict', 'another request was made under this id', { hint: 'Use a new id' });
  }
  if (row.state !== 'done' || row.again || !row.answer) return undefined;
  return { ...row.answer, replayed: true } as Output;
}

/** A hash made in another way can't be compared, and is no conflict. */
function isSame(one: string, other: string): boolean {
  const [version] = one.split(':');
  return one === other || version !== other.split(':')[0];
}

/** Of envelope v1: what came before is not taken again. */
export async function takeNonce(
  tx: PayTx,
  { keyName }: Pick<RequestKey, 'keyName'>,
  { nonce, nowMs }: { nonce: Uint8Array; nowMs: number },
): Promise<void> {
  const taken = await tx.query(TAKE_NONCE, [keyName, nonce, nowMs]);
  if (taken.length === 0) throw new PayError('unauthenticated', 'this call was made before');
}
const TAKE_NONCE = `INSERT INTO rpc_v1_nonces (key_name, nonce, at_ms) VALUES ($1, $2, $3)
  ON CONFLICT (key_name, nonce) DO NOTHING RETURNING at_ms`;

type Waiting = ReturnType<typeof releasedSignal>;
