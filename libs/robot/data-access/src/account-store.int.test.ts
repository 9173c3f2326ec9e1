import { idMaker, manualClock, pubkeySchema, systemClock } from '@caravel/domain';
import { openDatabase, tenantStore } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { accountStore } from './account-store.js';

const alice = pubkeySchema.parse('a'.repeat(64));
const bob = pubkeySchema.parse('b'.repeat(64));
const EARLY = new Date('2026-11-01T00:00:00Z');
const LATE = new Date('2026-11-02T00:00:00Z');

describe('the account a tenant is told about', () => {
  let database: TestDatabase;
  let robot: Database;
  let gateway: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    robot = openDatabase(database.url('robot'));
    gateway = openDatabase(database.url('gateway'));
  });
  beforeEach(async () => {
    await database.query('TRUNCATE tenant_wallet, tenant_billing, tenant, tenant_history CASCADE');
    await database.query('INSERT INTO tenant (pubkey, created_at) VALUES ($1, $2)', [alice, EARLY]);
  });
  afterAll(async () => {
    await robot.close();
    await gateway.close();
    await database.drop();
  });

  const walletAt = (updatedAt: Date, box: string | null) =>
    database.query(
      'INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at) VALUES ($1, $2, $3, $4)',
      [alice, box, box === null ? null : bob, updatedAt],
    );
  const errorsAt = (errorAt: Date, card: string | null) =>
    database.query(
      `INSERT INTO tenant_billing (tenant_pubkey, nwc_error, nwc_error_at, stripe_error, stripe_payment_method_id)
       VALUES ($1, 'QUOTA_EXCEEDED', $2, 'declined', $3)`,
      [alice, errorAt, card],
    );

  it.each<[string, () => Promise<unknown>, string]>([
    ['nothing connected', () => Promise.resolve(), 'none'],
    ['a wallet', () => walletAt(EARLY, 'box'), 'wallet'],
    ['a wallet that failed', () => Promise.all([walletAt(EARLY, 'box'), errorsAt(LATE, null)]), 'wallet'],
    [
      'a wallet connected after the failure',
      () => Promise.all([walletAt(LATE, 'box'), errorsAt(EARLY, null)]),
      'wallet',
    ],
    [
      'a wallet that was removed, and a card',
      () => Promise.all([walletAt(LATE, null), errorsAt(EARLY, 'pm_1')]),
      'card',
    ],
    ['a card', () => errorsAt(LATE, 'pm_1'), 'card'],
  ])('with %s has the ways to pay, and the errors, that the API shows', async (_, prepare, payer) => {
    await prepare();
    const deps = { clock: manualClock(0), newId: idMaker(systemClock) };
    const shown = await tenantStore(gateway.client, deps).find(alice);
    const told = await accountStore(robot.client).read(alice);
    expect(told).toMatchObject({ payer, walletError: shown?.nwcError, cardError: shown?.stripeError });
    expect(payer).toBe(shown?.nwcIsSet ? 'wallet' : shown?.stripePaymentMethodId ? 'card' : 'none');
  });

  it('is nobody’s who has none, or deleted it', async () => {
    const accounts = accountStore(robot.client);
    await expect(Promise.all([alice, bob].map(accounts.isTenant))).resolves.toEqual([true, false]);
    await database.query('UPDATE tenant SET deleted_at = $1', [LATE]);
    await expect(accounts.isTenant(alice)).resolves.toBe(false);
  });

  it('is read without the wallet’s box, which this role may not see', async () => {
    await walletAt(EARLY, 'box');
    await expect(robot.client.tenantWallet.findFirst()).rejects.toThrow(/denied/);
    await expect(accountStore(robot.client).read(alice)).resolves.toMatchObject({ payer: 'wallet' });
  });
});
