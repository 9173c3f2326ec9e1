import { createHash } from 'node:crypto';
import { readPayment } from './nwc-outcome.js';

const preimage = 'ab'.repeat(32);
const paymentHash = createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex');
const paid = (proof: string) =>
  readPayment({ type: 'result', preimage: proof, feesPaidMsats: undefined }, paymentHash).type;
const refused = (code: string) => readPayment({ type: 'error', code, message: 'x' }, paymentHash).type;

describe("a wallet's answer", () => {
  it('is a payment only with the preimage', () => {
    expect(paid(preimage)).toBe('paid');
    expect(paid(preimage.toUpperCase())).toBe('paid');
    for (const lie of ['', '00'.repeat(32), paymentHash, 'zz'.repeat(32), preimage.slice(2)]) {
      expect(paid(lie)).toBe('unknown');
    }
  });

  it('is a failure only on the codes by which a wallet did not try', () => {
    const definite = [
      'INSUFFICIENT_BALANCE',
      'QUOTA_EXCEEDED',
      'RATE_LIMITED',
      'RESTRICTED',
      'UNAUTHORIZED',
      'NOT_IMPLEMENTED',
      'UNSUPPORTED_ENCRYPTION',
    ];
    for (const code of definite) expect(refused(code)).toBe('failed');
    for (const code of ['PAYMENT_FAILED', 'INTERNAL', 'OTHER', 'NOT_FOUND', '', 'constructor']) {
      expect(refused(code)).toBe('unknown');
    }
  });

  it('that never came is a failure only when the request never left', () => {
    expect(readPayment({ type: 'silence', phase: 'not-sent' }, paymentHash).type).toBe('failed');
    expect(readPayment({ type: 'silence', phase: 'sent' }, paymentHash).type).toBe('unknown');
  });

  it('leads to a text of at most 240 characters', () => {
    const outcome = readPayment({ type: 'error', code: 'UNSUPPORTED_ENCRYPTION', message: 'x' }, paymentHash);
    expect(outcome.type === 'failed' && outcome.error.length).toBeLessThanOrEqual(240);
  });
});
