import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_S = 300;

/**
 * Whether Stripe signed these bytes within the last five minutes: header `t=…,v1=…` with HMAC-SHA256 over `t.body`; any one of
 * several `v1` will do, as when the secret is rolled (https://docs.stripe.com/webhooks/signature).
 */
export function isSignedByStripe(rawBody: Uint8Array, { header, secret, now }: Signed): boolean {
  const parts = header.split(',').map((part) => part.trim().split('='));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(time) || Math.abs(Math.floor(now.getTime() / 1000) - Number(time)) > TOLERANCE_S) return false;
  const expected = createHmac('sha256', secret).update(`${time}.`).update(rawBody).digest();
  return parts.some(([name, value = '']) => name === 'v1' && isEqual(Buffer.from(value, 'hex'), expected));
}

const isEqual = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

interface Signed {
  header: string;
  secret: string;
  now: Date;
}
