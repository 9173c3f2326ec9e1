import { walletBoxStore } from '@caravel/billing-data-access';
import { resealWallets } from '@caravel/billing-feature';
import type { Pubkey } from '@caravel/domain';
import { generateSecret, seal, secretSigner } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { openBilling, testLog } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

describe('rotation of the key that wallets are sealed to', () => {
  let test: TestBilling;
  let db: Database;
  const next = generateSecret();
  beforeAll(async () => {
    test = await openBilling();
    db = openDatabase(test.database.url('billing'), { max: 2 });
  });
  afterAll(async () => {
    await db.close();
    await test.close();
  });

  const boxes = () =>
    test.database.query<{ tenant_pubkey: Pubkey; sealed_url: string; seal_pubkey: string; updated_at: Date }>(
      `SELECT tenant_pubkey, sealed_url, seal_pubkey, updated_at FROM tenant_wallet ORDER BY tenant_pubkey`,
    );
  const rotate = async () => {
    const gauges: number[] = [];
    const store = walletBoxStore(db.client);
    const secrets = [next, test.sealKey];
    const run = resealWallets({ secrets, boxes: store, gauge: (_, value) => gauges.push(value), log: testLog });
    await run(new AbortController().signal);
    return gauges;
  };

  it('seals every wallet to the new key, which pays without the old one; what can be opened with no key is counted', async () => {
    const tenants = [await test.newTenant(), await test.newTenant(), await test.newTenant()];
    const [rich, swapped, gone] = tenants as [Pubkey, Pubkey, Pubkey];
    for (const tenant of tenants) await test.connectWallet(tenant);
    await test.database.query(`UPDATE tenant_wallet SET sealed_url = NULL WHERE tenant_pubkey = $1`, [gone]);
    const stolen = (await boxes()).find(({ tenant_pubkey }) => tenant_pubkey === rich)?.sealed_url;
    await test.database.query(`UPDATE tenant_wallet SET sealed_url = $1 WHERE tenant_pubkey = $2`, [stolen, swapped]);
    const before = await boxes();

    expect(await rotate()).toEqual([1]);
    const after = await boxes();
    const { pubkey } = secretSigner(next);
    expect(after.filter(({ seal_pubkey }) => seal_pubkey === pubkey).map((row) => row.tenant_pubkey)).toEqual([rich]);
    // It is no other wallet: nothing becomes due by it.
    expect(after.map(({ updated_at }) => updated_at)).toEqual(before.map(({ updated_at }) => updated_at));
    await test.createRelay(rich);
    await test.start(undefined, { secrets: [next] }).bell(rich);
    expect(await test.invoicesOf(rich)).toMatchObject([{ paid: true, method: 'nwc' }]);

    expect(await rotate()).toEqual([1]);
    expect(await boxes()).toEqual(after);
  });

  it('a wallet that the tenant sets meanwhile is not overwritten', async () => {
    const tenant = await test.newTenant();
    await test.connectWallet(tenant);
    const store = walletBoxStore(db.client);
    const [box] = await store.sealedTo([secretSigner(test.sealKey).pubkey], { after: null, limit: 100 });
    if (!box) throw new Error('no box');
    await test.connectWallet(box.tenantPubkey);
    const { pubkey: key } = secretSigner(next);
    const sealedUrl = seal({ recipient: key, use: 'nwc_url', subject: tenant, fields: { url: 'old' } });
    const before = await boxes();
    expect(await store.reseal(box, { sealedUrl, key })).toBe(false);
    expect(await boxes()).toEqual(before);
  });
});
