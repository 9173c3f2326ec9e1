import { createHmac } from 'node:crypto';

/** The `Stripe-Signature` of a delivery: HMAC-SHA256 over `t.payload` (https://docs.stripe.com/webhooks/signature). */
export function signWebhook(payload: string, secret: string, atS: number): string {
  const signature = createHmac('sha256', secret).update(`${atS}.${payload}`).digest('hex');
  return `t=${atS},v1=${signature}`;
}
