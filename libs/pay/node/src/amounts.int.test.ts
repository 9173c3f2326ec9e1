import { systemClock } from '@caravel/domain';
import { LOCAL } from '@caravel/pay-core';
import { parseInput, parseJson } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import { RPC_SECRET, startTestNode } from './testing/start-test-node.js';
import { tillProvider } from './testing/till-provider.js';

const { rpcClient } = await import('@caravel/pay-rpc');

const VALUES = [
  ...[2n ** 53n, 2n ** 63n, 2n ** 64n].flatMap((around) => [around - 1n, around, around + 1n]),
  10n ** 30n,
];
const MAX_U64 = 2n ** 64n - 1n;

describe('an amount', () => {
  let node: Awaited<ReturnType<typeof startTestNode>>;
  let wallet = '';
  const mint = tillProvider('cashu');
  const open: { close: () => void }[] = [];
  beforeAll(async () => {
    node = await startTestNode({ locals: { cashu: () => Promise.resolve(mint.provider) } });
    wallet = await node.wallet('evm');
    const till = { network: 'cashu', mint_url: 'https://mint.example' };
    const { outputs } = await node.ask({ code: 'wallet_create', id: 'mint', ...till });
    expect(outputs).toMatchObject([{ code: 'wallet_created' }]);
  });
  afterAll(async () => {
    for (const client of open) client.close();
    await node.drop();
  });

  const client = (protocol: 'v1' | 'v2') => {
    const endpoint = node.doors.rpcAddress ?? '';
    const made = rpcClient({ endpoint, secret: RPC_SECRET, protocol, nowMs: () => systemClock.now().getTime() });
    open.push(made);
    return made;
  };
  const ways: Record<string, (input: object) => Promise<Output[]>> = {
    REST: async (input) => (await node.ask(input)).outputs,
    'REST as afpay 0.7': async (input) => (await node.ask(input, { 'x-afpay-protocol': '0.7' })).outputs,
    'RPC v1': (input) => client('v1').call(input as Input),
    'RPC v2': (input) => client('v2').call(input as Input),
  };
  let count = 0;

  it.each(
    Object.keys(ways).flatMap((way) =>
      VALUES.flatMap((value) => [
        { way, value, as: 'number' },
        { way, value, as: 'text' },
      ]),
    ),
  )('of $value as a $as goes through $way without loss, in and out', async ({ way, value, as }) => {
    const call = ways[way];
    if (!call) throw new Error('no such way');
    const id = `${way}-${value}-${as}-${(count += 1)}`;
    const given = as === 'number' ? value : String(value);
    const receive = { code: 'receive', id: `r-${id}`, wallet, amount: { value: given, token: 'wei' } };
    expect(await call(receive)).toMatchObject([{ code: 'receive_info', receive_info: { invoice: `lnbc${value}` } }]);

    const [sent] = await call({ code: 'send', id, wallet, to: `${value}|${id}` });
    expect(node.tills.evm.till.paid.get(`${value}|${id}`)).toBe(value);
    const isOriginal = way === 'REST as afpay 0.7' || way === 'RPC v1';
    if (isOriginal && value > MAX_U64) expect(sent).toMatchObject({ code: 'error', error_code: 'amount_overflow', id });
    else expect(sent).toMatchObject({ code: 'sent', amount: { value, token: 'wei' } });

    const token = { code: 'cashu_send', id: `t-${id}`, amount: { value: given, token: 'sats' } };
    expect(await call(token)).toMatchObject([
      isOriginal && value > MAX_U64 ? { code: 'error' } : { amount: { value } },
    ]);
    expect(mint.till.paid.get(`${value}|t-${id}`)).toBe(value);

    const stored = await node.node.db.query(
      'SELECT count(*) AS kept FROM pay_payments WHERE request_id = $1 AND ended = $2',
      [id, 'sent'],
    );
    expect(Number(stored[0]?.kept)).toBe(1);
    const { outputs } = await node.ask({ code: 'payment_status', id: `s-${id}`, request_id: id });
    expect(outputs).toMatchObject([{ state: 'sent', output: { amount: { value: told(value) } } }]);
  });

  it.each(['-1', '1.5', '1e400', '"0x10"', '""', 'true', '[]', '{}', String(10n ** 78n)])(
    'that is %s is refused',
    async (value) => {
      const text = `{"code":"receive","id":"x","wallet":"${wallet}","amount":{"value":${value},"token":"wei"}}`;
      const { status, outputs } = await node.ask(text);
      expect(status).toBe(400);
      expect(outputs).toMatchObject([{ code: 'error', error_code: 'invalid_request', id: 'x' }]);
    },
  );

  /** As a command on this machine asks, whose line is read as JSON. */
  const askHere = async (text: string): Promise<Output[]> => {
    const outputs: Output[] = [];
    const call = { caller: LOCAL, signal: new AbortController().signal };
    for await (const { output } of node.node.pay.handle(parseInput(parseJson(text)), call)) outputs.push(output);
    return outputs;
  };
  const written = VALUES.flatMap((value) => [
    { value, digits: String(value) },
    { value, digits: `"${value}"` },
  ]);

  it.each(written)('that is a limit of $digits is that limit, added or set', async ({ value, digits }) => {
    const limit = `{"network":"btc","window_s":60,"max_spend":${digits}}`;
    const id = `${(count += 1)}`;
    const [added] = await askHere(`{"code":"limit_add","id":"a-${id}","limit":${limit}}`);
    expect(added).toMatchObject({ code: 'limit_added' });
    const { outputs } = await node.ask({ code: 'limit_list', id: `l-${id}` });
    expect(outputs).toMatchObject([{ limits: [{ max_spend: value, remaining: value }] }]);
    const set = await askHere(`{"code":"limit_set","id":"s-${id}","limits":[${limit},${limit}]}`);
    expect(set).toMatchObject([{ limits: [{ max_spend: value }, { max_spend: value, remaining: value }] }]);
    expect(await askHere(`{"code":"limit_set","id":"n-${id}","limits":[]}`)).toMatchObject([{ limits: [] }]);
  });

  it('is one and the same request, as a number and as its digits', async () => {
    const to = { code: 'receive', id: 'same', wallet };
    const [first] = await (ways['RPC v2']?.({ ...to, amount: { value: 2n ** 63n, token: 'wei' } }) ?? []);
    const again = await node.ask({ ...to, amount: { value: String(2n ** 63n), token: 'wei' } });
    expect(again.status).toBe(200);
    expect(again.outputs[0]).toMatchObject({ code: first?.code });
    const other = await node.ask({ ...to, amount: { value: String(2n ** 63n + 1n), token: 'wei' } });
    expect([other.status, other.outputs]).toMatchObject([409, [{ error_code: 'idempotency_conflict' }]]);
  });
});

/** Inside of what is stored, as our own dialect writes it. */
const told = (value: bigint) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value));
