import { pubkeySchema } from '@caravel/domain';
import { startStripe } from '@caravel/stand-ins';
import type { StandIn } from '@caravel/stand-ins';
import { stripeClient } from './stripe-client.js';

describe('Stripe', () => {
  const tenant = pubkeySchema.parse('ab'.repeat(32));
  let stripe: StandIn;
  beforeEach(async () => {
    stripe = await startStripe();
  });
  afterEach(() => stripe.stop());
  const client = () => stripeClient({ secretKey: 'sk_test_1', apiUrl: stripe.url });

  it('makes one customer of a tenant, however often it is asked', async () => {
    const first = await client().createCustomer(tenant);
    expect(first).toMatch(/^cus_/);
    expect(await client().createCustomer(tenant)).toBe(first);
    expect(stripe.ledger()).toMatchObject({ objects: [{ id: first, metadata: { tenant_pubkey: tenant } }] });
  });

  it('may lose its answer without harm', async () => {
    stripe.faults.set([{ match: 'POST /v1/customers', mode: 'drop-answer' }]);
    await expect(client().createCustomer(tenant)).rejects.toThrow();
    stripe.faults.set([]);
    await client().createCustomer(tenant);
    expect(stripe.ledger()).toMatchObject({ objects: [expect.anything()] });
  });

  it('deletes a customer, also when its answer was lost or somebody was faster; not while it is silent', async () => {
    const id = await client().createCustomer(tenant);
    stripe.faults.set([{ match: `DELETE /v1/customers/${id}`, mode: 'fail', status: 500 }]);
    expect(await client().deleteCustomer(id)).toBe(false);
    stripe.faults.set([{ match: `DELETE /v1/customers/${id}`, mode: 'drop-answer' }]);
    expect(await client().deleteCustomer(id)).toBe(false);
    stripe.faults.set([]);
    expect(await client().deleteCustomer(id)).toBe(true);
    expect(stripe.ledger()).toMatchObject({ objects: [] });
    expect(await client().findCard(id)).toEqual({ cardId: null });
  });

  it('that answers with an error is an error that holds no key', async () => {
    stripe.faults.set([{ match: 'POST /v1/customers', mode: 'fail', status: 500 }]);
    const error: unknown = await client()
      .createCustomer(tenant)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error)).not.toContain('sk_test_1');
  });
});
