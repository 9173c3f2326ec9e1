import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Output } from '@caravel/pay-protocol';
import { parseInput } from '@caravel/pay-protocol';
import { systemClock } from '@caravel/domain';
import { bundleChild, STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { eventually } from '@caravel/testing';
import { LOCAL } from '../pay-call.js';
import { coreWorld, remoteCaller } from '../testing/core-world.js';
import type { CoreProcess, CoreWorld } from '../testing/core-world.js';
import { receiptRecord, testNetwork } from '../testing/test-network.js';
import type { TestNetwork } from '../testing/test-network.js';

/** `PAY_WAITS=300`. */
const WAITS = Number(process.env.PAY_WAITS ?? 60);
const amount = { value: 1000, token: 'sats' };
const WAIT = { wait_until_paid: true, wait_poll_interval_ms: 100, wait_timeout_s: 86_400 };

describe.each(STORES)('receipts on $name', ({ open }) => {
  let store: TestStore;
  let world: CoreWorld;
  let node: CoreProcess;
  let ln: TestNetwork;
  let btc: TestNetwork;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.drop());
  beforeEach(async () => {
    for (const table of ['pay_wallets', 'pay_requests', 'pay_receives', 'pay_transactions']) {
      await store.db.query(`DELETE FROM ${table}`);
    }
    ln = testNetwork('ln');
    btc = testNetwork('btc');
    world = coreWorld(store, { ln, btc, evm: testNetwork('evm') });
    node = await world.start();
    await node.last({ code: 'ln_wallet_create', id: 'ln', backend: 'phoenixd' });
    await node.last({ code: 'wallet_create', id: 'btc', network: 'btc' });
    await node.last({ code: 'wallet_create', id: 'evm', network: 'evm' });
  });
  afterEach(() => node.stop());
  const leftovers: { kill: (signal: 'SIGKILL') => boolean }[] = [];
  afterAll(() => {
    for (const each of leftovers) each.kill('SIGKILL');
  });

  const receiveLn = (id: string, more: object = {}) => ({ code: 'receive', id, network: 'ln', amount, ...more });
  const nowMs = () => world.clock.now().getTime();
  /** Lets time pass until an answer is there. */
  const inTime = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    let done: { value: Answer } | undefined;
    void answer.then((value) => (done = { value }));
    const { value } = await eventually(
      () => {
        world.clock.advance(0.1);
        return done;
      },
      { timeoutMs: 25_000 },
    );
    return value;
  };
  const quoteOf = ([info]: readonly Output[]): string =>
    (info?.code === 'receive_info' && info.receive_info.quote_id) || JSON.stringify(info);
  const records = async () => Number((await store.db.query('SELECT count(*) AS n FROM pay_transactions'))[0]?.n);

  it('say at once where to pay, and then that it was paid', async () => {
    const signal = new AbortController().signal;
    const replies = node.pay
      .handle(parseInput(receiveLn('r', WAIT)), { caller: LOCAL, signal })
      [Symbol.asyncIterator]();
    const first = await replies.next();
    expect(first.value).toMatchObject({ isLast: false, output: { code: 'receive_info', id: 'r' } });
    ln.pay('quote-1', nowMs());
    expect((await inTime(replies.next())).value).toMatchObject({
      isLast: true,
      output: { code: 'receive_claimed', id: 'r', amount: { value: 1000n, token: 'sats' } },
    });
    expect((await replies.next()).done).toBe(true);
  });

  it('are asked for once under one id, whatever is said of waiting', async () => {
    const first = await node.ask(receiveLn('r'));
    expect(await node.ask(receiveLn('r'))).toMatchObject([
      { code: 'receive_info', receive_info: { quote_id: quoteOf(first) } },
    ]);
    await store.db.query('DELETE FROM pay_requests');
    expect(await node.ask(receiveLn('r'))).toMatchObject([{ receive_info: { quote_id: quoteOf(first) } }]);
    expect(await node.last(receiveLn('r', { amount: { value: 1, token: 'sats' } }))).toMatchObject({
      error_code: 'idempotency_conflict',
    });
    ln.pay(quoteOf(first), nowMs());
    expect(await inTime(node.last(receiveLn('r', WAIT)))).toMatchObject({ code: 'receive_claimed' });
    expect(ln.calls.receiveInfo).toBe(1);
  });

  it('go on when the caller has left and the process has ended, and answer from then on at once', async () => {
    const leaving = new AbortController();
    const asked = node.ask(receiveLn('r', WAIT), { signal: leaving.signal });
    await eventually(() => ln.calls.receipt);
    leaving.abort();
    expect((await asked).at(-1)).toMatchObject({ error_code: 'in_progress', retryable: true });
    await node.stop();
    ln.pay('quote-1', nowMs());
    node = await world.start();
    expect(await inTime(node.last({ code: 'watch', id: 'w', request_id: 'r' }))).toMatchObject({
      code: 'receive_claimed',
      id: 'w',
    });
    const looks = ln.calls.receipt;
    expect(await node.last({ code: 'watch', id: 'x', request_id: 'r' })).toMatchObject({
      code: 'receive_claimed',
      id: 'x',
    });
    expect(ln.calls.receipt).toBe(looks);
  });

  it('that nobody attends to are found by a round of reconciliation', async () => {
    await node.stop();
    const left = await world.start();
    const leaving = new AbortController();
    const asked = left.ask(receiveLn('r', WAIT), { signal: leaving.signal });
    await eventually(() => ln.calls.receipt);
    leaving.abort();
    await asked;
    await left.stop();
    node = await world.start();
    const signal = new AbortController().signal;
    expect(await node.pay.reconcile(signal)).toEqual({ asked: 1, open: 1 });
    ln.pay('quote-1', nowMs());
    expect(await node.pay.reconcile(signal)).toEqual({ asked: 1, open: 0 });
    expect(await node.last({ code: 'history', id: 'h' })).toMatchObject({ items: [{ transaction_id: 'quote-1' }] });
  });

  it('are claimed by one process, while two wait for them', async () => {
    await node.ask(receiveLn('r'));
    const other = await world.start();
    const watch = { code: 'watch', id: 'w', request_id: 'r' };
    const both = Promise.all([node.last(watch), other.last(watch)]);
    await eventually(() => ln.calls.receipt);
    ln.pay('quote-1', nowMs());
    expect(await inTime(both)).toMatchObject([{ code: 'receive_claimed' }, { code: 'receive_claimed' }]);
    expect(await records()).toBe(1);
    await other.stop();
  });

  it('are recorded once while several processes wait, of which one is killed', async () => {
    const real = await world.start({ clock: systemClock });
    await real.ask(receiveLn('r', { wait_until_paid: false, wait_poll_interval_ms: 100, wait_timeout_s: 86_400 }), {
      deadlineMs: systemClock.now().getTime() + 600,
    });
    await real.stop();
    const child = await bundleChild(new URL('../testing/watcher.ts', import.meta.url));
    const children = Array.from({ length: 3 }, () => child.start(JSON.stringify(store.location), 'r'));
    leftovers.push(...children);
    const heard = children.map((): string[] => []);
    for (const [index, each] of children.entries())
      each.on('message', (line) => heard[index]?.push(typeof line === 'string' ? line : ''));
    await eventually(() => heard.some((lines) => lines.includes('looked')), { timeoutMs: 20_000 });
    const first = heard.findIndex((lines) => lines.includes('looked'));
    children[first]?.kill('SIGKILL');
    // A lease that died with its owner ends by itself, in twenty seconds; nobody waits for that here.
    await eventually(() => children[first]?.signalCode);
    await store.db.query('UPDATE pay_receives SET lease_until_ms = 0');
    const rest = children.filter((_each, index) => index !== first);
    for (const each of rest) each.send('paid');
    const ends = () => heard.filter((_lines, index) => index !== first).map((lines) => lines.at(-1) ?? '');
    await eventually(() => ends().every((line) => line.includes('receive_claimed')), { timeoutMs: 20_000 });
    await Promise.all(rest.map((each) => eventually(() => each.exitCode === 0)));
    expect(await records()).toBe(1);
    expect(await store.db.query('SELECT state, transaction_id FROM pay_receives')).toEqual([
      { state: 'paid', transaction_id: 'quote-1' },
    ]);
    child.remove();
  }, 60_000);

  it(`of which ${WAITS} are waited for at once are all told, by either of two processes`, async () => {
    const other = await world.start();
    const ids = Array.from({ length: WAITS }, (_each, n) => `r${n}`);
    const asked = ids.map((id, n) =>
      (n % 2 === 0 ? node : other).ask(receiveLn(id, { ...WAIT, wait_poll_interval_ms: 200 })),
    );
    await eventually(() => (ln.calls.receiveInfo === WAITS ? true : undefined), { timeoutMs: 20_000 });
    for (let n = 1; n <= WAITS; n += 1) ln.pay(`quote-${n}`, nowMs());
    const ends = (await inTime(Promise.all(asked))).map((outputs) => outputs.at(-1)?.code);
    expect(new Set(ends)).toEqual(new Set(['receive_claimed']));
    expect(await records()).toBe(WAITS);
    await other.stop();
  }, 60_000);

  it('whose process died are looked at again when its lease is over, not before', async () => {
    await node.ask(receiveLn('r'));
    ln.pay('quote-1', nowMs());
    await store.db.query(
      `UPDATE pay_receives SET state = 'waiting', deadline_ms = $1, poll_ms = 100, lease_owner = 'dead', lease_until_ms = $2`,
      [nowMs() + 300_000, nowMs() + 20_000],
    );
    const signal = new AbortController().signal;
    expect(await node.pay.reconcile(signal)).toEqual({ asked: 0, open: 1 });
    world.clock.advance(20);
    expect(await node.pay.reconcile(signal)).toEqual({ asked: 1, open: 0 });
  });

  it('end at their deadline with a last look, and can be waited for again', async () => {
    const asked = node.ask(receiveLn('r', { ...WAIT, wait_timeout_s: 5 }));
    expect((await inTime(asked)).at(-1)).toMatchObject({ error_code: 'network_error', retryable: true });
    ln.pay('quote-1', nowMs());
    expect(await inTime(node.last(receiveLn('r', WAIT)))).toMatchObject({ code: 'receive_claimed' });
  });

  it('survive a network that fails or breaks meanwhile', async () => {
    ln.trouble = undefined;
    const asked = node.ask(receiveLn('r', WAIT));
    await eventually(() => ln.calls.receipt);
    for (const trouble of ['down', 'crash'] as const) {
      const before = ln.calls.receipt ?? 0;
      ln.trouble = trouble;
      await eventually(() => {
        world.clock.advance(0.1);
        return (ln.calls.receipt ?? 0) > before + 1;
      });
    }
    ln.trouble = undefined;
    ln.pay('quote-1', nowMs());
    expect((await inTime(asked)).at(-1)).toMatchObject({ code: 'receive_claimed' });
  });

  it('go to the only wallet of a network, also when a client says that its wallet is blank', async () => {
    expect(await node.last(receiveLn('r', { wallet: '' }))).toMatchObject({ code: 'receive_info' });
    await node.last({ code: 'ln_wallet_create', id: 'second', backend: 'phoenixd' });
    expect(await node.last(receiveLn('s', { wallet: ' ' }))).toMatchObject({ error_code: 'invalid_amount' });
  });

  it('are refused before anything is made when nothing could tell them from others', async () => {
    const refused = { error_code: 'invalid_request', hint: expect.stringContaining('amount') };
    expect(await node.last({ code: 'receive', id: 'a', network: 'ln', ...WAIT })).toMatchObject(refused);
    expect(await node.last({ code: 'receive', id: 'b', network: 'evm', wait_timeout_s: 5 })).toMatchObject(refused);
    expect(ln.calls.receiveInfo).toBeUndefined();
    expect(world.networks.evm?.calls.receiveInfo).toBeUndefined();
    expect(await node.last({ code: 'receive', id: 'c', network: 'evm' })).toMatchObject({ code: 'receive_info' });
  });

  it('on chains are never satisfied by what came before, and each record satisfies one wait', async () => {
    const old = receiptRecord({
      transactionId: 'old',
      amount: { value: 1000n, token: 'sats' },
      createdAtMs: nowMs() - 5000,
    });
    btc.records.push(old);
    const receiveBtc = (id: string) => node.ask({ code: 'receive', id, network: 'btc', amount, ...WAIT });
    const both = Promise.all([receiveBtc('a'), receiveBtc('b')]);
    await eventually(() => (btc.calls.transactions ?? 0) > 1);
    btc.records.push(receiptRecord({ ...old, transactionId: 'one', createdAtMs: nowMs() }));
    await eventually(async () => {
      world.clock.advance(0.1);
      const taken = await store.db.query(`SELECT transaction_id FROM pay_receives WHERE state = 'paid'`);
      return taken.length === 1 && taken[0]?.transaction_id === 'one';
    });
    btc.records.push(receiptRecord({ ...old, transactionId: 'two', createdAtMs: nowMs() }));
    const ends = (await inTime(both)).map((outputs) => outputs.at(-1));
    expect(ends.map((output) => (output?.code === 'history_status' ? output.transaction_id : output)).sort()).toEqual([
      'one',
      'two',
    ]);
  });

  it('are claimed as often as one likes, and recorded once', async () => {
    const asked = await node.ask(receiveLn('r'));
    const wallet = asked[0]?.code === 'receive_info' ? asked[0].wallet : '';
    const claim = (id: string) => node.last({ code: 'receive_claim', id, wallet, quote_id: quoteOf(asked) });
    expect(await claim('a')).toMatchObject({ error_code: 'network_error', retryable: true });
    expect(await store.db.query(`SELECT 1 FROM pay_requests WHERE code = 'receive_claim'`)).toEqual([]);
    ln.pay(quoteOf(asked), nowMs());
    expect(await Promise.all([claim('a'), claim('b'), claim('c')])).toMatchObject(
      Array(3).fill({ code: 'receive_claimed' }),
    );
    expect(await records()).toBe(1);
    ln.trouble = 'down';
    expect(await claim('d')).toMatchObject({ code: 'receive_claimed' });
    expect(await claim('d')).toMatchObject({ code: 'receive_claimed', replayed: true });
    expect(await node.last({ code: 'watch', id: 'w', request_id: 'r' })).toMatchObject({ code: 'receive_claimed' });
  });

  it('are watched by their own key, or on this machine', async () => {
    const caller = remoteCaller();
    await node.ask(receiveLn('r'), { caller });
    ln.pay('quote-1', nowMs());
    const watch = { code: 'watch', id: 'w', request_id: 'r' };
    expect(await node.last(watch, { caller: remoteCaller({ keyName: 'other' }) })).toMatchObject({
      error_code: 'invalid_request',
    });
    expect(await node.last(watch, { caller: remoteCaller({ networks: ['btc'] }) })).toMatchObject({
      error_code: 'permission_denied',
    });
    expect(await inTime(node.last(watch, { caller }))).toMatchObject({ code: 'receive_claimed' });
    expect(await node.last(watch)).toMatchObject({ code: 'receive_claimed' });
  });

  it('have a QR code in a file of their own, where there is a folder for it', async () => {
    expect(await node.last(receiveLn('q', { write_qr_svg_file: true }))).toMatchObject({
      error_code: 'invalid_request',
    });
    const folder = mkdtempSync(join(tmpdir(), 'pay-qr-'));
    const other = await world.start({ qrFolder: join(folder, 'qr') });
    const [info] = await other.ask(receiveLn('../r', { write_qr_svg_file: true }));
    const path = info?.code === 'receive_info' ? (info.qr_svg_path ?? '') : '';
    expect(path.startsWith(join(folder, 'qr'))).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^<svg/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await other.stop();
    rmSync(folder, { recursive: true });
  });

  it('of tokens go to a wallet that exists', async () => {
    const token = { code: 'cashu_receive', id: 't', token: 'cashuBexample' };
    expect(await node.last(token)).toMatchObject({ error_code: 'not_implemented' });
    world.networks.cashu = testNetwork('cashu');
    const other = await world.start();
    expect(await other.last(token)).toMatchObject({ error_code: 'wallet_not_found' });
    await other.last({ code: 'wallet_create', id: 'mint', network: 'cashu', mint_url: 'https://mint.example' });
    expect(await other.last(token)).toMatchObject({ code: 'cashu_received', amount: { value: 21n }, memo: 'thanks' });
    expect(await other.last(token)).toMatchObject({ code: 'cashu_received', replayed: true });
    expect(await records()).toBe(1);
    await other.stop();
  });
});
