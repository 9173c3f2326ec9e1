import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { coreWorld, remoteCaller } from '../testing/core-world.js';
import type { CoreProcess, CoreWorld } from '../testing/core-world.js';
import { testNetwork } from '../testing/test-network.js';

const LN = { code: 'ln_wallet_create', backend: 'phoenixd', endpoint: 'http://127.0.0.1:9740', password_secret: 'x' };
const BTC = { code: 'wallet_create', network: 'btc' };

describe.each(STORES)('wallets on $name', ({ open }) => {
  let store: TestStore;
  let world: CoreWorld;
  let node: CoreProcess;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.drop());
  beforeEach(async () => {
    await store.db.query('DELETE FROM pay_wallets');
    await store.db.query('DELETE FROM pay_requests');
    const remote = [{ id: 'w_far00001', network: 'evm' as const, label: 'far', address: '0x1', created_at_epoch_s: 5 }];
    world = coreWorld(store, { ln: testNetwork('ln'), btc: testNetwork('btc'), evm: testNetwork('evm', { remote }) });
    node = await world.start();
  });
  afterEach(() => node.stop());

  const walletOf = async (input: object): Promise<string> => {
    const output = await node.last(input);
    return output.code === 'wallet_created' ? output.wallet : JSON.stringify(output);
  };

  it('are made once for a request, also when its answer was lost and the process was another', async () => {
    const first = await walletOf({ ...LN, id: 'a' });
    expect(first).toMatch(/^w_[0-9a-f]{8}$/);
    // As if the process had died after the row and before its answer.
    await store.db.query('DELETE FROM pay_requests');
    const other = await world.start();
    expect(await other.last({ ...LN, id: 'a' })).toMatchObject({ code: 'wallet_created', wallet: first, id: 'a' });
    await other.stop();
    expect(world.networks.ln?.calls.createWallet).toBe(1);
    expect(await walletOf({ ...LN, id: 'b' })).not.toBe(first);
  });

  it('are listed network by network, and a node that does not answer hides no other', async () => {
    const btc = await walletOf({ ...BTC, id: 'a', label: 'cold' });
    const ln = await walletOf({ ...LN, id: 'b' });
    const list = { code: 'wallet_list', id: 'l' };
    expect(await node.last(list)).toMatchObject({
      wallets: [{ id: ln }, { id: btc, label: 'cold' }, { id: 'w_far00001' }],
    });
    if (world.networks.evm) world.networks.evm.trouble = 'down';
    const partial = await node.last(list);
    expect(partial).toMatchObject({
      wallets: [{ id: ln }, { id: btc }],
      errors: [{ network: 'evm', error_code: 'network_error', error: 'evm does not answer' }],
    });
    expect(await node.last({ ...list, network: 'sol' })).toMatchObject({ error_code: 'not_implemented' });
  });

  it('say what they hold, each for itself, with totals by network and unit', async () => {
    await walletOf({ ...LN, id: 'a' });
    await walletOf({ ...LN, id: 'b' });
    await walletOf({ ...BTC, id: 'c' });
    const { ln, btc } = world.networks;
    if (!ln || !btc) throw new Error('a network is missing');
    ln.balance = 2n ** 64n + 1n;
    btc.trouble = 'crash';
    const answer = await node.last({ code: 'balance', id: 'x' });
    expect(answer).toMatchObject({
      wallets: [
        { balance: { confirmed: ln.balance } },
        {},
        { network: 'btc', error: 'something failed on this node' },
        {},
      ],
      summary: [
        { network: 'ln', wallet_count: 2, confirmed: 2n * ln.balance, unit: 'sats', errors: 0 },
        { network: 'btc', wallet_count: 1, confirmed: 0n, unit: 'unknown', errors: 1 },
        { network: 'evm', wallet_count: 1, unit: 'sats' },
      ],
    });
  });

  it('are not waited for longer than the caller has time', async () => {
    const silent = await walletOf({ ...BTC, id: 'b' });
    if (world.networks.btc) world.networks.btc.trouble = 'silent';
    const deadlineMs = world.clock.now().getTime() + 700;
    expect(await node.last({ code: 'balance', id: 'y', wallet: silent }, { deadlineMs })).toMatchObject({
      code: 'error',
      error_code: 'network_error',
      error: 'no answer in 200 ms',
      retryable: true,
    });
  });

  it('of one network are asked a few at a time, and a slow network takes no time from another', async () => {
    for (let n = 0; n < 40; n += 1) await walletOf({ ...LN, id: `ln ${n}` });
    const btc = await walletOf({ ...BTC, id: 'b' });
    if (world.networks.ln) world.networks.ln.trouble = 'silent';
    const deadlineMs = world.clock.now().getTime() + 2500;
    const answer = await node.last({ code: 'balance', id: 'x' }, { deadlineMs });
    expect(answer).toMatchObject({
      wallets: expect.arrayContaining([
        expect.objectContaining({ id: btc, balance: expect.objectContaining({ unit: 'sats' }) }),
      ]),
      summary: [{ network: 'ln', wallet_count: 40, errors: 40 }, { network: 'btc', errors: 0 }, { network: 'evm' }],
    });
    expect(world.networks.ln?.calls.balance).toBe(16);
  });

  it('are meant by id, then by label; several labels alike are ambiguous', async () => {
    const one = await walletOf({ ...LN, id: 'a', label: 'shop' });
    const balance = (wallet: string, more = {}) => node.last({ code: 'balance', id: 'x', wallet, ...more });
    expect(await balance('shop')).toMatchObject({ wallets: [{ id: one }] });
    expect(await balance(one, { network: 'btc' })).toMatchObject({ error_code: 'invalid_amount' });
    await walletOf({ ...LN, id: 'b', label: 'shop' });
    expect(await balance('shop')).toMatchObject({ error_code: 'invalid_amount' });
    expect(await balance('nobody')).toMatchObject({
      error_code: 'wallet_not_found',
      hint: expect.stringContaining('list'),
    });
    expect(await node.last({ ...LN, id: 'c', label: 'w_sneaky' })).toMatchObject({ error_code: 'invalid_request' });
  });

  it('of another node are known by its ids, and a label of it is looked up there', async () => {
    const balance = (wallet: string) => node.last({ code: 'balance', id: 'x', wallet, network: 'evm' });
    expect(await balance('far')).toMatchObject({ wallets: [{ id: 'w_far00001' }] });
    expect(await balance('w_unseen01')).toMatchObject({ wallets: [{ id: 'w_unseen01' }] });
    expect(await balance('other')).toMatchObject({ error_code: 'wallet_not_found' });
    expect(world.networks.evm?.calls.listWallets).toBe(2);
    expect(await node.last({ code: 'balance', id: 'x', wallet: 'far' })).toMatchObject({
      wallets: [{ id: 'w_far00001' }],
    });
  });

  it('are closed when they are empty, or by force on this machine, and forget their secrets', async () => {
    const wallet = await walletOf({ ...BTC, id: 'a' });
    if (world.networks.btc) world.networks.btc.balance = 1n;
    const close = { code: 'wallet_close', id: 'c', wallet };
    expect(await node.last(close)).toMatchObject({ error_code: 'invalid_amount' });
    const force = { ...close, id: 'd', dangerously_skip_balance_check_and_may_lose_money: true };
    expect(await node.last(force, { caller: remoteCaller() })).toMatchObject({ error_code: 'permission_denied' });
    expect(await node.last(force)).toMatchObject({ code: 'wallet_closed', wallet });
    await store.db.query('DELETE FROM pay_requests');
    expect(await node.last(force)).toMatchObject({ code: 'wallet_closed', wallet });
    expect(await store.db.query('SELECT settings, secrets FROM pay_wallets')).toEqual([
      { settings: null, secrets: null },
    ]);
    expect(await node.last({ ...close, id: 'e' })).toMatchObject({ error_code: 'wallet_not_found' });
  });

  it('that still owe a payment an answer stay', async () => {
    const wallet = await walletOf({ ...BTC, id: 'a' });
    await store.db.query(`INSERT INTO spend_buckets VALUES ($1, 5, 0, 0)`, [`wallet/${wallet}/sats`]);
    expect(await node.last({ code: 'wallet_close', id: 'c', wallet })).toMatchObject({ error_code: 'invalid_amount' });
  });

  it('change label and tokens, and show their words to this machine alone', async () => {
    const wallet = await walletOf({ ...BTC, id: 'a' });
    expect(await node.last({ code: 'wallet_config_set', id: 's', wallet })).toMatchObject({
      error_code: 'invalid_amount',
    });
    await node.last({ code: 'wallet_config_set', id: 't', wallet, label: 'cold' });
    expect(await node.last({ code: 'wallet_config_show', id: 'u', wallet: 'cold' })).toMatchObject({
      wallet,
      config: { id: wallet, label: 'cold', seed_secret: '***' },
    });
    const token = { code: 'wallet_config_token_add', id: 'v', wallet, symbol: 'usdc', address: '0x1', decimals: 6 };
    expect(await node.last(token)).toMatchObject({ error_code: 'invalid_amount' });
    const seed = { code: 'local_wallet_show_seed', id: 'w', wallet };
    expect(await node.last(seed)).toMatchObject({
      code: 'wallet_seed',
      mnemonic_secret: expect.stringContaining('canary'),
    });
    expect(await node.last(seed, { caller: remoteCaller() })).toMatchObject({ error_code: 'permission_denied' });
  });
});
