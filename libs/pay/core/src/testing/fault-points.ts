import type { Provider } from '@caravel/pay-provider';
import type { PayDb, PayTx } from '@caravel/pay-store';

/** What a process does once it is dead: nothing. */
export class KilledError extends Error {
  constructor() {
    super('the process is dead');
  }
}

/**
 * Numbered places at which a process may die: before and after each statement, each transaction and each call of the provider.
 * From the one numbered `at` on nothing works any more; `die` may also end the process for good.
 */
export function faultPoints(at: number, die: () => void = () => undefined) {
  let reached = 0;
  let isDead = false;
  const point = (): void => {
    reached += 1;
    if (reached === at) {
      isDead = true;
      die();
    }
    if (isDead) throw new KilledError();
  };
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    point();
    const result = await work();
    point();
    return result;
  };
  const tx = (inner: PayTx): PayTx => ({ query: (sql, params) => around(() => inner.query(sql, params)) });

  return {
    db: (db: PayDb): PayDb => ({
      ...db,
      ...tx(db),
      transaction: (work) => around(() => db.transaction((inner) => work(tx(inner)))),
    }),
    provider: (provider: Provider): Provider => {
      const { prepare } = provider;
      return {
        ...provider,
        quote: (...args) => around(() => provider.quote(...args)),
        ...(prepare && { prepare: (...args: Parameters<typeof prepare>) => around(() => prepare(...args)) }),
        dispatch: (...args) => around(() => provider.dispatch(...args)),
        resolve: (...args) => around(() => provider.resolve(...args)),
      };
    },
    get reached() {
      return reached;
    },
    get isDead() {
      return isDead;
    },
  };
}
