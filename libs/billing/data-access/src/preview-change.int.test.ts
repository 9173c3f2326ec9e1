import type { BillingFact } from '@caravel/billing-domain';
import type { Id, Pubkey, RelayStatus } from '@caravel/domain';
import fc from 'fast-check';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, randomLife, utc } from './testing/facts.js';
import type { RandomLife } from './testing/facts.js';

const LIVES = Number(process.env['LIVES'] ?? 60);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const PRICES = { free: 0, cheap: 30, basic: 500, growth: 2500 };

const change = fc.record({
  relay: fc.nat(),
  planId: fc.constantFrom<keyof typeof PRICES>('free', 'cheap', 'basic', 'growth'),
  status: fc.constantFrom<RelayStatus>('active', 'active', 'inactive', 'delinquent'),
  up: fc.boolean(),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks(utc('2026-01-01'));
  await books.database.query(
    `INSERT INTO plan (id, name, amount_cents, hidden, blossom, livekit, position)
     SELECT key, key, value::int, false, true, true, 0 FROM json_each_text($1) ON CONFLICT (id) DO UPDATE
       SET amount_cents = excluded.amount_cents`,
    [JSON.stringify(PRICES)],
  );
});
afterAll(() => books.close());

test(`for any history, a preview says what the change writes when it is made in that second (seed ${SEED})`, async () => {
  let charged = 0;
  const property = fc.asyncProperty(randomLife, fc.array(change, { minLength: 1, maxLength: 5 }), async (life, all) => {
    const tenant = await books.newTenant();
    const own = withOwnIds(life);
    const seqOf = await liveUntilItsEnd(tenant, own);
    const relays = [...new Set(own.history.map(({ relayId }) => relayId))];
    for (const relayId of relays) await addRelay(tenant, relayId);
    for (const [index, next] of all.entries()) {
      const relayId = relays[next.relay % relays.length] ?? anId();
      charged += await previewedAndMade(tenant, { ...next, relayId, seq: seqOf + index + 1 });
    }
    expect(await books.problems()).toEqual([]);
  });
  await fc.assert(property, { numRuns: LIVES, seed: SEED });
  expect(charged).toBeGreaterThan(0);
}, 600_000);

it('says nothing of relays and plans that are not there', async () => {
  const [tenant, relayId] = [await books.newTenant(), anId()];
  await addRelay(tenant, relayId);
  const wanted = { relayId, planId: 'basic', status: 'active' as const };
  expect(await books.accounts.preview({ ...wanted, relayId: anId() })).toBeNull();
  expect(await books.accounts.preview({ ...wanted, planId: 'none' })).toBeNull();
  expect(await books.accounts.preview(wanted)).toMatchObject({ items: [{ amountCents: 500 }], replacedIds: [] });
});

/** A life is shrunk with its ids; in one database each has its own. */
function withOwnIds({ history, wakesS }: RandomLife): RandomLife {
  const relays = new Map(history.map(({ relayId }) => [relayId, anId()]));
  const own = (fact: BillingFact) => ({ ...fact, activityId: anId(), relayId: relays.get(fact.relayId) ?? anId() });
  return { history: history.map(own), wakesS };
}

/** How many items it wrote. */
async function previewedAndMade(tenant: Pubkey, wanted: Change & { relayId: Id; seq: number }): Promise<number> {
  const { relayId, planId, status, seq } = wanted;
  if (wanted.up)
    await books.database.query(
      'INSERT INTO relay_sync (relay_id, first_synced_at) VALUES ($1, now()) ON CONFLICT DO NOTHING',
      [relayId],
    );
  const [sync] = await books.database.query('SELECT FROM relay_sync WHERE relay_id = $1', [relayId]);
  const before = await rowsOf(tenant);
  const preview = await books.accounts.preview({ relayId, planId, status });
  expect(await rowsOf(tenant)).toEqual(before);
  if (!preview) throw new Error('there is a relay');

  const activityId = anId();
  const snapshot = { plan_id: planId, amount_cents: PRICES[planId], status, provisioned: sync !== undefined };
  const fact: BillingFact = { activityId, seq, atS: preview.atS, relayId, type: 'update_relay', snapshot };
  await books.addFacts(tenant, [fact]);
  await books.accounts.replay([tenant]);
  const items = (await books.items(tenant)).filter(({ activity_id }) => activity_id === activityId);
  expect(preview.items.map(({ kind, amountCents }) => `${kind} ${amountCents}`).sort()).toEqual(
    items.map(({ kind, amount_cents }) => `${kind} ${amount_cents}`).sort(),
  );
  const after = await rowsOf(tenant);
  const known = new Set(before.open.map(({ id }) => id));
  expect(preview.invoices.map(({ amountCents }) => amountCents)).toEqual(
    after.open.filter(({ id }) => !known.has(id)).map(({ amount_cents }) => amount_cents),
  );
  const left = new Set(after.open.map(({ id }) => id));
  expect([...preview.replacedIds].sort()).toEqual([...known].filter((id) => !left.has(id)).sort());
  return items.length;
}

async function rowsOf(tenant: Pubkey) {
  const invoices = await books.invoices(tenant);
  return {
    items: await books.items(tenant),
    open: invoices.filter(({ voided, paid_at }) => !voided && paid_at === null),
    history: await books.database.query('SELECT seq, at FROM tenant_history WHERE pubkey = $1', [tenant]),
  };
}

/** Answers the last `seq`. */
async function liveUntilItsEnd(tenant: Pubkey, { history, wakesS }: RandomLife): Promise<number> {
  await books.addFacts(tenant, history);
  books.clock.set(wakesS.at(-1) ?? 0);
  await books.accounts.replay([tenant]);
  return history.length;
}

async function addRelay(tenant: Pubkey, relayId: Id): Promise<void> {
  await books.database.query(
    `INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, policy_public_read,
       policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled, management_enabled,
       members_can_invite, blossom_enabled, livekit_enabled, push_enabled, created_at)
     VALUES ($1, $2, $1, 'relays.example', 'r_' || replace($1, '-', '_'), 'free', 'active', false, false, false, false, true, true, true, true, true,
       true, now())`,
    [relayId, tenant],
  );
}
