import { decodeBolt11, encodeBolt11 } from '@caravel/lightning';
import type { Bolt11Network } from '@caravel/lightning';
import { feeBound, feeEstimate } from './fee-bound.js';
import { checkPayable, paymentTarget } from './payment-target.js';

const NOW_S = 1_800_000_000;
const OFFER = `lno1${'q'.repeat(30)}`;
const invoice = (network: Bolt11Network = 'bcrt') =>
  encodeBolt11({
    network,
    amountMsats: 21_000n,
    timestampS: NOW_S,
    expiryS: 60,
    paymentHash: 'ab'.repeat(32),
    paymentSecret: 'cd'.repeat(32),
    secretKey: '11'.repeat(32),
    description: 'x',
  });

describe('what is paid', () => {
  it.each(['', 'lightning:', 'LIGHTNING:', 'lightning://'])(
    'is an invoice in either case, with %p before it',
    (scheme) => {
      const text = invoice();
      for (const to of [text, text.toUpperCase(), ` ${text} `]) {
        expect(paymentTarget(scheme + to.trim())).toMatchObject({ kind: 'bolt11', invoice: text });
      }
    },
  );

  it('is an offer with its amount, in either case', () => {
    const wanted = { kind: 'bolt12', offer: OFFER, amountSats: 1_000n };
    expect(paymentTarget(`${OFFER}?amount=1000`)).toEqual(wanted);
    expect(paymentTarget(`${OFFER.toUpperCase()}?amount=1000`)).toEqual(wanted);
  });

  it.each([
    OFFER,
    `${OFFER}?amount=`,
    `${OFFER}?amount=0`,
    `${OFFER}?amount=-1`,
    `${OFFER}?amount=1.5`,
    'lno1!?amount=1',
  ])('is not %s', (to) => {
    expect(() => paymentTarget(to)).toThrow(expect.objectContaining({ code: 'invalid_amount' }));
  });

  it.each(['', 'lnbc1', 'bc1qxyz', 'https://example.com', 'user@example.com'])('is not "%s"', (to) => {
    expect(() => paymentTarget(to)).toThrow(expect.objectContaining({ code: 'invalid_amount' }));
  });

  it('is paid until its last second, on the chain of the wallet', () => {
    const decoded = decodeBolt11(invoice());
    const check = (nowS: number, chain?: 'mainnet' | 'regtest') => () => {
      checkPayable(decoded, { nowS, chain });
    };
    expect(check(NOW_S + 59, 'regtest')).not.toThrow();
    expect(check(NOW_S + 60)).toThrow('expired');
    expect(check(NOW_S, 'mainnet')).toThrow('the invoice is for regtest, the wallet for mainnet');
  });
});

describe('the fee', () => {
  it.each([
    [1n, undefined, 11n, 1n],
    [100n, undefined, 11n, 1n],
    [101n, undefined, 12n, 2n],
    [1_000_000n, undefined, 10_010n, 10_000n],
    [1_000n, 20n, 20n, 10n],
    [1_000n, 21n, 21n, 10n],
    [10n ** 15n, undefined, 10n ** 13n + 10n, 10n ** 13n],
  ])('of %s sats, quoted %s, is at most %s and expected to be %s', (sats, quote, ...[bound, estimate]) => {
    expect(feeBound(sats, quote)).toBe(bound);
    expect(feeEstimate(sats)).toBe(estimate);
  });
});
