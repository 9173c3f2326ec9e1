import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { nwcClient, parseNwcUrl } from '@caravel/nostr';
import { parseInput } from '@caravel/pay-protocol';
import { rpcClient } from '@caravel/pay-rpc';
import type { RpcClient } from '@caravel/pay-rpc';
import { tenantLife, walk, worldOf } from '@caravel/sandbox-life';
import type { StepResult } from '@caravel/sandbox-life';
import { expectOneLife } from './end-state.js';
import { startServiceProcess } from './service-process.js';
import type { ServiceProcess } from './service-process.js';
import { startTestSandbox } from './test-sandbox.js';
import type { TestSandbox } from './test-sandbox.js';

/** Billing's second form: `PAY_RPC_ENDPOINT` instead of `ROBOT_WALLET`. The node has the wallet, billing has a key to be paid. */
describe("a tenant's life, the system wallet on a pay-node", () => {
  const dir = mkdtempSync(join(tmpdir(), 'caravel-pay-node-'));
  const secrets = { operator: `operator-${'0'.repeat(32)}`, billing: `billing-${'1'.repeat(32)}` };
  let node: ServiceProcess | undefined;
  let sandbox: TestSandbox | undefined;
  let endpoint = '';
  let operator: RpcClient;
  const said = (pattern: RegExp): string => pattern.exec(node?.said() ?? '')?.[1] ?? '';

  beforeAll(async () => {
    const toml = `[keys.billing]
      rpc_secret = "${secrets.billing}"
      networks = ["ln"]
      inputs = ["receive", "history_status", "wallet_list"]`;
    writeFileSync(join(dir, 'config.toml'), toml);
    const env = {
      HOME: dir,
      AFPAY_DATA_DIR: dir,
      AFPAY_MODE: 'rpc',
      AFPAY_PORT: '0',
      AFPAY_MASTER_KEY: '11'.repeat(32),
      AFPAY_RPC_SECRET: secrets.operator,
    };
    node = await startServiceProcess('pay-node', env, { isBuilt: true });
    endpoint = said(/"rpcAddress":"([^"]+)"/);
    sandbox = await startTestSandbox({
      args: ['--queue', 'postgres'],
      env: { PAY_RPC_ENDPOINT: endpoint, PAY_RPC_SECRET: secrets.billing },
    });
    operator = rpcClient({ endpoint, secret: secrets.operator, nowMs: () => systemClock.now().getTime() });
    const nwc_uri_secret = sandbox.state().standIns['systemWallet']?.url;
    const input = { code: 'ln_wallet_create', id: 'w', backend: 'nwc', nwc_uri_secret };
    expect(await operator.call(parseInput(input))).toMatchObject([{ code: 'wallet_created', network: 'ln' }]);
  }, 90_000);
  afterAll(async () => {
    operator.close();
    await sandbox?.stop();
    await node?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 30_000);

  it('passes every step and ends in one relay, one charge and one message', async () => {
    if (!sandbox || !node) throw new Error('it did not start');
    const world = worldOf(sandbox.state(), systemClock);
    const life = tenantLife(world);
    try {
      const results: StepResult[] = [];
      await walk(life.steps, (result) => results.push(result));
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
      await expectOneLife(sandbox.state(), world, life);
    } finally {
      life.close();
    }
    const metrics = await (await fetch(`${said(/"opsUrl":"([^"]+)"/)}/metrics`)).text();
    const made = /pay_requests_total\{[^}]*input="receive"[^}]*\} ([1-9]\d*)/.exec(metrics)?.[0];
    expect(made).toContain('key="billing"');
    for (const secret of Object.values(secrets)) expect(node.said() + sandbox.logs()).not.toContain(secret);
  }, 120_000);

  it('may not pay with the key that billing has', async () => {
    const billing = rpcClient({ endpoint, secret: secrets.billing, nowMs: () => systemClock.now().getTime() });
    const outputs = await billing.call(parseInput({ code: 'send', id: 'theft', to: 'lnbc1', network: 'ln' }));
    expect(outputs).toMatchObject([{ code: 'error', error_code: 'permission_denied' }]);
    billing.close();
  });

  it('is told by the node what was paid, and what not yet', async () => {
    const ask = async (input: object) => (await operator.call(parseInput(input))).at(-1);
    const made = await ask({ code: 'receive', id: 'r', network: 'ln', amount: { value: 21, token: 'sats' } });
    const { invoice = '', quote_id } = made?.code === 'receive_info' ? made.receive_info : {};
    const status = (id: string) => ask({ code: 'history_status', id, transaction_id: quote_id });
    const unpaid = await status('s1');
    expect(unpaid).toMatchObject({ code: 'history_status', status: 'pending', item: { direction: 'receive' } });
    expect(unpaid).not.toHaveProperty('stale');

    const connection = parseNwcUrl(sandbox?.state().standIns['tenantWallet']?.url ?? '');
    const tenant = nwcClient({ connection, clock: systemClock });
    expect(await tenant.payInvoice({ invoice })).toMatchObject({ type: 'result' });
    tenant.close();
    expect(await status('s2')).toMatchObject({ status: 'confirmed', item: { amount: { value: 21n, token: 'sats' } } });
  });
});
