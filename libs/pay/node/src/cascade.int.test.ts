import { manualClock } from '@caravel/domain';
import { parseInput } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { RpcClient } from '@caravel/pay-rpc';
import { eventually, startTcpProxy } from '@caravel/testing';
import type { TcpProxy } from '@caravel/testing';
import { RPC_SECRET, startTestNode } from './testing/start-test-node.js';

type Node = Awaited<ReturnType<typeof startTestNode>>;

// Nodes load it when they first need it, so it is loaded so here.
const { rpcClient, RpcError } = await import('@caravel/pay-rpc');
const BOSS_SECRET = 'boss-0123456789abcdef0123456789abcdef';
const GWEI = 1_000_000_000n;
const rpcOf = (node: Node | undefined): string => node?.doors.rpcAddress ?? '127.0.0.1:1';
const below = (name: string, endpoint: string): string =>
  `[afpay_rpc.${name}]\nendpoint = "${endpoint}"\nendpoint_secret = "${RPC_SECRET}"\n`;

/** Three levels: a client, a coordinator without wallets, a node for Lightning and one for a chain; a proxy before each node. */
describe('a cascade of nodes', () => {
  let clock: ReturnType<typeof manualClock>;
  const nowMs = () => clock.now().getTime();
  let nodes: Partial<Record<'coordinator' | 'wallets' | 'chains', Node>>;
  let proxies: Record<'coordinator' | 'wallets' | 'chains', TcpProxy>;
  let client: RpcClient;
  const extra: (() => Promise<void> | void)[] = [];

  const startWallets = async (more = '') => {
    const boss = `[keys.boss]\nrole = "approver"\nrpc_secret = "${BOSS_SECRET}"\n`;
    const toml = `networks = ["ln"]\nlimits = ["network:ln:1h:1000sats"]\n${more}\n${boss}`;
    nodes.wallets = await startTestNode({ toml, clock });
    await nodes.wallets.wallet('ln', 'purse');
    return nodes.wallets;
  };
  const startChains = async () => {
    nodes.chains = await startTestNode({ toml: 'networks = ["evm"]\nlimits = ["network:evm:1h:500gwei"]', clock });
    await nodes.chains.wallet('evm', 'vault');
    return nodes.chains;
  };
  const startCoordinator = async () => {
    const chains = nodes.chains ? below('chains', proxies.chains.address) : '';
    const toml = `networks = ["ln", "evm"]
      limits = ["network:ln:1h:600sats", "network:evm:1h:5000gwei"]
      ${below('wallets', proxies.wallets.address)}
      ${chains}
      [providers]
      ln = "wallets"
      ${chains && 'evm = "chains"'}`;
    nodes.coordinator = await startTestNode({ toml, clock });
    return nodes.coordinator;
  };
  const clientOf = (endpoint: string, secret = RPC_SECRET): RpcClient => {
    const opened = rpcClient({ endpoint, secret, nowMs, connectTimeoutMs: 2000 });
    extra.push(() => {
      opened.close();
    });
    return opened;
  };

  beforeEach(async () => {
    // Deadlines of calls are of the world's clock, so this one begins with it.
    clock = manualClock(Math.floor(Date.now() / 1000));
    nodes = {};
    proxies = {
      coordinator: await startTcpProxy(() => rpcOf(nodes.coordinator)),
      wallets: await startTcpProxy(() => rpcOf(nodes.wallets)),
      chains: await startTcpProxy(() => rpcOf(nodes.chains)),
    };
    client = clientOf(proxies.coordinator.address);
  });
  afterEach(async () => {
    for (const close of extra.splice(0)) await close();
    for (const node of [nodes.coordinator, nodes.wallets, nodes.chains]) await node?.drop();
    for (const proxy of Object.values(proxies)) proxy.stop();
  });

  const ask = async (input: object, by = client): Promise<Output> => {
    const outputs = await by.call(parseInput(input), { timeoutMs: 60_000 });
    const last = outputs.at(-1);
    if (!last) throw new Error('no Output came');
    return last;
  };
  const pay = (id: string, to: string, network = 'ln') => ask({ code: 'send', id, to, network });
  /** What a node's one rule of a network has counted, held amounts included. */
  const spent = async (node: Node | undefined, network = 'ln'): Promise<bigint> => {
    const answer = await ask({ code: 'limit_list', id: 'l' }, clientOf(rpcOf(node)));
    const rule = answer.code === 'limit_status' ? answer.limits.find((each) => each.network === network) : undefined;
    return rule?.spent ?? -1n;
  };
  /** What broke is connected again soon, and not at once. */
  const sentAtLast = (id: string, to: string) =>
    eventually(async () => {
      const output = await pay(id, to);
      return output.code === 'sent' && output;
    });
  const reconcile = async (node: Node | undefined) => {
    await node?.node.pay.reconcile(new AbortController().signal);
  };
  const paid = (): bigint =>
    [...(nodes.wallets?.tills.ln.till.paid.values() ?? [])].reduce((sum, value) => sum + value, 0n);

  describe('with every node there', () => {
    beforeEach(async () => {
      await Promise.all([startWallets(), startChains()]);
      await startCoordinator();
    });

    it('counts a payment on every level, and is refused by whichever limit is full first', async () => {
      expect(await pay('a', '500|bob')).toMatchObject({ code: 'sent', id: 'a', amount: { value: 500n } });
      expect([await spent(nodes.coordinator), await spent(nodes.wallets)]).toEqual([500n, 500n]);
      const here = await pay('b', '200|bob2');
      expect(here).toMatchObject({ code: 'limit_exceeded', spent: 500n, max_spend: 600n });
      expect(here).not.toHaveProperty('origin');

      const there = await pay('c', `${600n * GWEI}|eve`, 'evm');
      expect(there).toMatchObject({ code: 'limit_exceeded', id: 'c', origin: proxies.chains.address });
      expect([await spent(nodes.coordinator, 'evm'), await spent(nodes.chains, 'evm')]).toEqual([0n, 0n]);
      expect(await pay('d', `${400n * GWEI}|eve`, 'evm')).toMatchObject({ code: 'sent' });
      expect(paid()).toBe(500n);
    });

    it('shows the limits of all nodes as one tree', async () => {
      await pay('a', '100|bob');
      expect(await ask({ code: 'limit_list', id: 'l' })).toMatchObject({
        code: 'limit_status',
        limits: expect.arrayContaining([expect.objectContaining({ network: 'ln', spent: 100n, max_spend: 600n })]),
        downstream: [
          { name: 'wallets', limits: [{ network: 'ln', spent: 100n, max_spend: 1000n }], downstream: [] },
          { name: 'chains', limits: [{ network: 'evm', spent: 0n, max_spend: 500n * GWEI }], downstream: [] },
        ],
      });
    });

    it('goes on without a node that is killed, but for its networks', async () => {
      await pay('a', '100|bob');
      await nodes.wallets?.stop();
      expect(await pay('b', '1|x')).toMatchObject({ code: 'error', retryable: true });
      expect(await pay('c', `${GWEI}|eve`, 'evm')).toMatchObject({ code: 'sent' });
      expect(await ask({ code: 'wallet_list', id: 'w' })).toMatchObject({
        wallets: [{ network: 'evm', label: 'vault' }],
        errors: [{ network: 'ln' }],
      });
      expect(await ask({ code: 'limit_list', id: 'l' })).toMatchObject({
        downstream: [
          { name: 'wallets', limits: [], error: expect.any(String) },
          { name: 'chains', limits: [{}] },
        ],
      });
      expect(await spent(nodes.coordinator)).toBe(100n);
    });

    it('holds what nobody knows on both levels, until the node below has its proof', async () => {
      const till = nodes.wallets?.tills.ln.till;
      if (!till) throw new Error('no till');
      till.isSilent = true;
      expect(await pay('a', '300|bob')).toMatchObject({ code: 'outcome_unknown', id: 'a' });
      expect([await spent(nodes.coordinator), await spent(nodes.wallets)]).toEqual([300n, 300n]);
      clock.advance(6);
      await reconcile(nodes.coordinator);
      expect(await pay('a', '300|bob')).toMatchObject({ code: 'outcome_unknown' });
      till.isSilent = false;
      clock.advance(20);
      await reconcile(nodes.wallets);
      await reconcile(nodes.coordinator);
      expect(await pay('a', '300|bob')).toMatchObject({ code: 'sent', replayed: true });
      expect([await spent(nodes.coordinator), await spent(nodes.wallets), paid()]).toEqual([300n, 300n, 300n]);
    });
  });

  describe.each(['before the request', 'after the request', 'after the answer'] as const)('cut %s', (cut) => {
    beforeEach(async () => {
      await startWallets();
      await startCoordinator();
      await pay('warm', '1|up');
    });

    it('between client and coordinator: the same id again has the answer, and it is paid once', async () => {
      proxies.coordinator.cutNext(cut);
      const first = await pay('a', '300|bob').catch((error: unknown) => error);
      if (first instanceof Error) expect(first).toBeInstanceOf(RpcError);
      expect(await sentAtLast('a', '300|bob')).toMatchObject({ id: 'a' });
      expect([await spent(nodes.coordinator), await spent(nodes.wallets), paid()]).toEqual([301n, 301n, 301n]);
    });

    it('between coordinator and node: what became of it is known soon, on both levels', async () => {
      const wallet = (await ask({ code: 'wallet_list', id: 'w', network: 'ln' })) as Output & {
        wallets: { id: string }[];
      };
      const input = { code: 'send', id: 'a', to: '300|bob', network: 'ln', wallet: wallet.wallets[0]?.id };
      // The quote passes.
      proxies.wallets.cutNext(cut, 1);
      const first = await ask(input);
      expect(['outcome_unknown', 'sent']).toContain(first.code);
      expect(proxies.wallets.hasCut()).toBe(true);
      expect(await spent(nodes.coordinator)).toBe(301n);
      for (let round = 0; round < 6; round += 1) {
        clock.advance(6);
        await reconcile(nodes.coordinator);
      }
      const left = cut === 'before the request' ? 1n : 301n;
      expect([await spent(nodes.coordinator), await spent(nodes.wallets), paid()]).toEqual([left, left, left]);
      const code = cut === 'before the request' ? 'error' : 'sent';
      expect(await ask(input)).toMatchObject({ code });
      expect([await spent(nodes.coordinator), paid()]).toEqual([left, left]);
    });
  });

  it('does not mind in which order the nodes start', async () => {
    await startCoordinator();
    expect(await pay('a', '10|bob')).toMatchObject({ code: 'error', retryable: true });
    expect(await spent(nodes.coordinator)).toBe(0n);
    await startWallets();
    expect(await sentAtLast('a', '10|bob')).toMatchObject({ id: 'a' });
    expect([await spent(nodes.coordinator), await spent(nodes.wallets)]).toEqual([10n, 10n]);
  });

  it('passes on that the node below wants an approval, keeps no hold, and pays when it has one', async () => {
    await startWallets('approve_above = ["network:ln:50sats"]');
    await startCoordinator();
    const waits = await pay('a', '60|bob');
    expect(waits).toMatchObject({ code: 'approval_required', id: 'a' });
    expect([await spent(nodes.coordinator), paid()]).toEqual([0n, 0n]);
    const request_id = waits.code === 'approval_required' ? waits.request_id : '';
    const boss = clientOf(rpcOf(nodes.wallets), BOSS_SECRET);
    expect(await ask({ code: 'approve', id: 'yes', request_id }, boss)).toMatchObject({
      code: 'approval',
      state: 'approved',
    });
    expect(await pay('a', '60|bob')).toMatchObject({ code: 'sent' });
    expect([await spent(nodes.coordinator), await spent(nodes.wallets), paid()]).toEqual([60n, 60n, 60n]);
  });

  it('of two nodes that are each below the other is shown once, and no further', async () => {
    const pair: Node[] = [];
    const doors = [await startTcpProxy(() => rpcOf(pair[0])), await startTcpProxy(() => rpcOf(pair[1]))];
    for (const [index, other] of [1, 0].entries()) {
      const toml = `limits = ["network:ln:1h:${index + 1}sats"]\n${below('other', doors[other]?.address ?? '')}`;
      pair.push(await startTestNode({ toml, clock }));
    }
    extra.push(async () => {
      for (const node of pair) await node.drop();
      for (const door of doors) door.stop();
    });
    expect(await ask({ code: 'limit_list', id: 'l' }, clientOf(rpcOf(pair[0])))).toMatchObject({
      limits: [{ max_spend: 1n }],
      downstream: [
        {
          name: 'other',
          endpoint: doors[1]?.address,
          limits: [{ max_spend: 2n }],
          downstream: [{ name: 'other', endpoint: doors[0]?.address, error: 'cycle', limits: [], downstream: [] }],
        },
      ],
    });
  });
});
