import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Output } from '@caravel/pay-protocol';
import { createTestDatabase, eventually } from '@caravel/testing';
import { gateTo } from '../testing/gate-to.js';
import { REST_KEY, startTestNode } from '../testing/start-test-node.js';

type TestNode = Awaited<ReturnType<typeof startTestNode>>;
const started: TestNode[] = [];
const start: typeof startTestNode = async (options) => {
  const node = await startTestNode(options);
  started.push(node);
  return node;
};
afterEach(async () => {
  for (const node of started.splice(0).reverse()) await node.drop();
});

const codeOf = (outputs: readonly Output[]): string => {
  const last = outputs.at(-1);
  return last?.code === 'error' ? last.error_code : (last?.code ?? 'nothing');
};
const send = (id: string, to: string, more: object = {}) => ({ code: 'send', id, to, network: 'ln', ...more });

describe('a node', () => {
  it('keeps its name and its wallets over restarts, and leaves nothing open', async () => {
    const first = await startTestNode();
    const wallet = await first.wallet('ln', 'purse');
    const nodeId = first.node.nodeId;
    await first.stop();
    expect(first.tills.ln.till.isOpen).toBe(false);
    const second = await start({ dataDir: first.dataDir });
    expect(second.node.nodeId).toEqual(nodeId);
    expect((await second.ask({ code: 'wallet_list', id: 'a' })).outputs).toMatchObject([
      { code: 'wallet_list', wallets: [{ id: wallet, label: 'purse', network: 'ln' }] },
    ]);
  });

  it('has the limits of config.toml in force, those of keys too, and no others after they were taken out', async () => {
    const toml = `
      limits = ["network:ln:1h:1000sats"]
      [keys.agent]
      api_key_secret = "agent-0123456789abcdef0123456789abcdef"
      limits = ["network:ln:1h:100sats"]
    `;
    const node = await startTestNode({ toml });
    await node.wallet('ln');
    const asAgent = { authorization: 'Bearer agent-0123456789abcdef0123456789abcdef' };
    expect((await node.ask(send('a', '100|x'), asAgent)).status).toBe(200);
    const refused = await node.ask(send('b', '1|y'), asAgent);
    expect([refused.status, codeOf(refused.outputs)]).toEqual([402, 'limit_exceeded']);
    expect((await node.ask(send('c', '900|z'))).status).toBe(200);
    expect((await node.ask(send('d', '1|zz'))).status).toBe(402);
    const { outputs } = await node.ask({ code: 'limit_list', id: 'l' });
    const [status] = outputs;
    expect(status?.code === 'limit_status' && status.limits.map(({ text, spent }) => [text, spent])).toEqual(
      expect.arrayContaining([['network:ln:1h:1000sats', 1000n]]),
    );
    await node.stop();
    const later = await start({ dataDir: node.dataDir, toml: '' });
    expect((await later.ask(send('e', '5000|y'))).status).toBe(200);
  });

  it('limits a wallet that did not exist yet from its first payment on, by its label', async () => {
    const node = await start({ toml: 'limits = ["wallet:purse:1h:50sats"]' });
    const wallet = await node.wallet('ln', 'purse');
    expect((await node.ask(send('a', '51|x', { wallet }))).status).toBe(402);
    expect((await node.ask(send('b', '50|x', { wallet }))).status).toBe(200);
    const { outputs } = await node.ask({ code: 'limit_list', id: 'l' });
    expect(outputs).toMatchObject([{ limits: [{ wallet, network: 'ln', spent: 50n }] }]);
  });

  it('asks for an approval above what config.toml says', async () => {
    const node = await start({ toml: 'approve_above = ["network:ln:1000sats"]' });
    await node.wallet('ln');
    const over = await node.ask(send('a', '1001|x'));
    expect([over.status, codeOf(over.outputs)]).toEqual([202, 'approval_required']);
    expect((await node.ask(send('b', '1000|x'))).status).toBe(200);
  });

  it.each([
    ['limits = ["network:ln:1h:5usd"]\napprove_above = ["nonsense"]', 'approve_above[0]'],
    ['limits = ["network:ln:1h:5lamports"]', 'limits[0]'],
    ['[keys.agent]\nlimits = ["all:1h:5sats"]', 'keys.agent.limits[0]'],
  ])('with %j does not start, and says which', async (toml, where) => {
    await expect(start({ toml })).rejects.toThrow(where);
  });

  it('says which networks it serves, and what to do about the others', async () => {
    const { ask } = await start({ env: { AFPAY_NETWORKS: 'ln,btc' } });
    const created = await ask({ code: 'wallet_create', id: 'a', network: 'btc' });
    expect(created.outputs).toMatchObject([
      { error_code: 'not_implemented', hint: expect.stringContaining('[providers]') },
    ]);
    const other = await ask({ code: 'wallet_create', id: 'b', network: 'evm' });
    expect(other.outputs).toMatchObject([
      { error_code: 'not_implemented', hint: expect.stringContaining('AFPAY_NETWORKS') },
    ]);
  });
});

describe('a node whose store is gone', () => {
  it('is not ready and pays nothing, and counts nothing elsewhere', async () => {
    const node = await start();
    await node.wallet('ln');
    const restUrl = node.doors.restUrl ?? '';
    expect((await fetch(`${restUrl}/readyz`)).status).toBe(200);
    renameSync(join(node.dataDir, 'afpay.db'), join(node.dataDir, 'elsewhere.db'));
    const ready = await fetch(`${restUrl}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false });
    const refused = await node.ask(send('a', '1|x'));
    expect([refused.status, codeOf(refused.outputs)]).toEqual([503, 'store_unavailable']);
    expect(node.tills.ln.till.paid.size).toBe(0);
    expect((await fetch(`${restUrl}/healthz`)).status).toBe(200);
    renameSync(join(node.dataDir, 'elsewhere.db'), join(node.dataDir, 'afpay.db'));
    expect((await node.ask(send('b', '1|x'))).status).toBe(200);
  });
});

describe('the permissions of a key', () => {
  const AGENT = 'agent-0123456789abcdef0123456789abcdef';
  const VIEWER = 'viewer-0123456789abcdef0123456789abcdef';
  const BOSS = 'boss-0123456789abcdef0123456789abcdef';
  const as = (key: string) => ({ authorization: `Bearer ${key}` });

  it('are its networks, its wallets, its Inputs and its role', async () => {
    const first = await startTestNode();
    const [purse, safe] = [await first.wallet('ln', 'purse'), await first.wallet('ln', 'safe')];
    await first.stop();
    const toml = `
      approve_above = ["network:ln:10sats"]
      [keys.agent]
      api_key_secret = "${AGENT}"
      networks = ["ln"]
      wallets = ["${purse}"]
      inputs = ["send", "balance"]
      [keys.viewer]
      api_key_secret = "${VIEWER}"
      role = "viewer"
      [keys.boss]
      api_key_secret = "${BOSS}"
      role = "approver"
    `;
    const { ask } = await start({ dataDir: first.dataDir, toml });
    const statusAs = async (key: string, input: object) => (await ask({ id: 'x', ...input }, as(key))).status;
    expect(await statusAs(AGENT, send('a', '1|x', { wallet: purse }))).toBe(200);
    expect(await statusAs(AGENT, send('b', '1|y', { wallet: safe }))).toBe(403);
    expect(await statusAs(AGENT, { code: 'balance', network: 'evm' })).toBe(403);
    expect(await statusAs(AGENT, { code: 'history' })).toBe(403);
    expect(await statusAs(VIEWER, { code: 'history' })).toBe(200);
    expect(await statusAs(VIEWER, send('c', '1|z', { wallet: purse }))).toBe(403);
    expect(await statusAs(AGENT, send('d', '11|x', { wallet: purse }))).toBe(202);
    const approve = { code: 'approve', id: 'ap', request_id: 'd' };
    expect(await statusAs(REST_KEY, approve)).toBe(403);
    expect(await statusAs(VIEWER, approve)).toBe(403);
    expect(await statusAs(BOSS, approve)).toBe(200);
    expect(await statusAs(AGENT, send('d', '11|x', { wallet: purse }))).toBe(200);
  });
});

describe('many spenders at once', () => {
  it('never pass a limit together, through either door', async () => {
    const node = await start({ toml: 'limits = ["network:ln:1h:1000sats"]' });
    await node.wallet('ln');
    const sends = Array.from({ length: 64 }, (_, spender) => node.ask(send(`s${spender}`, `37|${spender}`)));
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(27);
    expect(statuses.filter((status) => status === 402)).toHaveLength(37);
    expect([...node.tills.ln.till.paid.values()].reduce((sum, sats) => sum + sats, 0n)).toBe(999n);
  });
});

describe('a node on PostgreSQL', () => {
  it('pays nothing while the server is away, and goes on when it is back', async () => {
    const database = await createTestDatabase();
    const url = new URL(database.url());
    const gate = await gateTo(url.hostname, Number(url.port));
    Object.assign(url, { hostname: '127.0.0.1', port: String(gate.port) });
    const toml = `storage_backend = "postgres"\npostgres_url_secret = "${url.href}"\nlimits = ["network:ln:1h:1000sats"]`;
    const node = await start({ toml });
    await node.wallet('ln');
    expect((await node.ask(send('a', '400|x'))).status).toBe(200);
    gate.shut(true);
    const refused = await node.ask(send('b', '400|y'));
    expect([refused.status, codeOf(refused.outputs)]).toEqual([503, 'store_unavailable']);
    expect((await fetch(`${node.doors.restUrl ?? ''}/readyz`)).status).toBe(503);
    expect(node.tills.ln.till.paid.size).toBe(1);
    gate.shut(false);
    await eventually(async () => (await node.ask(send('b', '400|y'))).status === 200);
    expect((await node.ask(send('c', '400|z'))).status).toBe(402);
    await node.stop();
    gate.stop();
    await database.drop();
  });
});
