import type { DownstreamNode, Input, Output } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import type { Downstream } from '../pay-call.js';
import { coreWorld, remoteCaller } from '../testing/core-world.js';
import type { CoreProcess, CoreWorld } from '../testing/core-world.js';
import { testNetwork } from '../testing/test-network.js';

const nodeIdOf = (n: number): string => String(n).padStart(32, '0');
const limit = (more: object = {}) => ({ network: 'ln', window_s: 3600, max_spend: 10_000, ...more });
const list = { code: 'limit_list', id: 'l' };

describe.each(STORES)('limits by command on $name', ({ open }) => {
  let store: TestStore;
  let world: CoreWorld;
  let node: CoreProcess;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.drop());
  beforeEach(async () => {
    for (const table of ['spend_rules', 'spend_buckets', 'pay_requests', 'pay_wallets']) {
      await store.db.query(`DELETE FROM ${table}`);
    }
    world = coreWorld(store, { ln: testNetwork('ln'), btc: testNetwork('btc') });
    node = await world.start();
  });
  afterEach(() => node.stop());

  const started: CoreProcess[] = [];
  afterEach(async () => {
    for (const each of started.splice(0)) await each.stop();
  });
  const start = async (n: number, downstream: Downstream[]): Promise<CoreProcess> => {
    const policy = { enforce: 'always', approveAbove: [], nodeId: nodeIdOf(n) } as const;
    const each = await world.start({ policy, downstream });
    started.push(each);
    return each;
  };
  const below = (name: string, ask: (input: Input) => Promise<Output[]>): Downstream => ({
    name,
    endpoint: `127.0.0.1:${name}`,
    ask: (input) => ask(input),
  });
  const treeOf = (output: Output): DownstreamNode[] =>
    output.code === 'limit_status' ? (output.downstream ?? []) : [{ name: JSON.stringify(output), endpoint: '' }];

  it('are added once for a request, to a wallet by its label, and removed', async () => {
    const made = await node.last({ code: 'wallet_create', id: 'w', network: 'btc', label: 'till' });
    const wallet = made.code === 'wallet_created' ? made.wallet : '';
    const add = { code: 'limit_add', id: 'a', limit: limit({ scope: 'wallet', network: undefined, wallet: 'till' }) };
    const added = await node.last(add);
    await store.db.query('DELETE FROM pay_requests');
    expect(await node.last(add)).toEqual(added);
    expect(await node.last(list)).toMatchObject({
      limits: [{ scope: 'wallet', wallet, network: 'btc', spent: 0n, remaining: 10_000n }],
      downstream: [],
    });
    const rule_id = added.code === 'limit_added' ? added.rule_id : '';
    expect(await node.last({ code: 'limit_remove', id: 'r', rule_id })).toMatchObject({
      code: 'limit_removed',
      rule_id,
    });
    expect(await node.last({ code: 'limit_remove', id: 's', rule_id })).toMatchObject({ error_code: 'invalid_limit' });
    expect(await node.last({ ...add, id: 'b', limit: limit({ scope: 'wallet', wallet: 'nobody' }) })).toMatchObject({
      error_code: 'wallet_not_found',
    });
  });

  it('are replaced all at once, but for those of config.toml', async () => {
    await store.db.query(
      `INSERT INTO spend_rules VALUES ('r_config', 'network/btc/sats', 60000, 5,
        '{"scope":"network","network":"btc","window_s":60,"max_spend":5}', 'config', 0)`,
    );
    await node.last({ code: 'limit_add', id: 'a', limit: limit() });
    const set = { code: 'limit_set', id: 's', limits: [limit({ max_spend: 1 }), limit({ max_spend: 2 })] };
    const answer = await node.last(set);
    const amounts = answer.code === 'limit_status' ? answer.limits.map(({ max_spend }) => max_spend).sort() : answer;
    expect(amounts).toEqual([1n, 2n, 5n]);
    // One that is wrong changes none.
    expect(await node.last({ ...set, id: 't', limits: [limit(), limit({ scope: 'all' })] })).toMatchObject({
      error_code: 'invalid_limit',
    });
    expect(await node.last(list)).toMatchObject({ limits: [{}, {}, {}] });
    expect(await node.last({ code: 'limit_remove', id: 'r', rule_id: 'r_config' })).toMatchObject({
      error_code: 'invalid_limit',
      error: expect.stringContaining('config.toml'),
    });
  });

  it('of other keys, networks and wallets are not shown to a key', async () => {
    await node.last({ code: 'limit_add', id: 'a', limit: limit() });
    await node.last({ code: 'limit_add', id: 'b', limit: limit({ network: 'btc' }) });
    await store.db.query(
      `INSERT INTO spend_rules VALUES ('r_key', 'key/other/network/ln/sats', 60000, 5,
        '{"scope":"network","network":"ln","window_s":60,"max_spend":5}', 'key', 0)`,
    );
    const shown = await node.last(list, { caller: remoteCaller({ networks: ['ln'] }) });
    expect(shown).toMatchObject({ limits: [{ network: 'ln', max_spend: 10_000n }] });
    expect(shown.code === 'limit_status' && shown.limits).toHaveLength(1);
    await node.last({ code: 'wallet_create', id: 'w', network: 'btc', label: 'till' });
    await node.last({ code: 'limit_add', id: 'c', limit: limit({ scope: 'wallet', network: 'btc', wallet: 'till' }) });
    const ofWallets = async (wallets: string[]) => {
      const seen = await node.last(list, { caller: remoteCaller({ networks: ['btc'], wallets }) });
      return seen.code === 'limit_status' ? seen.limits.map(({ scope }) => scope).sort() : seen;
    };
    expect(await ofWallets(['till'])).toEqual(['network', 'wallet']);
    expect(await ofWallets(['other'])).toEqual(['network']);
  });

  it('are asked of every node below at once; a dead one and a silent one are named and hide no other', async () => {
    const leaf = await start(2, []);
    await node.last({ code: 'limit_add', id: 'a', limit: limit() });
    const top = await start(1, [
      below('leaf', (input) => leaf.ask(input)),
      below('again', (input) => leaf.ask(input)),
      { ...below('leaf', () => Promise.resolve([])), name: 'same endpoint' },
      below('dead', () => Promise.reject(new TypeError('connection reset, password=hidden'))),
      below('silent', () => new Promise(() => undefined)),
      below('odd', () => Promise.resolve([])),
    ]);
    const deadlineMs = world.clock.now().getTime() + 2500;
    const answer = await top.last(list, { deadlineMs });
    expect(treeOf(answer)).toMatchObject([
      { name: 'leaf', limits: [{ network: 'ln' }], downstream: [] },
      { name: 'again', limits: [{ network: 'ln' }], downstream: [] },
      { name: 'dead', error: 'something failed on this node', limits: [], downstream: [] },
      { name: 'silent', error: 'no answer in 2000 ms', limits: [], downstream: [] },
      { name: 'odd', error: 'the node answered something else', limits: [], downstream: [] },
    ]);
  });

  it('of nodes in a circle end where a node finds itself', async () => {
    const nodes: CoreProcess[] = [];
    const to = (n: number) =>
      below(String(n), (input) => nodes[n]?.ask(input) ?? Promise.reject(new Error('not there')));
    nodes.push(await start(0, [to(1)]), await start(1, [to(2), to(0)]), await start(2, [to(1)]));
    const answer = await nodes[0]?.last(list);
    expect(answer && treeOf(answer)).toMatchObject([
      {
        name: '1',
        downstream: [
          { name: '2', limits: [], downstream: [{ name: '1', error: 'cycle', limits: [], downstream: [] }] },
          { name: '0', error: 'cycle' },
        ],
      },
    ]);
  });

  it('are asked five nodes deep and no deeper', async () => {
    const nodes: CoreProcess[] = [];
    const to = (n: number) =>
      below(String(n), (input) => nodes[n]?.ask(input) ?? Promise.reject(new Error('not there')));
    for (let n = 0; n < 8; n += 1) nodes.push(await start(n, n < 7 ? [to(n + 1)] : []));
    const names: string[] = [];
    const top = await nodes[0]?.last(list);
    for (let level = top && treeOf(top); level?.[0]; level = level[0].downstream) {
      names.push(`${level[0].name} ${level[0].error ?? ''}`.trim());
    }
    expect(names).toEqual(['1', '2', '3', '4', '5', '6 too deep']);
  });

  it('give each hop half a second less than the one above has', async () => {
    const told: number[] = [];
    const nowMs = world.clock.now().getTime();
    const top = await start(1, [
      {
        name: 'below',
        endpoint: 'below',
        ask: (_input, { deadlineMs }) => {
          told.push(deadlineMs - nowMs);
          return Promise.resolve([]);
        },
      },
    ]);
    await top.last(list);
    await top.last(list, { deadlineMs: nowMs + 3000 });
    expect(told).toEqual([9500, 2500]);
  });
});
