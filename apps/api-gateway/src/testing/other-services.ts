import {
  checkoutSession,
  invoiceBolt11,
  invoiceReconcile,
  invoiceVoid,
  portalSession,
  relayMembers,
  relayPreview,
  tenantAdjust,
  tenantReconcile,
  tenantClearGrace,
  tenantRefund,
} from '@caravel/contracts';
import { AppError, cents, idSchema, pubkeySchema } from '@caravel/domain';
import { answers } from '@caravel/queue';
import type { TestGateway } from './test-gateway.js';

/** Billing and provisioner that do what they are asked, as far as the gateway can tell. `pageUrl` is whoever's page of Stripe. */
export function startOtherServices(
  gateway: Pick<TestGateway, 'database' | 'answerCalls'>,
  { pageUrl }: { pageUrl: string },
): void {
  const { database } = gateway;
  const done = () => Promise.resolve({ done: true as const });
  const page = () => Promise.resolve({ url: pageUrl });
  gateway.answerCalls('billing-service', [
    answers(tenantReconcile, done),
    answers(invoiceReconcile, done),
    answers(invoiceBolt11, async ({ invoiceId }) => {
      const [offer] = await database.query<{ id: string }>('SELECT id FROM offer WHERE invoice_id = $1', [invoiceId]);
      if (!offer) throw new AppError('service-unavailable', 'No wallet can be reached right now. Please try again.');
      return { offerId: idSchema.parse(offer.id) };
    }),
    answers(relayPreview, () => Promise.resolve(PREVIEW)),
    answers(checkoutSession, page),
    answers(portalSession, page),
    answers(invoiceVoid, done),
    answers(tenantAdjust, done),
    answers(tenantClearGrace, done),
    answers(tenantRefund, done),
  ]);
  gateway.answerCalls('relay-provisioner', [
    answers(relayMembers, () => Promise.resolve({ members: [pubkeySchema.parse('ab'.repeat(32))] })),
  ]);
}

const PREVIEW = {
  atS: 1_900_000_000,
  items: [{ planId: 'growth', amountCents: cents(1250), sats: 19_231, description: 'growth' }],
  amountCents: cents(1250),
  sats: 19_231,
  invoices: [{ amountCents: cents(1250), sats: 19_231, periodStartS: 1_900_000_000, periodEndS: 1_902_592_000 }],
  replacedIds: [],
};
