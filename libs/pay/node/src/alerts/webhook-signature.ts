import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks 1.0: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, with the key that `whsec_`
 * hides in base64.
 */
export function webhookHeaders(secret: string, { id, atS, body }: SignedMessage): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${atS}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(atS),
    'webhook-signature': `v1,${signature}`,
  };
}

interface SignedMessage {
  id: string;
  /** Unix seconds. */
  atS: number;
  body: string;
}
