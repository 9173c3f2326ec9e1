import { AppError, manualClock, pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { ensureCustomer } from './ensure-customer.js';

const log = createLogger({ service: 'test', level: 'silent' });
const tenants = ['a', 'b', 'c'].map((digit) => pubkeySchema.parse(digit.repeat(64)));
const [first = tenants[0] as Pubkey] = tenants;

/** A desk that fails for those it has an error for. */
function setUp(errors: Record<string, Error | undefined> = {}) {
  const clock = manualClock(1_800_000_000);
  const [asked, saved]: [Pubkey[], Pubkey[]] = [[], []];
  let waiting = [...tenants];
  const accounts = {
    needsCustomer: (tenant: Pubkey) => Promise.resolve(!saved.includes(tenant)),
    claimCustomerless: ({ limit }: { limit: number }) => Promise.resolve(waiting.splice(0, limit)),
    saveCustomer: (tenant: Pubkey) => {
      saved.push(tenant);
      return Promise.resolve();
    },
  };
  const customers = {
    createCustomer: (tenant: Pubkey) => {
      asked.push(tenant);
      const error = errors[tenant];
      return error ? Promise.reject(error) : Promise.resolve(`cus_${tenant}`);
    },
  };
  const again = (): void => {
    waiting = tenants.filter((tenant) => !saved.includes(tenant));
  };
  const ensure = ensureCustomer({ accounts, customers, clock, log });
  return { clock, asked, saved, errors, again, ensure, sweep: () => ensure.all(new AbortController().signal) };
}

const REFUSED = new AppError('stripe-customer-create-failed', 'no');
const BUSY = new AppError('service-unavailable', 'busy');

describe('customers', () => {
  it('are made by the sweep for everybody whose bell was lost', async () => {
    const { sweep, saved } = setUp();
    await sweep();
    expect(saved).toEqual(tenants);
  });

  it('what is wrong with one tenant stops no other, by sweep or bell', async () => {
    const { sweep, saved, ensure, again } = setUp({ [first]: REFUSED });
    await ensure.one(first);
    await ensure.one(tenants[1] ?? first);
    again();
    await sweep();
    expect(saved).toEqual([tenants[1], tenants[2]]);
  });

  it('a desk that is busy or silent is left alone for a minute, then asked again', async () => {
    const test = setUp({ [first]: BUSY });
    await test.sweep();
    await test.ensure.one(tenants[1] ?? first);
    expect(test.asked).toEqual([first]);
    test.errors[first] = undefined;
    test.clock.advance(60);
    test.again();
    await test.sweep();
    expect(test.saved).toEqual(tenants);
  });
});
