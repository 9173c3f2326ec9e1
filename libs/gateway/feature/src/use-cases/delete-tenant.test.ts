import { cents } from '@caravel/domain';
import type { TenantAccount, TenantsPort } from '../ports.js';
import { ALICE, tenant } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { deleteTenant } from './delete-tenant.js';

const settled: TenantAccount = {
  relays: [],
  hasOpenInvoice: false,
  hasMoneyUnderWay: false,
  hasUnbilledFacts: false,
  balanceCents: cents(0),
};

/** Tries to delete an account that is `first`, and after billing was asked `then`. What happened, in order. */
async function attempt(first: TenantAccount, then: TenantAccount): Promise<string[]> {
  const log: string[] = [];
  let account = first;
  const remove: TenantsPort['remove'] = (_target, check) => {
    log.push('checked');
    return Promise.resolve().then(() => {
      check(account);
      log.push('removed');
    });
  };
  const base = fakeDeps();
  const deps = fakeDeps({
    tenants: { ...base.tenants, remove },
    reconciler: {
      ...base.reconciler,
      tenant: () => {
        log.push('reconciled');
        account = then;
        return Promise.resolve();
      },
    },
    ring: (bell) => Promise.resolve(void log.push(bell.name)),
  });
  const caller = { pubkey: ALICE, isAdmin: false };
  await deleteTenant(deps, { caller, tenant: tenant() }).catch((error: unknown) => log.push(String(error)));
  return log;
}

const unbilled = { ...settled, hasUnbilledFacts: true };

it('waits for nobody when billing has seen everything', async () => {
  expect(await attempt(settled, settled)).toEqual(['checked', 'removed', 'billing-account']);
});

it('has billing look first when it has not', async () => {
  const log = await attempt(unbilled, settled);
  expect(log).toEqual(['checked', 'reconciled', 'checked', 'removed', 'billing-account']);
});

it('removes nothing when billing does not look, or finds something owed', async () => {
  expect(await attempt(unbilled, unbilled)).not.toContain('removed');
  expect(await attempt(unbilled, { ...settled, hasOpenInvoice: true })).not.toContain('removed');
  expect(await attempt({ ...settled, hasOpenInvoice: true }, settled)).toEqual(['checked', expect.any(String)]);
});
