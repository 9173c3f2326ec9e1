import { LOCAL } from '@caravel/pay-core';
import { parseInput } from '@caravel/pay-protocol';
import { eventually } from '@caravel/testing';
import { gateTo } from '../testing/gate-to.js';
import { REST_KEY, RPC_SECRET, startTestNode } from '../testing/start-test-node.js';

type TestNode = Awaited<ReturnType<typeof startTestNode>>;
const opened: (() => Promise<void> | void)[] = [];
const start: typeof startTestNode = async (options) => {
  const node = await startTestNode(options);
  opened.push(node.drop);
  return node;
};
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

let nth = 0;
/** What becomes of a payment: the code of its answer, or that of its error. */
async function pay({ ask }: TestNode, wallet: string, amount: string): Promise<string> {
  // Only this wallet is on another network.
  const network = wallet === 'vault' ? 'evm' : 'ln';
  nth += 1;
  const { outputs } = await ask({ code: 'send', id: `p${nth}`, to: `${amount}|${nth}`, wallet, network });
  const last = outputs.at(-1);
  return last?.code === 'error' ? last.error_code : (last?.code ?? 'nothing');
}
async function relabel({ node }: TestNode, wallet: string, label: string): Promise<void> {
  nth += 1;
  const input = parseInput({ code: 'wallet_config_set', id: `s${nth}`, wallet, label });
  const call = { caller: LOCAL, signal: new AbortController().signal };
  for await (const { output } of node.pay.handle(input, call)) expect(output.code).toBe('wallet_config_updated');
}
async function limitedWallets({ ask }: TestNode, key = REST_KEY): Promise<(string | undefined)[]> {
  const as = { authorization: `Bearer ${key}` };
  const [output] = (await ask({ code: 'limit_list', id: 'l' }, as)).outputs;
  return output?.code === 'limit_status' ? output.limits.map(({ wallet }) => wallet).sort() : [output?.code];
}

/** A node with a wallet `till` for Lightning, and the text that makes another one pay through it. */
async function nodeBelow() {
  const below = await start({ toml: 'networks = ["ln"]' });
  const till = await below.wallet('ln', 'till');
  const [host = '', port] = (below.doors.rpcAddress ?? '').split(':');
  const gate = await gateTo(host, Number(port));
  opened.push(gate.stop);
  const toml = `networks = ["ln", "evm"]
    [afpay_rpc.below]
    endpoint = "127.0.0.1:${gate.port}"
    endpoint_secret = "${RPC_SECRET}"
    [providers]
    ln = "below"`;
  return { below, till, gate, toml };
}

describe('an approval above an amount of a wallet', () => {
  it('is asked for of the wallets that have the label when they pay, and of the one that has the id', async () => {
    const node = await start({ toml: 'approve_above = ["wallet:till:100sats"]' });
    const [till, safe] = [await node.wallet('ln', 'till'), await node.wallet('ln', 'safe')];
    expect(await pay(node, till, '101')).toBe('approval_required');
    expect(await pay(node, 'till', '101')).toBe('approval_required');
    expect(await pay(node, till, '100')).toBe('sent');
    expect(await pay(node, safe, '101')).toBe('sent');
    await relabel(node, safe, 'till');
    await relabel(node, till, 'purse');
    expect(await pay(node, safe, '101')).toBe('approval_required');
    expect(await pay(node, till, '101')).toBe('sent');
    await node.stop();
    const later = await start({ dataDir: node.dataDir, toml: `approve_above = ["wallet:${till}:100sats"]` });
    expect(await pay(later, till, '101')).toBe('approval_required');
    expect(await pay(later, safe, '101')).toBe('sent');
  });

  it('is asked for where only the node below knows the label', async () => {
    const { till, toml } = await nodeBelow();
    const node = await start({ toml: `approve_above = ["wallet:till:100sats"]\n${toml}` });
    expect(await pay(node, till, '101')).toBe('approval_required');
    expect(await pay(node, 'till', '101')).toBe('approval_required');
    expect(await pay(node, till, '100')).toBe('sent');
  });
});

describe('a limit on a label', () => {
  it.each(['1usd', '100sats'])('of %s counts each wallet that has it by itself', async (amount) => {
    const key = 'agent-0123456789abcdef0123456789abcdef';
    const text = `wallet:till:1h:${amount}`;
    const toml = `limits = ["${text}"]\n[keys.agent]\napi_key_secret = "${key}"\nlimits = ["${text}"]`;
    const node = await start({ toml });
    const evm = await node.wallet('evm', 'till');
    const ln = await node.wallet('ln', 'till');
    const other = await node.wallet('ln', 'other');
    await relabel(node, other, 'till');
    const limited = amount === '1usd' ? [evm, ln, other] : [ln, other];
    expect(await limitedWallets(node)).toEqual(limited.sort());
    // Those of the node, and its own.
    expect(await limitedWallets(node, key)).toEqual([...limited, ...limited].sort());
    if (amount === '1usd') return;
    expect(await pay(node, ln, '101')).toBe('limit_exceeded');
    expect(await pay(node, other, '100')).toBe('sent');
    expect(await pay(node, other, '1')).toBe('limit_exceeded');
    expect(await pay(node, ln, '100')).toBe('sent');
  });

  it('stays while the node that knows it is away, and nothing is paid there before it is placed', async () => {
    const { below, till, gate, toml } = await nodeBelow();
    const limited = { toml: `limits = ["wallet:till:1h:100sats"]\n${toml}` };
    const first = await startTestNode(limited);
    expect(await limitedWallets(first)).toEqual([till]);
    gate.shut(true);
    await first.wallet('evm', 'vault');
    expect(await limitedWallets(first)).toContain(till);
    await first.stop();

    const second = await start({ ...limited, dataDir: first.dataDir });
    expect(await limitedWallets(second)).toContain(till);
    expect(await pay(second, till, '1')).toBe('unavailable');
    expect(await pay(second, 'vault', '101')).toBe('sent');
    gate.shut(false);
    await eventually(async () => (await pay(second, till, '100')) === 'sent');
    expect(await limitedWallets(second)).toEqual([till]);
    expect(await pay(second, till, '1')).toBe('limit_exceeded');
    expect([...below.tills.ln.till.paid.values()]).toEqual([100n]);
  });
});
