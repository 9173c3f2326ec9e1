import { AppError } from '@caravel/domain';
import type { GatewayPorts } from '../ports.js';
import { bolt11Offer, id, invoice } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { payableBolt11 } from './payable-bolt11.js';

function billingAnswers(answer: () => Promise<unknown>, stored = [bolt11Offer()]) {
  const deps = fakeDeps({
    ask: answer as GatewayPorts['ask'],
    invoices: {
      ...fakeDeps().invoices,
      bolt11: (offerId) => Promise.resolve(stored.find((offer) => offer.id === offerId) ?? null),
    },
  });
  return payableBolt11(deps, invoice());
}

it('answers the offer that billing names', async () => {
  expect(await billingAnswers(() => Promise.resolve({ offerId: id(6) }))).toEqual(bolt11Offer());
});

it.each(['invoice-not-payable', 'service-unavailable'])('passes a refusal on with its text: %s', async (refused) => {
  const message = 'This invoice is paid.';
  await expect(billingAnswers(() => Promise.resolve({ refused, message }))).rejects.toMatchObject({
    code: refused,
    message,
  });
});

it('is service-unavailable, with a text for people, when billing is away or its row is not there', async () => {
  const unavailable = { code: 'service-unavailable', message: expect.stringContaining('try again') };
  const away = () => Promise.reject(new AppError('internal', 'x'));
  await expect(billingAnswers(away)).rejects.toMatchObject(unavailable);
  await expect(billingAnswers(() => Promise.resolve({ offerId: id(7) }))).rejects.toMatchObject(unavailable);
});
