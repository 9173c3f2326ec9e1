import { manualClock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import fc from 'fast-check';

import { lightningWorld } from './lightning-world.js';

const clock = manualClock(1_700_000_000);
function twoAccounts() {
  const world = lightningWorld({ clock });
  const payeeKey = world.open('payee');
  world.open('payer', { balanceMsats: 10_000n });
  return { world, payeeKey };
}

test('an invoice is valid BOLT 11, signed by the account that asks', () => {
  const { world, payeeKey } = twoAccounts();
  const made = world.makeInvoice('payee', { amountMsats: 3000n, description: 'a month', expiryS: 60 });
  expect(decodeBolt11(made.bolt11)).toMatchObject({
    amountMsats: 3000n,
    description: 'a month',
    payee: payeeKey,
    paymentHash: made.paymentHash,
    timestampS: 1_700_000_000,
    expiryS: 60,
  });
});

test('paying moves the money once and tells who listens', () => {
  const { world } = twoAccounts();
  const settled: string[] = [];
  world.onSettled(({ paymentHash }) => settled.push(paymentHash));
  const { bolt11, paymentHash } = world.makeInvoice('payee', { amountMsats: 3000n });
  world.pay('payer', bolt11.toUpperCase());
  expect(() => world.pay('payer', bolt11)).toThrow('paid already');
  expect(() => world.settle(bolt11)).toThrow('paid already');
  expect([world.balanceMsats('payer'), world.balanceMsats('payee')]).toEqual([7000n, 3000n]);
  expect(settled).toEqual([paymentHash]);
});

test('a payment by hand touches no account but the payee', () => {
  const { world } = twoAccounts();
  expect(world.settle(world.makeInvoice('payee', { amountMsats: 50_000n }).bolt11).payer).toBeNull();
  expect([world.balanceMsats('payer'), world.balanceMsats('payee')]).toEqual([10_000n, 50_000n]);
});

test('refuses what is too dear, expired, or of another world', () => {
  const { world } = twoAccounts();
  const dear = world.makeInvoice('payee', { amountMsats: 10_001n });
  expect(() => world.pay('payer', dear.bolt11)).toThrow(expect.objectContaining({ code: 'INSUFFICIENT_BALANCE' }));
  const foreign = twoAccounts().world.makeInvoice('payee', { amountMsats: 1n });
  expect(() => world.pay('payer', foreign.bolt11)).toThrow(expect.objectContaining({ code: 'PAYMENT_FAILED' }));
  const old = world.makeInvoice('payee', { amountMsats: 1n, expiryS: 10 });
  clock.advance(10);
  expect(() => world.pay('payer', old.bolt11)).toThrow('expired');
  expect(world.balanceMsats('payer')).toBe(10_000n);
});

test('money is neither made nor lost by any order of payments', () => {
  const payment = fc.record({
    from: fc.nat(2),
    to: fc.nat(2),
    msats: fc.bigInt({ min: 1n, max: 2000n }),
    twice: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 8 }), (payments) => {
      const world = lightningWorld({ clock });
      const names = ['a', 'b', 'c'];
      for (const name of names) world.open(name, { balanceMsats: 1000n });
      for (const { from, to, msats, twice } of payments) {
        const { bolt11 } = world.makeInvoice(names[to] ?? 'a', { amountMsats: msats });
        for (let times = twice ? 2 : 1; times > 0; times -= 1) {
          try {
            world.pay(names[from] ?? 'a', bolt11);
          } catch {
            // refused: nothing may have moved
          }
        }
      }
      const balances = names.map(world.balanceMsats);
      expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(3000n);
      expect(balances.every((balance) => balance >= 0n)).toBe(true);
    }),
    { numRuns: 20 },
  );
});
