import { once } from 'node:events';
import { manualClock } from '@caravel/domain';
import type { Provider } from '@caravel/pay-provider';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { ledgerProvider } from '../testing/ledger-provider.js';
import type { Ledger } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';
import { TIMEOUTS } from './pay-context.js';
import { paymentRows } from './payment-rows.js';

const DEAD = 12;

describe.each(STORES)('a round of reconciliation on $name', ({ open }) => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  let rig: PaymentRig;
  let asked: string[];
  let isSilent: boolean;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  /** Many payments of one wallet, and then one of another; nobody knows what became of them. */
  beforeEach(async () => {
    await wipe(store.db);
    clock = manualClock(START_S);
    asked = [];
    isSilent = true;
    rig = paymentRig(store.db, { clock, provider: partlySilent, timeouts: { ...TIMEOUTS, resolveMs: 100 } });
    for (let nr = 0; nr < DEAD; nr += 1) await rig.send(`dead${nr}`, { key: `dead${nr}`, amount: 1n, then: 'pending' });
    clock.advance(1);
    await rig.send('good', { key: 'good', amount: 5n, then: 'silent' });
    await store.db.query("UPDATE pay_payments SET wallet = 'w_good' WHERE request_id = $1", ['good']);
    clock.advance(5);
  });
  afterEach(() => {
    rig.drop();
  });
  afterAll(() => store.drop());

  const partlySilent = (books: Ledger): Provider => {
    const provider = ledgerProvider(books);
    return {
      ...provider,
      resolve: async (wallet, artefact, call) => {
        const key = artefact.split('|')[0] ?? '';
        asked.push(key);
        if (isSilent && key !== 'good') {
          clock.advance(30);
          await once(call.signal, 'abort');
        }
        return provider.resolve(wallet, artefact, call);
      },
    };
  };

  it('asks a wallet that does not answer about two payments and leaves the rest, and asks the others meanwhile', async () => {
    expect(await rig.reconcile()).toEqual({ asked: 3, open: DEAD });
    expect(asked).toContain('good');
    expect(rig.events.filter((event) => event === 'sent')).toHaveLength(1);
  });

  it('asks about every payment of a wallet that answers, though nothing is proven of them', async () => {
    isSilent = false;
    expect(await rig.reconcile()).toEqual({ asked: DEAD + 1, open: DEAD });
    expect(new Set(asked).size).toBe(DEAD + 1);
  });

  it('has room for each wallet, however many payments of another are due for longer', async () => {
    const due = await paymentRows(rig.deps.sealer).due(store.db, clock.now().getTime(), 2);
    expect(due.map(({ requestId }) => requestId)).toContain('good');
  });
});
