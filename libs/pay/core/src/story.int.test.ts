import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInput } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import type { CoreDeps } from './pay-call.js';
import { LOCAL } from './pay-call.js';
import { coreWorld, remoteCaller } from './testing/core-world.js';
import type { CoreProcess, CoreWorld } from './testing/core-world.js';
import { ledger, ledgerProvider, payTo } from './testing/ledger-provider.js';
import type { Ledger, LedgerPayment } from './testing/ledger-provider.js';
import { receiptRecord, testNetwork } from './testing/test-network.js';

/** A satoshi is a tenth of a cent. */
const rates: NonNullable<CoreDeps['rates']> = { usdMicros: (_coin, sats) => Promise.resolve(sats * 1000n) };
const DOLLARS = { scope: 'all', window_s: 86_400, max_spend: 200 };

describe.each(STORES)('wallets, limits and payments behind one call, on $name', ({ open }) => {
  let store: TestStore;
  let world: CoreWorld;
  let node: CoreProcess;
  let books: Ledger;
  let folder: string;
  beforeAll(async () => {
    store = await open();
    folder = mkdtempSync(join(tmpdir(), 'pay-story-'));
    books = ledger(join(folder, 'ledger'));
    const ln = testNetwork('ln');
    const { quote, dispatch, resolve } = ledgerProvider(books);
    world = coreWorld(store, { ln: { ...ln, provider: { ...ln.provider, quote, dispatch, resolve } } });
    node = await world.start();
    await node.last({ code: 'ln_wallet_create', id: 'w', backend: 'phoenixd', label: 'till' });
  });
  afterAll(async () => {
    await node.stop();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const send = (id: string, payment: Omit<LedgerPayment, 'key'>, more: object = {}) => ({
    ...{ code: 'send', id, wallet: 'till', to: payTo({ key: id, ...payment }), ...more },
  });
  const limits = async () => {
    const listed = await node.last({ code: 'limit_list', id: 'l' });
    return listed.code === 'limit_status'
      ? Object.fromEntries(listed.limits.map(({ scope, spent }) => [scope, spent]))
      : listed;
  };

  it('a payment is in the history, once, with what is kept beside it', async () => {
    const paid = send('one', { amount: 100n, fee: 3n }, { local_memo: 'lunch' });
    expect(await node.last(paid)).toMatchObject({ code: 'sent', id: 'one', fee: { value: 3n } });
    expect(await node.last(paid)).toMatchObject({ code: 'sent', replayed: true });
    expect(books.paid()).toHaveLength(1);
    const sent = receiptRecord({
      transactionId: 'tx one',
      direction: 'send',
      amount: { value: 100n, token: 'sats' },
      createdAtMs: 5,
    });
    world.networks.ln?.records.push(sent);
    expect(await node.last({ code: 'history_update', id: 'u' })).toMatchObject({
      records_scanned: 1,
      records_added: 0,
    });
    expect(await node.last({ code: 'history', id: 'h' })).toMatchObject({
      items: [{ transaction_id: 'tx one', direction: 'send', local_memo: { note: 'lunch' }, fee: { value: 3n } }],
    });
  });

  it('a limit sees what was spent before it; one in dollars is not added without a price', async () => {
    expect(await node.last({ code: 'limit_add', id: 'a', limit: DOLLARS })).toMatchObject({
      error_code: 'price_unavailable',
      retryable: true,
    });
    await node.last({ code: 'limit_add', id: 'b', limit: { network: 'ln', window_s: 86_400, max_spend: 1000 } });
    expect(await limits()).toEqual({ network: 103n });
    await node.stop();
    node = await world.start({ rates });
    expect(await node.last({ code: 'limit_add', id: 'a', limit: DOLLARS })).toMatchObject({ code: 'limit_added' });
    expect(await limits()).toEqual({ network: 103n, global_usd_cents: 11n });
  });

  it('what a limit refuses is not sent, and what remains is explained', async () => {
    expect(await node.last(send('two', { amount: 900n }))).toMatchObject({ code: 'limit_exceeded', spent: 103n });
    expect(books.paid()).toHaveLength(1);
    const call = { caller: LOCAL, signal: new AbortController().signal };
    const told: Output = await node.pay.explain(parseInput(send('dry', { amount: 1n })), call);
    expect(told).toMatchObject({
      code: 'dry_run',
      limits: expect.arrayContaining([expect.objectContaining({ scope: 'network', remaining: 897n })]),
    });
    const { signal } = call;
    const viewer = { caller: remoteCaller({ role: 'viewer' }), signal };
    expect(await node.last(send('three', { amount: 1n }), viewer)).toMatchObject({ error_code: 'permission_denied' });
    const payer = { caller: remoteCaller({ wallets: ['other'] }), signal };
    expect(await node.last(send('four', { amount: 1n }), payer)).toMatchObject({ error_code: 'permission_denied' });
    expect(books.paid()).toHaveLength(1);
  });

  it('a wallet that owes an answer is kept until there is one', async () => {
    expect(await node.last(send('five', { amount: 5n, then: 'pending' }))).toMatchObject({ code: 'outcome_unknown' });
    expect(await limits()).toEqual({ network: 108n, global_usd_cents: 11n });
    const close = { code: 'wallet_close', wallet: 'till' };
    expect(await node.last({ ...close, id: 'c' })).toMatchObject({ error_code: 'invalid_amount' });
    books.decide('five', 'paid', 5n);
    world.clock.advance(3600);
    expect(await node.pay.reconcile(new AbortController().signal)).toMatchObject({ open: 0 });
    expect(await node.last({ code: 'payment_status', id: 's', request_id: 'five' })).toMatchObject({ state: 'sent' });
    expect(await node.last({ ...close, id: 'd' })).toMatchObject({ code: 'wallet_closed' });
  });
});
