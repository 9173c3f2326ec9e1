import { manualClock, pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import type { DeliverMessages } from './deliver-messages.js';
import { sweepMessages } from './sweep-messages.js';

const log = createLogger({ service: 'test', level: 'silent' });
const clock = manualClock(1_790_000_000);
const tenants = (count: number) =>
  Array.from({ length: count }, (_, n) => pubkeySchema.parse(n.toString(16).padStart(64, '0')));

/** Tenants with due messages; a delivery works one of them off. */
function dueTenants(due: Pubkey[]) {
  const left = new Set(due);
  return {
    left,
    messages: { dueTenants: ({ limit }: { limit: number }) => Promise.resolve([...left].slice(0, limit)) },
  };
}

describe('the sweep of messages', () => {
  it('works off every tenant, once, however many there are', async () => {
    const { left, messages } = dueTenants(tenants(1000));
    const seen: Pubkey[] = [];
    const deliver: DeliverMessages = ({ tenantPubkey }) => {
      seen.push(tenantPubkey);
      left.delete(tenantPubkey);
      return Promise.resolve();
    };
    await sweepMessages({ messages, deliver, clock, log })(new AbortController().signal);
    expect(left.size).toBe(0);
    expect(seen).toHaveLength(1000);
  });

  it('serves at most 32 tenants at the same time', async () => {
    const { left, messages } = dueTenants(tenants(50));
    let running = 0;
    let most = 0;
    const deliver: DeliverMessages = async ({ tenantPubkey }) => {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
      left.delete(tenantPubkey);
    };
    await sweepMessages({ messages, deliver, clock, log })(new AbortController().signal);
    expect(most).toBe(32);
  });

  it('ends when it is told to', async () => {
    const { left, messages } = dueTenants(tenants(50));
    const stop = new AbortController();
    const deliver: DeliverMessages = () => {
      stop.abort();
      return Promise.resolve();
    };
    await sweepMessages({ messages, deliver, clock, log })(stop.signal);
    expect(left.size).toBe(50);
  });

  it('says so when a tenant broke it off, after the others had their turn', async () => {
    const { left, messages } = dueTenants(tenants(3));
    const [first] = left;
    const deliver: DeliverMessages = ({ tenantPubkey }) => {
      if (tenantPubkey === first) return Promise.reject(new Error('database gone'));
      left.delete(tenantPubkey);
      return Promise.resolve();
    };
    await expect(sweepMessages({ messages, deliver, clock, log })(new AbortController().signal)).rejects.toMatchObject({
      cause: new Error('database gone'),
    });
    expect([...left]).toEqual([first]);
  });
});
