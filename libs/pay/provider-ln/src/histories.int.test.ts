import { paymentHistory } from './testing/payment-history.js';
import type { BackendName } from './testing/lightning-peers.js';

/** Seeds are the same in every run, unless LN_HISTORIES says how many and LN_HISTORY_SEED where they begin. */
const FIRST_SEED = Number(process.env['LN_HISTORY_SEED'] ?? 1);
const COUNTS: [BackendName, number][] = [
  ['phoenixd', 8],
  ['lnbits', 8],
  ['lnbits 0.12', 8],
  ['nwc', 2],
];
const STEPS = 12;

describe.each(COUNTS)('a life of payments by %s', (backend, atLeast) => {
  const count = Number(process.env['LN_HISTORIES'] ?? atLeast);

  it(
    `ends with outcomes and ledger in agreement (${count} of them, seeds from ${FIRST_SEED})`,
    async () => {
      const told: Record<string, number> = {};
      for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed += 1) {
        const { payments, ledger, leftMsats } = await paymentHistory(backend, { seed, steps: STEPS });
        let sentMsats = 0n;
        for (const payment of payments) {
          const where = `seed ${seed}, payment ${payment.paymentHash}`;
          const tries = ledger.outgoing.filter(({ paymentHash }) => paymentHash === payment.paymentHash);
          const paid = tries.filter(({ state }) => state === 'paid');
          const last = payment.told.at(-1);
          told[last?.outcome ?? ''] = (told[last?.outcome ?? ''] ?? 0) + 1;

          // Nobody pays twice, and no answer on the way claimed what isn't true.
          expect([where, paid.length]).toEqual([where, paid.length > 0 ? 1 : 0]);
          for (const { outcome } of payment.told) {
            if (outcome === 'sent') expect([where, outcome, paid.length]).toEqual([where, 'sent', 1]);
            if (outcome === 'not_sent') expect([where, outcome, paid.length]).toEqual([where, 'not_sent', 0]);
          }
          // Before 1.0 LNbits calls a payment that failed "paid", which is no proof of anything.
          const isNeverProven = backend === 'lnbits 0.12' && tries.length > 0 && paid.length === 0;
          const end = paid.length > 0 ? 'sent' : isNeverProven ? 'unknown' : 'not_sent';
          expect([where, last?.outcome]).toEqual([where, end]);
          for (const { amountMsats, feeMsats } of paid) {
            sentMsats += BigInt(amountMsats + feeMsats);
            const debits = last?.outcome === 'sent' ? last.debits : [];
            const sats = BigInt(Math.ceil(amountMsats / 1000) + Math.ceil(feeMsats / 1000));
            expect([where, debits]).toEqual([where, [{ unit: 'sats', amount: sats }]]);
          }
        }
        expect([seed, sentMsats]).toEqual([seed, leftMsats]);
      }
      // Histories in which nothing goes wrong would show nothing.
      expect(Object.keys(told)).toEqual(
        expect.arrayContaining(['sent', backend === 'lnbits 0.12' ? 'unknown' : 'not_sent']),
      );
    },
    count * 3_000 + 30_000,
  );
});
