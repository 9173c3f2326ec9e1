import { manualClock } from '@caravel/domain';
import { parseInput, PayError } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import { sealer } from '@caravel/pay-store';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { LOCAL } from '../pay-call.js';
import type { PayCall } from '../pay-call.js';
import { HISTORY_TABLE, START_S } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';
import { pruneRequests } from './prune-requests.js';
import { requests } from './requests.js';

const DAY_S = 86_400;

describe.each(STORES)('a request that changes something, on $name,', ({ open }) => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  beforeEach(async () => {
    await wipe(store.db);
    clock = manualClock(START_S);
  });
  afterAll(() => store.drop());
  const deps = () => ({ db: store.db, clock, sealer: sealer(Buffer.alloc(32, 7)) });
  const close = (id: string, wallet = 'w_1') =>
    parseInput({ code: 'wallet_close', id, wallet }) as Input & { id: string };
  const call = (more: Partial<PayCall> = {}): PayCall => ({
    caller: LOCAL,
    signal: new AbortController().signal,
    ...more,
  });
  const closed = (wallet: string): Output => ({ code: 'wallet_closed', wallet });

  it('is done once for its id, however many ask at once', async () => {
    const { once } = requests(deps());
    let done = 0;
    const work = async () => {
      done += 1;
      return Promise.resolve(closed('w_1'));
    };
    const answers = await Promise.all(Array.from({ length: 64 }, () => once(close('a'), call(), work)));
    expect(done).toBe(1);
    expect(answers.filter((answer) => 'replayed' in answer)).toHaveLength(63);
  });

  it('is refused under an id that another one has, and done under the same id of another key', async () => {
    const { once } = requests(deps());
    await once(close('a'), call(), () => Promise.resolve(closed('w_1')));
    const work = () => Promise.resolve(closed('w_2'));
    await expect(once(close('a', 'w_2'), call(), work)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    const other = call({ caller: { ...LOCAL, keyName: 'agent' } });
    expect(await once(close('a', 'w_2'), other, work)).toEqual(closed('w_2'));
  });

  it('that failed is done again by a repeat', async () => {
    const { once } = requests(deps());
    const down = () => Promise.reject(new PayError('network_error', 'down'));
    await expect(once(close('a'), call(), down)).rejects.toMatchObject({ code: 'network_error' });
    expect(await once(close('a'), call(), () => Promise.resolve(closed('w_1')))).toEqual(closed('w_1'));
  });

  it('whose process died is done again when its lease has lapsed, and not before', async () => {
    const { once } = requests(deps());
    await new Promise<void>((begun) => {
      const never = () =>
        new Promise<Output>(() => {
          begun();
        });
      void once(close('a'), call(), never);
    });
    const work = () => Promise.resolve(closed('w_1'));
    const soon = () => call({ deadlineMs: clock.now().getTime() + 400 });
    await expect(once(close('a'), soon(), work)).rejects.toMatchObject({ code: 'in_progress', retryable: true });
    clock.advance(61);
    expect(await once(close('a'), call(), work)).toEqual(closed('w_1'));
  });

  it('of a session of 0.7 is a new one each time, and its nonce is taken once', async () => {
    const { once } = requests(deps());
    const work = () => Promise.resolve(closed('w_1'));
    const session = (byte: number) => once(close('session_1'), call({ v1Nonce: Buffer.alloc(12, byte) }), work);
    expect(await session(1)).toEqual(closed('w_1'));
    expect(await session(2)).toEqual(closed('w_1'));
    await expect(session(1)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(once(close('b'), call({ v1Nonce: Buffer.alloc(12, 2) }), work)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('is forgotten after 400 days', async () => {
    const { once } = requests(deps());
    const work = () => Promise.resolve(closed('w_1'));
    await once(close('a'), call(), work);
    clock.advance(399 * DAY_S);
    expect(await pruneRequests(deps())).toBe(false);
    expect(await once(close('a'), call(), work)).toEqual({ ...closed('w_1'), replayed: true });
    clock.advance(2 * DAY_S);
    await pruneRequests(deps());
    expect(await once(close('a'), call(), work)).toEqual(closed('w_1'));
  });
});
