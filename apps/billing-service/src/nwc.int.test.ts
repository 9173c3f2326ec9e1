import { checkLedger } from '@caravel/billing-data-access';
import { nwcSystemWallet, tenantWallets } from '@caravel/billing-feature';
import { idMaker, manualClock, systemClock, unixSeconds } from '@caravel/domain';
import { generateSecret, nwcClient, parseNwcUrl, seal, secretSigner } from '@caravel/nostr';
import { openDatabase, tenantStore } from '@caravel/platform-data-access';
import { lightningWorld, startRelay, startWallet } from '@caravel/stand-ins';
import type { WalletStandIn } from '@caravel/stand-ins';
import { createTestDatabase, eventually } from '@caravel/testing';
import { cardWorld } from './testing/card-world.js';
import { addPaidRelay } from './testing/paid-relay.js';
import { history, operate, storesOf, testLog } from './testing/service.js';

/** Real NIP-47 over a real relay; only the clock of billing is ours. */
async function openNwc() {
  const database = await createTestDatabase();
  const db = openDatabase(database.url('billing'));
  const gatewayDb = openDatabase(database.url('gateway'), { max: 2 });
  const clock = manualClock(unixSeconds(systemClock.now()));
  const newId = idMaker(clock);
  const relay = await startRelay();
  const world = lightningWorld({ clock: systemClock });
  const system = await startWallet({ relayUrl: relay.url, world, name: 'system' });
  const payee = nwcClient({ connection: parseNwcUrl(system.url) });
  const sealKey = generateSecret();
  const books = { clock, newId, replay: history };
  const service = operate({
    ...storesOf(db.client, books),
    systemWallet: nwcSystemWallet(payee),
    wallets: tenantWallets({ secrets: [sealKey], allowPrivateHosts: true, log: testLog }),
    rates: { centsPerBtc: () => Promise.resolve(10_000_000n) },
    customers: { createCustomer: () => Promise.resolve('cus_1') },
    stripe: cardWorld({ clock }).stripe,
    bells: { ring: () => Promise.resolve() },
    clock,
    log: testLog,
  });
  const tenants = tenantStore(gatewayDb.client, { clock, newId });
  const wallets: WalletStandIn[] = [];
  const { pubkey: recipient } = secretSigner(sealKey);

  return {
    clock,
    world,
    service,
    /** A tenant with a paid relay and a wallet of its own. */
    newTenant: async (relayUrl = relay.url) => {
      const { pubkey } = secretSigner(generateSecret());
      const wallet = await startWallet({ relayUrl, world, name: pubkey, balanceMsats: 100_000_000n });
      wallets.push(wallet);
      await tenants.ensure({ pubkey });
      const sealedUrl = seal({ recipient, use: 'nwc_url', subject: pubkey, fields: { url: wallet.url } });
      await tenants.update(pubkey, pubkey, { wallet: { sealedUrl, sealPubkey: recipient } });
      await addPaidRelay(gatewayDb.client, { clock, newId, tenantPubkey: pubkey });
      return { pubkey, wallet };
    },
    endOf: async (pubkey: string) => {
      const [row] = await database.query(
        `SELECT invoice.method, attempt.state FROM invoice JOIN collection_attempt attempt ON attempt.invoice_id = invoice.id
         WHERE invoice.tenant_pubkey = $1`,
        [pubkey],
      );
      return row;
    },
    triesOf: async (pubkey: string) => {
      const [row] = await database.query(
        `SELECT tries, (SELECT count(*)::int FROM message WHERE message.tenant_pubkey = $1) AS messages
         FROM invoice WHERE tenant_pubkey = $1`,
        [pubkey],
      );
      return row;
    },
    problems: () => checkLedger(db.client),
    close: async () => {
      payee.close();
      await Promise.all([...wallets, system].map((wallet) => wallet.stop()));
      await relay.stop();
      await Promise.all([db.close(), gatewayDb.close()]);
      await database.drop();
    },
  };
}

describe('collection over NIP-47', () => {
  let nwc: Awaited<ReturnType<typeof openNwc>>;
  beforeAll(async () => {
    nwc = await openNwc();
  });
  afterAll(() => nwc.close());
  afterEach(async () => {
    expect(await nwc.problems()).toEqual([]);
  });

  const charges = (payer: string) => nwc.world.invoices().filter((invoice) => invoice.payer === payer);

  it('is paid from the wallet of the tenant', async () => {
    const { pubkey } = await nwc.newTenant();
    await nwc.service.bell(pubkey);
    expect(await nwc.endOf(pubkey)).toEqual({ method: 'nwc', state: 'succeeded' });
    expect(charges(pubkey)).toMatchObject([{ amountMsats: 5_000_000n, payee: 'system' }]);
  });

  it('is charged once when the wallet pays and its answer is lost', async () => {
    const { pubkey, wallet } = await nwc.newTenant();
    wallet.faults.set([{ match: 'pay_invoice', mode: 'drop-answer' }]);
    const stopping = new AbortController();
    const handled = nwc.service.bell(pubkey, stopping.signal);
    await eventually(() => charges(pubkey).length > 0);
    stopping.abort();
    await handled;
    expect(await nwc.endOf(pubkey)).toEqual({ method: null, state: 'unknown' });

    nwc.clock.advance(5);
    await nwc.service.sweep();
    expect(await nwc.endOf(pubkey)).toEqual({ method: 'nwc', state: 'succeeded' });
    expect(charges(pubkey)).toHaveLength(1);
  });

  it('counts no try and tells nobody when we stop before the request has left, and tries again at once', async () => {
    const far = await startRelay();
    const { pubkey } = await nwc.newTenant(far.url);
    far.faults.set([{ match: 'CONNECT', mode: 'hang' }]);
    const stopping = new AbortController();
    const handled = nwc.service.bell(pubkey, stopping.signal);
    await eventually(async () => (await nwc.endOf(pubkey))?.['state'] === 'dispatched');
    stopping.abort();
    await handled;
    expect(await nwc.endOf(pubkey)).toEqual({ method: null, state: 'failed' });
    expect(await nwc.triesOf(pubkey)).toEqual({ tries: 0, messages: 0 });

    far.faults.set([]);
    await nwc.service.bell(pubkey);
    expect(charges(pubkey)).toHaveLength(1);
    await far.stop();
  });

  it('is charged once when the wallet pays and says PAYMENT_FAILED', async () => {
    const { pubkey, wallet } = await nwc.newTenant();
    wallet.faults.set([{ match: 'pay_invoice', mode: 'fail', code: 'PAYMENT_FAILED', done: true }]);
    await nwc.service.bell(pubkey);
    expect(await nwc.endOf(pubkey)).toEqual({ method: null, state: 'unknown' });
    nwc.clock.advance(5);
    await nwc.service.sweep();
    expect(await nwc.endOf(pubkey)).toEqual({ method: 'nwc', state: 'succeeded' });
    expect(charges(pubkey)).toHaveLength(1);
  });

  it('has failed when the wallet holds too little', async () => {
    const { pubkey } = await nwc.newTenant();
    nwc.world.setBalance(pubkey, 0n);
    await nwc.service.bell(pubkey);
    expect(await nwc.endOf(pubkey)).toEqual({ method: null, state: 'failed' });
    expect(charges(pubkey)).toEqual([]);
  });
});
