import { manualClock } from '@caravel/domain';
import { parseInput } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import { eventually, luckOf, startTcpProxy } from '@caravel/testing';
import type { TcpCut } from '@caravel/testing';
import { RPC_SECRET, startTestNode } from './testing/start-test-node.js';

const { rpcClient } = await import('@caravel/pay-rpc');

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const payments = Number(process.env['PAY_CASCADE_PAYMENTS'] ?? 12);
process.stdout.write(`cascade-storm: SEED=${seed} PAY_CASCADE_PAYMENTS=${payments}\n`);

const CUTS: readonly TcpCut[] = ['before the request', 'after the request', 'after the answer'];
const OWN_ROUNDS = 12;

describe('payments through two nodes while connections break', () => {
  const luck = luckOf(seed);
  const below = (end: number): number => Math.floor(luck() * end);
  const nodes: Awaited<ReturnType<typeof startTestNode>>[] = [];
  const endpoint = (index: number) => nodes[index]?.doors.rpcAddress ?? '127.0.0.1:1';

  it.each(['v2', 'v1'])(
    'over %s: both levels have counted what truly left, and every repeat says so',
    async (protocol) => {
      // Deadlines of calls are of the world's clock: this one begins with it and never gets a minute ahead.
      const clock = manualClock(Math.floor(Date.now() / 1000));
      const nowMs = () => clock.now().getTime();
      const wallets = await startTestNode({ toml: 'networks = ["ln"]\nlimits = ["network:ln:1h:1000000sats"]', clock });
      nodes[0] = wallets;
      const wallet = await wallets.wallet('ln', 'purse');
      const lower = await startTcpProxy(() => endpoint(0));
      const remote = `endpoint = "${lower.address}"\nendpoint_secret = "${RPC_SECRET}"\nprotocol = "${protocol}"`;
      const toml = `networks = ["ln"]\nlimits = ["network:ln:1h:1000000sats"]
      [afpay_rpc.wallets]\n${remote}\n[providers]\nln = "wallets"`;
      const coordinator = (nodes[1] = await startTestNode({ toml, clock }));
      const upper = await startTcpProxy(() => endpoint(1));
      const client = rpcClient({ endpoint: upper.address, secret: RPC_SECRET, nowMs });
      const ask = async (input: object): Promise<Output | undefined> =>
        (await client.call(parseInput(input), { timeoutMs: 60_000 })).at(-1);
      const pay = (index: number) =>
        ask({ code: 'send', id: `p${index}`, to: `${index + 1}|to ${index}`, network: 'ln', wallet });

      for (let index = 0; index < payments; index += 1) {
        const proxy = [upper, lower, undefined][below(3)];
        // Of the two calls below, the quote or the payment.
        proxy?.cutNext(CUTS[below(3)] ?? 'silence', proxy === lower ? below(2) : 0);
        await pay(index).catch(() => undefined);
      }
      for (const proxy of [upper, lower]) proxy.pass();
      for (let round = 0; round < OWN_ROUNDS; round += 1) {
        clock.advance(3);
        for (const node of [wallets, coordinator]) await node.node.pay.reconcile(new AbortController().signal);
      }

      const paid = wallets.tills.ln.till.paid;
      for (let index = 0; index < payments; index += 1) {
        const before = paid.get(`${index + 1}|to ${index}`);
        const again = await eventually(() => pay(index).catch(() => undefined));
        expect([index, again.code]).toEqual([
          index,
          before === undefined ? expect.stringMatching(/^(sent|error)$/) : 'sent',
        ]);
      }
      const total = [...paid.values()].reduce((sum, value) => sum + value, 0n);
      for (const node of [wallets, coordinator]) {
        const [rule] = await node.node.spend.status(nowMs());
        expect(rule?.spent).toBe(total);
      }
      client.close();
      for (const proxy of [upper, lower]) proxy.stop();
      await coordinator.drop();
      await wallets.drop();
    },
    60_000 + payments * 2000,
  );
});
