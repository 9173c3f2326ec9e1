import { randomBytes as nodeRandomBytes } from 'node:crypto';
import type { PayTx } from '@caravel/pay-store';
import type { Webhook } from '../config/node-config.js';

/** What webhooks are told. Amounts are digits; nothing in it is secret. */
export interface WebhookEvent {
  type: 'limit.reached' | 'payment.spend_overrun' | 'payment.unknown_for_long' | 'payment.late_truth';
  data: Readonly<Record<string, string | number>>;
}

/** Writes it down for every webhook, in the transaction of what it tells of. */
export type Announce = (tx: PayTx, event: WebhookEvent) => Promise<void>;

export function announcer({ webhooks, nowMs, randomBytes = nodeRandomBytes }: AnnouncerDeps): Announce {
  return async (tx, { type, data }) => {
    const now = nowMs();
    const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data });
    for (const { name } of webhooks) {
      const id = `msg_${Buffer.from(randomBytes(16)).toString('hex')}`;
      await tx.query(WRITE, [id, name, body, now]);
    }
  };
}

const WRITE = `INSERT INTO webhook_deliveries (delivery_id, webhook, body, created_at_ms, attempts, next_at_ms)
  VALUES ($1, $2, $3, $4, 0, $4)`;

interface AnnouncerDeps {
  webhooks: readonly Webhook[];
  nowMs: () => number;
  randomBytes?: (size: number) => Uint8Array;
}
