import { AppError } from '@caravel/domain';
import type { GatewayPorts } from '../ports.js';
import { ALICE, invoice } from '../testing/builders.js';
import { silentLog } from '../testing/fake-deps.js';
import { billingReconciler } from './billing-reconciler.js';

function reconcilerWith(answer: () => Promise<never>, patienceMs = 1000) {
  const asked: unknown[] = [];
  const rung: unknown[] = [];
  const ask: GatewayPorts['ask'] = (call, request) => {
    asked.push([call.name, request]);
    return answer();
  };
  const ring: GatewayPorts['ring'] = (bell, payload) => {
    rung.push([bell.name, payload]);
    return Promise.resolve();
  };
  return { reconciler: billingReconciler({ ask, ring, log: silentLog, patienceMs }), asked, rung };
}

const down = () => Promise.reject(new AppError('service-unavailable', 'down'));

it('asks billing about the tenant, and about the invoice', async () => {
  const { reconciler, asked } = reconcilerWith(down);
  await reconciler.tenant(ALICE);
  await reconciler.invoice(invoice());
  expect(asked).toEqual([
    ['tenant-reconcile', { tenantPubkey: ALICE }],
    ['invoice-reconcile', { invoiceId: invoice().id }],
  ]);
});

it('does not fail when billing is away, and leaves its bell rung', async () => {
  const { reconciler, rung } = reconcilerWith(down);
  await reconciler.tenant(ALICE);
  await reconciler.invoice(invoice());
  expect(rung).toEqual([
    ['billing-account', { tenantPubkey: ALICE }],
    ['billing-account', { tenantPubkey: ALICE }],
  ]);
});

it('waits no longer than it is told to when billing never answers', async () => {
  const { reconciler, rung } = reconcilerWith(() => new Promise(() => undefined), 20);
  await reconciler.tenant(ALICE);
  expect(rung).toHaveLength(1);
});
