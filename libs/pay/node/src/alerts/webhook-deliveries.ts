import type { PayDb, PayRow } from '@caravel/pay-store';
import { signalWithin } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { Webhook } from '../config/node-config.js';
import { webhookHeaders } from './webhook-signature.js';

/**
 * One round over what webhooks were not told yet: 8 attempts within 24 hours, then it is given up and logged. The next attempt is
 * written down before this one is made, so that a process that dies in between repeats it; whoever hears it twice knows by
 * `webhook-id`.
 */
export function webhookDeliveries({ db, webhooks, nowMs, log, post = postJson }: DeliveriesDeps) {
  const byName = new Map(webhooks.map((webhook) => [webhook.name, webhook]));

  const deliver = async (row: PayRow, signal: AbortSignal): Promise<void> => {
    const id = String(row.delivery_id);
    const attempt = Number(row.attempts) + 1;
    const waitMs = RETRY_MS[attempt - 1];
    const next = waitMs === undefined ? null : nowMs() + waitMs;
    if ((await db.query(CLAIM, [id, attempt - 1, next])).length === 0) return; // another process has it
    const webhook = byName.get(String(row.webhook));
    const body = String(row.body);
    const headers = webhook && webhookHeaders(webhook.secret, { id, atS: Math.floor(nowMs() / 1000), body });
    const heard = webhook && headers ? await post({ url: webhook.url, headers, body }, signal) : false;
    if (heard) await db.query(HEARD, [id, nowMs()]);
    else if (!webhook) await db.query(GIVE_UP, [id]);
    else if (next === null) log.error({ alert: 'webhook', webhook: webhook.name, id }, 'a webhook was never heard');
  };

  return async (signal: AbortSignal): Promise<void> => {
    const due = await db.query(DUE, [nowMs()]);
    await Promise.all(due.map((row) => deliver(row, signal)));
  };
}

/** True when it was heard: any 2xx. Redirects are not followed: the address is the operator's. */
async function postJson({ url, headers, body }: Post, signal: AbortSignal): Promise<boolean> {
  try {
    const within = signalWithin(signal, TIMEOUT_MS);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: within });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

const TIMEOUT_MS = 10_000;
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
/** After each attempt but the last. */
const RETRY_MS = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 15 * HOUR];
const DUE = `SELECT delivery_id, webhook, body, attempts FROM webhook_deliveries
  WHERE next_at_ms <= $1 ORDER BY next_at_ms LIMIT 20`;
const CLAIM = `UPDATE webhook_deliveries SET attempts = attempts + 1, next_at_ms = $3
  WHERE delivery_id = $1 AND attempts = $2 AND next_at_ms IS NOT NULL RETURNING delivery_id`;
const HEARD = 'UPDATE webhook_deliveries SET next_at_ms = NULL, delivered_at_ms = $2 WHERE delivery_id = $1';
const GIVE_UP = 'UPDATE webhook_deliveries SET next_at_ms = NULL WHERE delivery_id = $1';

interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface DeliveriesDeps {
  db: PayDb;
  webhooks: readonly Webhook[];
  nowMs: () => number;
  log: Pick<Logger, 'error'>;
  /** Whether it was heard; never throws. */
  post?: (post: Post, signal: AbortSignal) => Promise<boolean>;
}
