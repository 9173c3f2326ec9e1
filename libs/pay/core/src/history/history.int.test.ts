import type { Output } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { sealer } from '@caravel/pay-store';
import { coreWorld, remoteCaller } from '../testing/core-world.js';
import type { CoreProcess, CoreWorld } from '../testing/core-world.js';
import { receiptRecord, testNetwork } from '../testing/test-network.js';
import type { TestNetwork } from '../testing/test-network.js';
import { historyRows } from './history-rows.js';

const sats = (value: bigint) => ({ value, token: 'sats' });
const update = { code: 'history_update', id: 'u' };

describe.each(STORES)('history on $name', ({ open }) => {
  let store: TestStore;
  let world: CoreWorld;
  let node: CoreProcess;
  let ln: TestNetwork;
  let btc: TestNetwork;
  let wallet: string;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.drop());
  beforeEach(async () => {
    for (const table of ['pay_wallets', 'pay_requests', 'pay_transactions'])
      await store.db.query(`DELETE FROM ${table}`);
    ln = testNetwork('ln');
    btc = testNetwork('btc');
    world = coreWorld(store, { ln, btc });
    node = await world.start();
    const made = await node.last({ code: 'ln_wallet_create', id: 'ln', backend: 'phoenixd' });
    wallet = made.code === 'wallet_created' ? made.wallet : '';
    await node.last({ code: 'wallet_create', id: 'btc', network: 'btc' });
  });
  afterEach(() => node.stop());

  const nowMs = () => world.clock.now().getTime();
  const idsOf = (output: Output) =>
    output.code === 'history' ? output.items.map((item) => item.transaction_id) : output;
  const ask = async (more: object) => idsOf(await node.last({ code: 'history', id: 'h', ...more }));
  const paid = (transactionId: string, agoS: number, more: object = {}) =>
    receiptRecord({ transactionId, amount: sats(5n), createdAtMs: nowMs() - agoS * 1000, ...more });

  it('is read from all networks; one that fails hides no other and is named', async () => {
    ln.records.push(paid('a', 1), paid('b', 2));
    btc.trouble = 'down';
    expect(await node.last(update)).toMatchObject({
      wallets_synced: 1,
      records_scanned: 2,
      records_added: 2,
      records_updated: 0,
      errors: [{ error: 'btc does not answer' }],
    });
    btc.trouble = undefined;
    btc.records.push(paid('c', 3));
    ln.records[0] = paid('a', 1, { fee: sats(1n) });
    expect(await node.last({ ...update, id: 'v' })).toMatchObject({
      records_scanned: 3,
      records_added: 1,
      records_updated: 1,
    });
    expect(await node.last({ ...update, id: 'x' })).toMatchObject({
      records_scanned: 3,
      records_added: 0,
      records_updated: 0,
    });
    expect(await ask({})).toEqual(['a', 'b', 'c']);
  });

  it('is filtered by wallet, network, memo and time, newest first, page by page', async () => {
    ln.records.push(paid('a', 10, { memo: 'tea' }), paid('b', 20), paid('c', 30, { memo: 'tea' }));
    btc.records.push(paid('d', 15));
    await node.last(update);
    expect(await ask({})).toEqual(['a', 'd', 'b', 'c']);
    expect(await ask({ limit: 2, offset: 1 })).toEqual(['d', 'b']);
    expect(await ask({ network: 'btc' })).toEqual(['d']);
    expect(await ask({ wallet })).toEqual(['a', 'b', 'c']);
    expect(await ask({ onchain_memo: ' tea ' })).toEqual(['a', 'c']);
    const nowS = Math.floor(nowMs() / 1000);
    expect(await ask({ since_epoch_s: nowS - 20, until_epoch_s: nowS - 10 })).toEqual(['d', 'b']);
    const caller = remoteCaller({ wallets: [wallet] });
    expect(idsOf(await node.last({ code: 'history', id: 'h' }, { caller }))).toEqual(['a', 'b', 'c']);
  });

  it('of another node is what that node tells, with the notes that were made here', async () => {
    const far = { id: 'w_far00001', network: 'evm' as const, address: '0x1', created_at_epoch_s: 5 };
    const evm = testNetwork('evm', { remote: [far] });
    evm.records.push(paid('a', 1), paid('b', 2), paid('c', 3));
    world.networks.evm = evm;
    const top = await world.start();
    const asked = async (more: object) => idsOf(await top.last({ code: 'history', id: 'h', ...more }));
    expect(await asked({})).toEqual(['a', 'b', 'c']);
    const own = { ...paid('b', 2), localMemo: { note: 'lunch' } };
    const rows = historyRows(store.db, sealer(new Uint8Array(32).fill(7)));
    await store.db.transaction((tx) => rows.record(tx, far, own));
    const named = { wallet: far.id, network: 'evm' };
    expect(await top.last({ code: 'history', id: 'h', ...named })).toMatchObject({
      items: [{ transaction_id: 'a' }, { transaction_id: 'b', local_memo: { note: 'lunch' } }, { transaction_id: 'c' }],
    });
    expect(await asked({ ...named, limit: 1, offset: 2 })).toEqual(['c']);
    // Once something is known here, that is the history; `history_update` reads the rest into it.
    expect(await asked({})).toEqual(['b']);
    evm.trouble = 'down';
    expect(await asked(named)).toEqual(['b']);
    await store.db.query('DELETE FROM pay_transactions');
    expect(await asked(named)).toMatchObject({ error_code: 'network_error' });
    expect(await asked({})).toMatchObject({ error_code: 'network_error' });
    await top.stop();
  });

  it('of a wallet that was closed stays', async () => {
    ln.records.push(paid('a', 1));
    await node.last(update);
    await node.last({ code: 'wallet_close', id: 'c', wallet });
    expect(await ask({ wallet })).toEqual(['a']);
  });

  it('asks the network while a status is not final, and never unsays one that is', async () => {
    ln.records.push(paid('a', 1, { status: 'pending', confirmedAtMs: undefined }));
    await node.last(update);
    const status = () => node.last({ code: 'history_status', id: 's', transaction_id: 'a' });
    expect(await status()).toMatchObject({ status: 'pending', item: { transaction_id: 'a' } });
    ln.records[0] = paid('a', 1, { preimage: 'ab'.repeat(32) });
    expect(await status()).toMatchObject({ status: 'confirmed', preimage: 'ab'.repeat(32) });
    ln.records[0] = paid('a', 1, { status: 'pending' });
    await node.last({ ...update, id: 'v' });
    const asked = ln.calls.transactions;
    expect(await status()).toMatchObject({ status: 'confirmed' });
    expect(ln.calls.transactions).toBe(asked);
    const [row] = await store.db.query('SELECT preimage FROM pay_transactions');
    expect(Buffer.from(row?.preimage as Uint8Array).toString('latin1')).not.toContain('abab');
  });

  it('says what it last knew when the network does not answer', async () => {
    ln.records.push(paid('a', 1, { status: 'pending' }));
    await node.last(update);
    ln.trouble = 'down';
    expect(await node.last({ code: 'history_status', id: 's', transaction_id: 'a' })).toMatchObject({
      status: 'pending',
      stale: true,
    });
  });

  it('looks for an unknown transaction in every wallet, and keeps what it finds', async () => {
    btc.records.push(paid('far', 5));
    const status = (transaction_id: string) => node.last({ code: 'history_status', id: 's', transaction_id });
    expect(await status('far')).toMatchObject({ status: 'confirmed', item: { network: 'btc' } });
    expect(await ask({})).toEqual(['far']);
    expect(await status('nowhere')).toMatchObject({ error_code: 'wallet_not_found' });
    ln.trouble = 'down';
    expect(await status('nowhere')).toMatchObject({ error_code: 'network_error', retryable: true });
  });

  it('has one record of a transaction, whatever a hundred writers say at once', async () => {
    const rows = historyRows(store.db, sealer(new Uint8Array(32).fill(7)));
    const place = { id: wallet, network: 'ln' as const };
    const amount = sats(2n ** 64n + 1n);
    await Promise.all(
      Array.from({ length: 100 }, (_each, n) =>
        store.db.transaction((tx) =>
          rows.record(
            tx,
            place,
            paid('a', 1, { amount, ...(n % 3 === 0 ? { status: 'pending' } : { fee: sats(BigInt(n)) }) }),
          ),
        ),
      ),
    );
    const found = await rows.find({}, { limit: 9, offset: 0 });
    expect(found).toMatchObject([{ transactionId: 'a', status: 'confirmed', amount }]);
  });
});
