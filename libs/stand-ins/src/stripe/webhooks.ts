import { signWebhook } from './sign-webhook.js';
import type { StripeEvent } from './stripe-objects.js';

const RETRY_AFTER_MS = [100, 400, 1_600, 6_400];
const DEADLINE_MS = 10_000;

/**
 * Deliveries of events to one endpoint, each signed anew, at once and again until it answers 2xx (sooner than Stripe, whose
 * tries go on for three days). Held ones wait for `release`, which may reverse, shuffle or repeat them: Stripe promises neither
 * order nor that an event comes once.
 */
export function webhooks({ nowS, wait, shuffle }: WebhookDeps): Webhooks {
  let target: WebhookTarget | undefined;
  let held: StripeEvent[] | undefined;
  const deliveries: Delivery[] = [];

  async function deliver(event: StripeEvent, to: WebhookTarget): Promise<void> {
    for (const afterMs of [...RETRY_AFTER_MS, undefined]) {
      const delivery: Delivery = { event: event.id, type: event.type, atS: nowS(), status: null };
      deliveries.push(delivery);
      delivery.status = await post(event, to, delivery.atS);
      if ((delivery.status >= 200 && delivery.status < 300) || afterMs === undefined) return;
      await wait(afterMs);
    }
  }
  /** The end of the stand-in cuts the wait for the next try short. */
  const start = (event: StripeEvent) => {
    if (target) deliver(event, target).catch(() => undefined);
  };

  return {
    set: (next) => {
      target = next;
    },
    hold: () => {
      held ??= [];
    },
    release: (order, copies) => {
      const waiting = held ?? [];
      held = undefined;
      const ordered = order === 'created' ? waiting : order === 'reversed' ? waiting.toReversed() : shuffle(waiting);
      for (const event of ordered.flatMap((each) => Array.from({ length: copies }, () => each))) start(event);
      return { released: waiting.length };
    },
    send: (event) => {
      if (!target || (target.events && !target.events.includes(event.type))) return;
      if (held) held.push(event);
      else start(event);
    },
    again: start,
    deliveries: () => deliveries,
  };
}

/** The status of the answer; 0 when there was none. */
async function post(event: StripeEvent, { url, secret }: WebhookTarget, atS: number): Promise<number> {
  const body = JSON.stringify(event, null, 2);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signWebhook(body, secret, atS),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}

interface WebhookDeps {
  nowS: () => number;
  /** Real time; rejects once the stand-in stops. */
  wait: (ms: number) => Promise<void>;
  shuffle: (events: readonly StripeEvent[]) => StripeEvent[];
}

export interface WebhookTarget {
  url: string;
  /** `whsec_…` */
  secret: string;
  /** Only these types; all when left out. */
  events?: string[] | undefined;
}

interface Delivery {
  event: string;
  type: string;
  atS: number;
  /** Null while it is on its way, 0 when nobody answered. */
  status: number | null;
}

export interface Webhooks {
  set(target: WebhookTarget | undefined): void;
  hold(): void;
  release(order: 'created' | 'reversed' | 'shuffled', copies: number): { released: number };
  send(event: StripeEvent): void;
  /** Sends it whatever was asked for, held or not. */
  again(event: StripeEvent): void;
  deliveries(): readonly Delivery[];
}
