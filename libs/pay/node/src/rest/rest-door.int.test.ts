import { request } from 'node:http';
import { eventually } from '@caravel/testing';
import { errorOutput, INPUTS, PAY_ERRORS, PayError } from '@caravel/pay-protocol';
import type { Input, Output, PayErrorCode } from '@caravel/pay-protocol';
import { API_KEY, startFakeRest } from '../testing/fake-doors.js';
import { replies } from '../testing/fake-pay.js';

const idOf = (input: Input) => ('id' in input ? input.id : undefined);
const sent = (input: Input): Output => ({
  code: 'sent',
  id: idOf(input),
  wallet: 'w_1',
  transaction_id: 'ab',
  amount: { value: 10n ** 30n, token: 'wei' },
});
const SEND = { code: 'send', id: 'a', to: 'lnbc1' };

const open: { stop: (graceMs: number) => Promise<void> }[] = [];
const begin: typeof startFakeRest = async (handle, options) => {
  const rest = await startFakeRest(handle, options);
  open.push(rest.door);
  return rest;
};
const start = (outputsOf: (input: Input) => readonly Output[], options?: Parameters<typeof startFakeRest>[1]) =>
  begin(replies(outputsOf), options);
afterEach(async () => {
  await Promise.all(open.splice(0).map((door) => door.stop(100)));
});

describe('POST /v1/afpay', () => {
  it('answers a list of Outputs, with amounts that no JSON parser rounds', async () => {
    const { ask, calls } = await start((input) => [sent(input)]);
    const response = await ask(SEND);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual([
      {
        code: 'sent',
        id: 'a',
        wallet: 'w_1',
        transaction_id: 'ab',
        amount: { value: '1' + '0'.repeat(30), token: 'wei' },
      },
    ]);
    expect(calls[0]?.call.caller).toEqual({ keyName: 'default', isLocal: false, role: 'payer' });
  });

  it.each((Object.keys(PAY_ERRORS) as PayErrorCode[]).map((code) => [code, PAY_ERRORS[code].status ?? 422] as const))(
    'says %s with status %i and a full error object',
    async (code, status) => {
      const { ask } = await start((input) => [errorOutput(new PayError(code, 'told'), idOf(input))]);
      const response = await ask(SEND);
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual([
        { code: 'error', id: 'a', error_code: code, error: 'told', retryable: PAY_ERRORS[code].retryable },
      ]);
    },
  );

  it('says limit_exceeded with 402, approval_required and outcome_unknown with 202', async () => {
    const exceeded: Output = {
      code: 'limit_exceeded',
      rule_id: 'r_1',
      scope: 'network',
      scope_key: 'ln',
      spent: 1n,
      max_spend: 2n,
      remaining_s: 3,
    };
    const required: Output = {
      code: 'approval_required',
      request_id: 'a',
      debits: [],
      approve_above: 5n,
      expires_at_epoch_s: 9,
    };
    const unknown: Output = { code: 'outcome_unknown', request_id: 'a', error: 'asked for' };
    for (const [output, status] of [
      [exceeded, 402],
      [required, 202],
      [unknown, 202],
    ] as const) {
      const { ask } = await start(() => [output]);
      expect((await ask(SEND)).status).toBe(status);
    }
  });

  it('takes the key in either header, and refuses any other with 401 before it reads the body', async () => {
    const { ask, calls } = await start((input) => [sent(input)]);
    const noKey = { authorization: '' };
    expect((await ask(SEND, { ...noKey, 'x-api-key': API_KEY })).status).toBe(200);
    expect((await ask(SEND, { authorization: `bearer ${API_KEY}` })).status).toBe(200);
    for (const headers of [
      noKey,
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${API_KEY}` },
      { ...noKey, 'x-api-key': `${API_KEY}x` },
      { ...noKey, 'x-api-key': API_KEY.slice(1) },
    ]) {
      const response = await ask('not even JSON', headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject([{ code: 'error', error_code: 'unauthenticated', retryable: false }]);
    }
    expect(calls).toHaveLength(2);
  });

  it('hears nobody from an address with 20 failures in 10 seconds, the right key included', async () => {
    const { ask, clock } = await start((input) => [sent(input)]);
    for (let call = 0; call < 20; call += 1) {
      expect((await ask(SEND, { authorization: 'Bearer wrong' })).status).toBe(401);
    }
    const refused = await ask(SEND);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject([{ error_code: 'rate_limited', retryable: true }]);
    clock.advance(10);
    expect((await ask(SEND)).status).toBe(200);
  });

  it('counts the rate of each key by itself', async () => {
    const { ask, clock } = await start((input) => [sent(input)], {
      rateLimit: { requestsPerSecond: 2, maxConcurrent: 0 },
    });
    expect((await ask(SEND)).status).toBe(200);
    expect((await ask(SEND)).status).toBe(200);
    expect((await ask(SEND)).status).toBe(429);
    clock.advance(1);
    expect((await ask(SEND)).status).toBe(200);
  });

  it.each([
    ['', 'not valid JSON'],
    ['{', 'not valid JSON'],
    ['[]', 'an Input is a JSON object'],
    ['{"code":"steal","id":"a"}', 'unknown `code`'],
    ['{"code":"send","id":"a"}', '`to`'],
    ['{"code":"cashu_send","id":"a","amount":{"value":1.5,"token":"sats"}}', '`amount.value`'],
  ])('refuses %j with 400 and says why', async (body, why) => {
    const { ask, calls } = await start((input) => [sent(input)]);
    const response = await ask(body);
    expect(response.status).toBe(400);
    const [error] = (await response.json()) as { error: string; error_code: string }[];
    expect(error).toMatchObject({ code: 'error', error_code: 'invalid_request', retryable: false });
    expect(error?.error).toContain(why);
    expect(calls).toEqual([]);
  });

  it('refuses a body over 1 MiB with 413, compressed ones too, whatever they say of their length', async () => {
    const { ask, door } = await start((input) => [sent(input)]);
    const body = JSON.stringify({ ...SEND, to: 'x'.repeat(1024 * 1024) });
    const response = await ask(body);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject([{ error_code: 'payload_too_large' }]);
    expect((await ask(body, { 'content-encoding': 'gzip' })).status).toBe(400);
    const status = await new Promise((resolve, reject) => {
      const chunked = request(`${door.url}/v1/afpay`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_KEY}`, 'transfer-encoding': 'chunked' },
      });
      chunked.on('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      chunked.on('error', reject);
      chunked.end(body);
    });
    expect(status).toBe(413);
  });

  it('refuses every Input that is done on the node alone with 403', async () => {
    const { ask } = await start((input) => [sent(input)]);
    const limit = { scope: 'network', network: 'ln', window_s: 60, max_spend: 1 };
    const wallet = 'w_1';
    const inputs = [
      { code: 'limit_add', limit },
      { code: 'limit_remove', rule_id: 'r_1' },
      { code: 'limit_set', limits: [limit] },
      { code: 'local_wallet_show_seed', wallet },
      { code: 'restore', wallet },
      { code: 'wallet_config_set', wallet, label: 'x' },
      { code: 'wallet_config_token_add', wallet, symbol: 'x', address: 'y', decimals: 6 },
      { code: 'wallet_config_token_remove', wallet, symbol: 'x' },
      { code: 'config', log: ['*'] },
      { code: 'config_show' },
      { code: 'payment_resolve', request_id: 'b', outcome: 'sent', reason: 'seen' },
      { code: 'wallet_close', wallet, dangerously_skip_balance_check_and_may_lose_money: true },
    ];
    const codes = Object.values(INPUTS).filter(({ localOnly }) => localOnly);
    expect(inputs.map(({ code }) => code).sort()).toEqual([...codes.map(({ code }) => code), 'wallet_close'].sort());
    for (const input of inputs) {
      const response = await ask({ id: 'a', ...input });
      expect([input.code, response.status]).toEqual([input.code, 403]);
      expect(await response.json()).toMatchObject([{ code: 'error', error_code: 'permission_denied' }]);
    }
  });

  it('waits for money as long as the Input says, and for an answer no longer than a client of ours would', async () => {
    const { ask, calls, clock } = await start((input) => [sent(input)]);
    for (const input of [
      { code: 'receive', id: 'r', wait_timeout_s: 86_400 },
      { code: 'watch', id: 'w', request_id: 'r' },
      SEND,
      { code: 'balance', id: 'b' },
    ]) {
      await ask(input);
    }
    const nowMs = clock.now().getTime();
    expect(calls.map(({ call }) => call.deadlineMs)).toEqual([undefined, undefined, nowMs + 120_000, nowMs + 30_000]);
  });

  it('streams one Output per line, each as soon as it is there', async () => {
    let pay: (() => void) | undefined;
    const paid = new Promise<void>((resolve) => {
      pay = resolve;
    });
    const { ask } = await begin(async function* (input) {
      const id = idOf(input);
      yield { output: { code: 'receive_info', id, wallet: 'w_1', receive_info: { invoice: 'lnbc1' } }, isLast: false };
      await paid;
      yield { output: sent(input), isLast: true };
    });
    const response = await ask({ code: 'receive', id: 'r', wait_until_paid: true }, { accept: 'application/x-ndjson' });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = linesOf(response);
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ code: 'receive_info', id: 'r' });
    pay?.();
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ code: 'sent', id: 'r' });
    expect((await lines.next()).done).toBe(true);
  });
});

describe('a stream', () => {
  it('has the status of its only Output', async () => {
    const { ask } = await start((input) => [errorOutput(new PayError('idempotency_conflict', 'told'), idOf(input))]);
    const response = await ask(SEND, { accept: 'application/x-ndjson' });
    expect(response.status).toBe(409);
    expect(JSON.parse(await response.text())).toMatchObject({ code: 'error', id: 'a' });
    expect((await ask(SEND, { accept: 'application/x-ndjson', authorization: '' })).status).toBe(401);
  });

  it('of a caller that goes away is told to whoever works on it', async () => {
    let heard: AbortSignal | undefined;
    const { ask } = await begin(async function* (input, { signal }) {
      heard = signal;
      yield { output: sent(input), isLast: false };
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
    });
    const caller = new AbortController();
    const response = await ask(SEND, { accept: 'application/x-ndjson' }, caller.signal);
    await linesOf(response).next();
    expect(heard?.aborted).toBe(false);
    caller.abort();
    await eventually(() => heard?.aborted);
  });
});

describe('a client of afpay 0.7', () => {
  const headers = { 'x-afpay-protocol': '0.7' };

  it('hears its own version, and ours beside', async () => {
    const version: Output = { code: 'version', version: '0.1.0', protocol_version: 1 };
    const { ask } = await start(() => [version]);
    expect(await (await ask({ code: 'version' }, headers)).json()).toEqual([
      { code: 'version', version: '0.7.0', protocol_version: 1, server: '0.1.0' },
    ]);
    expect(await (await ask({ code: 'version' })).json()).toEqual([version]);
  });

  it('gets integers up to 2^64 - 1, and an error beyond', async () => {
    const { ask } = await start((input) => [{ ...sent(input), amount: { value: 2n ** 64n - 1n, token: 'wei' } }]);
    expect(await (await ask(SEND, headers)).text()).toContain('"value":18446744073709551615');
    const over = await start((input) => [sent(input)]);
    expect(await (await over.ask(SEND, headers)).json()).toMatchObject([
      { code: 'error', error_code: 'amount_overflow' },
    ]);
  });

  it('may count its sessions from 1 again: every one of its requests is another one', async () => {
    const { ask, calls } = await start((input) => [sent(input)]);
    for (let call = 0; call < 2; call += 1) {
      expect(await (await ask({ ...SEND, id: 'session_1' }, headers)).json()).toMatchObject([{ id: 'session_1' }]);
    }
    const ids = calls.map(({ input }) => idOf(input));
    expect(ids[0]).toMatch(/^session_1:[0-9a-f]{24}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('gets an object for what was not taken, with all its fields', async () => {
    const { ask } = await start((input) => [sent(input)]);
    expect(await (await ask(SEND, { ...headers, authorization: '' })).json()).toMatchObject({
      code: 'error',
      error_code: 'unauthenticated',
      retryable: false,
      trace: { duration_ms: 0 },
    });
  });
});

describe('the pages beside', () => {
  it('say that it is alive, that it is ready, and what it counts', async () => {
    const { ask, get } = await start((input) => [sent(input)]);
    await ask(SEND);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('pay_requests_total{input="send",result="ok",key="default",service="test"} 1');
  });

  it('say 503 when the store is away', async () => {
    const { get } = await start((input) => [sent(input)], {
      ready: () => {
        throw new PayError('store_unavailable', 'away');
      },
    });
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false, checks: { store: 'away' } });
  });

  it('show their numbers with a key only where others can reach them', async () => {
    const { get } = await start((input) => [sent(input)], { config: { isPublic: true } });
    expect((await get('/metrics')).status).toBe(401);
    expect((await get('/metrics', { 'x-api-key': API_KEY })).status).toBe(200);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('are no others, and are asked in one way', async () => {
    const { get, door } = await start((input) => [sent(input)]);
    expect((await get('/v1/afpay')).status).toBe(405);
    expect((await get('/v1/afpay')).headers.get('allow')).toBe('POST');
    for (const path of ['/', '/v1', '/v1/afpay/x', '/metrics/x']) expect((await get(path)).status).toBe(404);
    expect((await fetch(`${door.url}/healthz`, { method: 'POST' })).status).toBe(404);
  });

  it('are for no web page, unless its origin is named', async () => {
    const page = { origin: 'https://page.example' };
    const off = await start((input) => [sent(input)]);
    expect((await off.get('/healthz', page)).headers.get('access-control-allow-origin')).toBeNull();
    const on = await start((input) => [sent(input)], {
      config: { rest: { listen: { host: '127.0.0.1', port: 0 }, corsOrigins: ['https://page.example'] } },
    });
    expect((await on.get('/healthz', page)).headers.get('access-control-allow-origin')).toBe('https://page.example');
    const other = await on.get('/healthz', { origin: 'https://other.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await fetch(`${on.door.url}/v1/afpay`, { method: 'OPTIONS', headers: page });
    expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, POST']);
  });
});

describe('a door', () => {
  it('that others could reach does not open unless it is meant to', async () => {
    const rest = { listen: { host: '0.0.0.0', port: 0 }, corsOrigins: [] };
    await expect(start(() => [], { config: { rest } })).rejects.toThrow('0.0.0.0:0 can be reached from other machines');
    const { door } = await start((input) => [sent(input)], { config: { rest, isPublic: true } });
    expect(door.url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
  });

  it('without a key does not open', async () => {
    await expect(start(() => [], { env: { AFPAY_REST_API_KEY: '' } })).rejects.toThrow('no key can be used for REST');
  });

  it('that closes ends what waits and answers what runs', async () => {
    const { ask, door, calls } = await begin(async function* (input, { signal }) {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      yield { output: sent(input), isLast: true };
    });
    const asked = ask(SEND);
    await eventually(() => calls.length === 1);
    const stopped = door.stop(5000);
    expect((await asked).status).toBe(200);
    await stopped;
    await expect(ask(SEND)).rejects.toThrow();
  });

  it('tells nothing of what nobody foresaw', async () => {
    const { ask, lines } = await begin(async function* () {
      await Promise.resolve();
      throw new Error('hunter2');
      yield undefined as never;
    });
    const response = await ask(SEND);
    expect(response.status).toBe(422);
    expect(await response.text()).not.toContain('hunter2');
    expect(lines.join('')).toContain('a request failed');
  });
});

async function* linesOf(response: Response): AsyncGenerator<string, void, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}
