import { randomBytes } from 'node:crypto';
import type { Caller, Pay } from '@caravel/pay-core';
import type { SpendRule } from '@caravel/pay-limits';
import type { WalletSummary } from '@caravel/pay-protocol';
import type { PayDb } from '@caravel/pay-store';
import type { Logger } from '@caravel/service';
import type { ConfiguredLimit } from '../config/node-config.js';
import { configuredRules } from './configured-limits.js';
import { keepRules } from './keep-rules.js';

/** Keeps the limits of config.toml in force. */
export interface LimitKeeper {
  /** At the start, and when wallets have changed. */
  sync: () => Promise<void>;
  /** Before a payment: nothing to do, unless a limit names a wallet that was not known before. */
  complete: () => Promise<void>;
}

export function limitKeeper({ db, limits, pay, caller, price, log, nowMs }: LimitKeeperDeps): LimitKeeper {
  const namesWallets = limits.some(({ text }) => text.startsWith('wallet:'));
  let isComplete = true;
  const sync = async (): Promise<void> => {
    const wallets = namesWallets ? await walletsOf(pay, caller) : [];
    const { rules, unplaced } = configuredRules(limits, wallets);
    await keepRules(db, rules, { nowMs: nowMs(), price });
    if (unplaced.length > 0 && isComplete) {
      const where = unplaced.map((limit) => limit.where);
      log.warn({ where }, 'limits name wallets that are not here; they count for an id of that name');
    }
    isComplete = unplaced.length === 0;
  };
  return {
    sync,
    complete: async () => {
      if (!isComplete) await sync();
    },
  };
}

async function walletsOf(pay: Pick<Pay, 'handle'>, caller: Caller): Promise<WalletSummary[]> {
  const id = `limits_${randomBytes(8).toString('hex')}`;
  const { signal } = new AbortController();
  for await (const { output, isLast } of pay.handle({ code: 'wallet_list', id }, { caller, signal })) {
    if (isLast && output.code === 'wallet_list') return output.wallets;
  }
  return [];
}

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
