import { WALLET_ID } from '@caravel/pay-core';
import type { Caller, Pay } from '@caravel/pay-core';
import type { SpendRule } from '@caravel/pay-limits';
import { PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { PayDb } from '@caravel/pay-store';
import { coalesce } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { ConfiguredLimit } from '../config/node-config.js';
import { configuredRules, fitsOn, placeOf } from './configured-limits.js';
import { keepRules } from './keep-rules.js';
import { knownWallets } from './known-wallets.js';
import type { KnownWallets } from './known-wallets.js';

/** Keeps the limits of config.toml in force. */
export interface LimitKeeper {
  /** At the start, and when wallets have changed. */
  sync: () => Promise<void>;
  /**
   * Before a payment: nothing to do, unless a limit names a wallet that was not known before. Throws a PayError `unavailable`
   * when such a wallet may be on the payment's network, whose list can't be had.
   */
  complete: (network: Network | undefined) => Promise<void>;
}

export function limitKeeper({ db, limits, pay, caller, price, log, nowMs }: LimitKeeperDeps): LimitKeeper {
  const namesWallets = limits.some((limit) => placeOf(limit) !== undefined);
  const list = namesWallets ? knownWallets(pay, caller) : () => Promise.resolve(NO_WALLETS);
  let isComplete = false;
  let isWarned = false;
  let unknown: readonly Network[] = [];
  const place = async (): Promise<void> => {
    isComplete = false;
    const known = await list();
    const { rules, unplaced } = configuredRules(limits, known.wallets);
    await keepRules(db, rules, { nowMs: nowMs(), price, isPartial: known.failed.length > 0 });
    if (unplaced.length > 0 && !isWarned) {
      const where = unplaced.map((limit) => limit.where);
      log.warn(
        { where },
        'limits name wallets that are not here, or have not their unit; they count for an id of that name',
      );
    }
    isWarned = unplaced.length > 0;
    unknown = unknownOn(limits, unplaced, known);
    isComplete = unplaced.length === 0 && known.failed.length === 0;
  };
  // One after the other: a list that is older than another must not take away what that one added.
  const placeOnce = coalesce(place);
  const sync = () => placeOnce('limits');
  return {
    sync,
    complete: async (network) => {
      if (isComplete) return;
      await sync();
      const missing = unknown.filter((each) => (network ?? each) === each);
      if (missing.length === 0) return;
      throw new PayError(
        'unavailable',
        `a limit names a wallet that may be on ${missing.join(', ')}, and its node is away`,
        {
          hint: 'Ask again when the node answers, or name a network that does',
        },
      );
    },
  };
}

/** Networks that may have a wallet which a limit names by its label, though nobody can tell now. */
function unknownOn(
  limits: readonly ConfiguredLimit[],
  unplaced: readonly ConfiguredLimit[],
  { failed, unseen }: KnownWallets,
): Network[] {
  // A rule on an id counts whether the wallet is listed or not.
  const labelled = limits.filter((limit) => {
    const place = placeOf(limit);
    return place !== undefined && !WALLET_ID.test(place);
  });
  return failed.filter((network) =>
    labelled.some((limit) => fitsOn(limit, network) && (unseen.includes(network) || unplaced.includes(limit))),
  );
}

const NO_WALLETS: KnownWallets = { wallets: [], failed: [], unseen: [] };

interface LimitKeeperDeps {
  db: PayDb;
  limits: readonly ConfiguredLimit[];
  pay: Pick<Pay, 'handle'>;
  caller: Caller;
  /** See `keepRules`. */
  price: (rule: SpendRule) => Promise<void>;
  log: Pick<Logger, 'warn'>;
  nowMs: () => number;
}
