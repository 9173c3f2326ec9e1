import { effectOf, encodeOutputs, INPUTS, isLocalOnly, parseInput } from '@caravel/pay-protocol';
import type { Input, InputCode } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { LOCAL } from './pay-call.js';
import type { Caller } from './pay-call.js';
import { coreWorld, remoteCaller } from './testing/core-world.js';
import type { CoreProcess, CoreWorld } from './testing/core-world.js';
import { exampleInputs } from './testing/example-inputs.js';
import { CANARY, CANARY_WORDS, testNetwork } from './testing/test-network.js';

const CODES = Object.keys(INPUTS) as InputCode[];

describe.each(STORES)('one call for everything, on $name', ({ open }) => {
  let store: TestStore;
  let world: CoreWorld;
  let node: CoreProcess;
  let inputs: Readonly<Record<InputCode, Input>>;
  beforeAll(async () => {
    store = await open();
    world = coreWorld(store, { ln: testNetwork('ln'), btc: testNetwork('btc'), cashu: testNetwork('cashu') });
    node = await world.start({
      settings: { show: () => ({ log: ['pay'], rpc_secret: CANARY }), setLog: () => undefined },
    });
    const made = await node.last({ code: 'ln_wallet_create', id: 'ln', backend: 'phoenixd', password_secret: CANARY });
    await node.last({ code: 'wallet_create', id: 'mint', network: 'cashu', mint_url: 'https://mint.example' });
    inputs = exampleInputs(made.code === 'wallet_created' ? made.wallet : '');
  });
  afterAll(async () => {
    await node.stop();
    await store.drop();
  });

  it.each(CODES)('%s is answered by its own handler, under its id, with one last Output', async (code) => {
    const input = inputs[code];
    const outputs = await node.ask(input);
    expect(outputs.length).toBeGreaterThan(0);
    for (const output of outputs) {
      if ('id' in input && output.code !== 'config') expect(output).toMatchObject({ id: input.id });
      expect(output).not.toMatchObject({ error_code: 'internal_error' });
    }
  });

  it.each([
    ['payer', remoteCaller({ role: 'payer' })],
    ['viewer', remoteCaller({ role: 'viewer' })],
    ['approver', remoteCaller({ role: 'approver' })],
    ['the command line', LOCAL],
  ] as const)('%s may do what its role says and nothing else', async (_name, caller: Caller) => {
    for (const code of CODES) {
      const input = inputs[code];
      const isAllowed =
        caller.isLocal ||
        (!isLocalOnly(input) &&
          (caller.role !== 'viewer' || effectOf(input) === 'read') &&
          (caller.role === 'approver' || (code !== 'approve' && code !== 'deny')));
      const fresh = 'id' in input ? { ...input, id: `${caller.role}-${code}` } : input;
      const denied = { code: 'error', error_code: 'permission_denied' };
      const [output] = await node.ask(fresh, { caller });
      // What belongs to another key may still be refused further in, but only for what is asked about.
      if (!isAllowed) expect(output).toMatchObject(denied);
      else expect([code, output]).not.toMatchObject([code, denied]);
    }
  });

  it('a key with a list of Inputs, networks or wallets has no others', async () => {
    const ask = (input: object, caller: Partial<Caller>) => node.last(input, { caller: remoteCaller(caller) });
    const denied = { error_code: 'permission_denied' };
    expect(await ask({ code: 'balance', id: 'a' }, { inputs: ['wallet_list'] })).toMatchObject(denied);
    expect(await ask({ code: 'balance', id: 'a', network: 'ln' }, { networks: ['btc'] })).toMatchObject(denied);
    expect(await ask({ code: 'wallet_list', id: 'a' }, { networks: ['btc'] })).toMatchObject({ wallets: [] });
    expect(await ask({ code: 'wallet_list', id: 'a' }, { wallets: ['nobody'] })).toMatchObject({ wallets: [] });
    expect(await ask({ code: 'receive', id: 'b', network: 'ln' }, { wallets: ['nobody'] })).toMatchObject({
      error_code: 'wallet_not_found',
    });
    expect(await ask(inputs.receive_claim, { wallets: ['nobody'] })).toMatchObject(denied);
    expect(await ask(inputs.ln_wallet_create, { wallets: ['nobody'] })).toMatchObject(denied);
    expect(await ask({ code: 'history', id: 'c' }, { wallets: ['nobody'] })).toMatchObject({ items: [] });
  });

  it('no answer and no log line holds a planted secret', async () => {
    const told: string[] = [];
    for (const trouble of [undefined, 'crash', 'down'] as const) {
      for (const network of Object.values(world.networks)) network.trouble = trouble;
      for (const code of CODES) {
        const input = 'id' in inputs[code] ? { ...inputs[code], id: `${trouble ?? 'well'}-${code}` } : inputs[code];
        const outputs = await node.ask(input);
        // The one that is there to show it is hidden by its encoding, and shown by the command line itself.
        told.push(code === 'local_wallet_show_seed' ? encodeOutputs(outputs) : text(outputs));
      }
    }
    for (const network of Object.values(world.networks)) network.trouble = undefined;
    const rows = await Promise.all(TABLES.map((table) => store.db.query(`SELECT * FROM ${table}`)));
    const leaks = [...told, ...world.logged, ...rows.flat().map(text)].flatMap((line) =>
      [CANARY, CANARY_WORDS].flatMap((secret) => (line.includes(secret) ? [line.slice(0, 300)] : [])),
    );
    expect(leaks).toEqual([]);
  });

  it('a mistake of ours is told as one, with its cause in the log alone', async () => {
    if (world.networks.ln) world.networks.ln.trouble = 'crash';
    expect(await node.last({ ...inputs.receive, id: 'oops' })).toEqual({
      code: 'error',
      id: 'oops',
      error_code: 'internal_error',
      error: 'something failed on this node',
      retryable: false,
      trace: { duration_ms: 0 },
    });
    if (world.networks.ln) world.networks.ln.trouble = undefined;
    expect(world.logged.at(-2)).toContain('a mistake, with password=***');
    expect(world.logged.at(-1)).toContain('"errorCode":"internal_error"');
  });

  it('a text that the store could not keep is refused before anything is done', async () => {
    for (const more of [{ wallet: 'a\0b' }, { id: 'a\0b' }, { onchain_memo: '\0' }]) {
      expect(await node.last({ ...inputs.receive, id: 'nul', ...more })).toMatchObject({
        error_code: 'invalid_request',
      });
    }
  });

  it('version counts what runs', async () => {
    const version = await node.last({ code: 'version' });
    expect(version).toMatchObject({ protocol_version: 1, trace: { uptime_s: 0, in_flight: 1 } });
    expect(await node.last({ code: 'config', data_dir: '/elsewhere' })).toMatchObject({
      error_code: 'invalid_request',
    });
  });

  it('forgets after 400 days what nobody will ask for', async () => {
    const count = async (table: string) => Number((await store.db.query(`SELECT count(*) AS n FROM ${table}`))[0]?.n);
    expect(await count('pay_receives')).toBeGreaterThan(0);
    const signal = new AbortController().signal;
    world.clock.advance(399 * 86_400);
    await node.pay.reconcile(signal);
    expect(await count('pay_requests')).toBeGreaterThan(0);
    world.clock.advance(2 * 86_400);
    await node.pay.reconcile(signal);
    expect([await count('pay_requests'), await count('pay_receives')]).toEqual([0, 0]);
    expect(await count('pay_wallets')).toBeGreaterThan(0);
  });

  it('explains an Input without asking a provider or writing anything', async () => {
    await node.last({ code: 'limit_add', id: 'x1', limit: { network: 'ln', window_s: 3600, max_spend: 5000 } });
    await node.last({ code: 'limit_add', id: 'x2', limit: { network: 'btc', window_s: 3600, max_spend: 5000 } });
    const count = async () => text(await store.db.query('SELECT count(*) AS n FROM pay_requests'));
    const before = await count();
    const calls = text(world.networks.ln?.calls);
    const signal = new AbortController().signal;
    const { wallet } = inputs.receive_claim as { wallet: string };
    const send = parseInput({ code: 'send', id: 'dry', to: 'lnbc1', wallet });
    expect(await node.pay.explain(send, { caller: LOCAL, signal })).toMatchObject({
      code: 'dry_run',
      id: 'dry',
      command: 'send',
      params: { to: 'lnbc1' },
      wallet: { id: wallet, network: 'ln' },
      limits: expect.arrayContaining([expect.objectContaining({ network: 'ln', remaining: 5000n })]),
    });
    expect(await count()).toBe(before);
    expect(text(world.networks.ln?.calls)).toBe(calls);
    const denied = await node.pay.explain(send, { caller: remoteCaller({ role: 'viewer' }), signal });
    expect(denied).toMatchObject({ error_code: 'permission_denied' });
  });
});

const TABLES = ['pay_wallets', 'pay_transactions', 'pay_receives', 'pay_requests', 'pay_payments', 'spend_rules'];

const text = (value: unknown): string =>
  JSON.stringify(value ?? null, (_name, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner);
    // As a Buffer tells itself before it gets here, or as SQLite gives it.
    const bytes = inner instanceof Uint8Array ? inner : (inner as { data?: number[] } | null)?.data;
    return bytes ? Buffer.from(bytes).toString('latin1') : inner;
  });
