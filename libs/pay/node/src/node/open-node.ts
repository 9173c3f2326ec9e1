import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { LOCAL, openPay, priceUnpriced } from '@caravel/pay-core';
import type { CoreDeps, ExplainedPay, PaymentEvent } from '@caravel/pay-core';
import type { ExchangeRates } from '@caravel/pay-exchange-rate';
import { openSpend } from '@caravel/pay-limits';
import type { Spend, SpendRule } from '@caravel/pay-limits';
import { payIdMaker } from '@caravel/pay-protocol';
import { masterKey, openStore, sealer } from '@caravel/pay-store';
import type { PayDb } from '@caravel/pay-store';
import type { Logger } from '@caravel/service';
import type { NodeConfig } from '../config/node-config.js';
import { shownSettings } from '../config/shown-settings.js';
import { approvalRules } from './approval-rules.js';
import type { LocalProviders } from './local-providers.js';
import { guardedPay } from './guarded-pay.js';
import { limitKeeper } from './limit-keeper.js';
import { nodeIdentity } from './node-identity.js';
import { PROGRAM } from './program.js';
import { serveNetworks } from './serve-networks.js';
import type { ServedNetworks } from './serve-networks.js';
import { storeGuard } from './store-guard.js';

/** A node without doors: what the daemon opens for others, and a command for itself. */
export interface PayNode {
  pay: ExplainedPay;
  db: PayDb;
  spend: Spend;
  /** 16 bytes; see `pay-rpc-v2.md`. */
  nodeId: Uint8Array;
  networks: ServedNetworks;
  /** Rejects when the store is not there. */
  ready: () => Promise<void>;
  /** Ends what waits, then everything that was opened. Payments that run stay recorded. */
  close: () => Promise<void>;
}

/**
 * Opens the store, its key and the books, and has the limits of config.toml in force before anything is asked. Providers are
 * loaded when they are first used, nodes below are connected to when they are first asked. Throws a PayError `invalid_config` or
 * `store_unavailable`.
 */
export async function openNode(config: NodeConfig, deps: OpenNodeDeps): Promise<PayNode> {
  const { clock = systemClock, log, enforce = 'always' } = deps;
  const approveAbove = approvalRules(config.approveAbove);
  const key = sealer(masterKey(config.masterKey));
  const db = await openStore(config.store);
  try {
    const nowMs = () => clock.now().getTime();
    const nodeId = await nodeIdentity(db, nowMs());
    const guard = storeGuard(db, config.store);
    const newId = payIdMaker();
    const idText = Buffer.from(nodeId).toString('hex');
    const networks = serveNetworks(config, { local: { clock }, locals: deps.locals, nodeId: idText, newId, nowMs });
    const spend = openSpend(db);
    const core: CoreDeps = {
      db,
      spend,
      sealer: key,
      rates: await openRates(config, { db, clock, log }),
      providers: networks,
      downstream: networks.downstream,
      clock,
      newId,
      log,
      policy: { enforce, approveAbove, recipients: config.recipients, mints: config.mints, nodeId: idText },
      qrFolder: join(config.dataDir, 'qr-codes'),
      settings: { show: () => shownSettings(config), setLog: deps.setLog ?? (() => undefined) },
      program: PROGRAM,
      onEvent: deps.onEvent,
    };
    const pay = openPay(core);
    const price = (rule: SpendRule) => priceUnpriced(core, rule);
    const limits = limitKeeper({ db, limits: config.limits, pay, caller: LOCAL, price, log, nowMs });
    await limits.sync();
    const close = async (): Promise<void> => {
      await pay.close();
      await networks.close();
      await db.close();
    };
    let closing: Promise<void> | undefined;
    return {
      pay: guardedPay(pay, { guard, limits }),
      db,
      spend,
      nodeId,
      networks,
      ready: guard.ask,
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Loaded only where dollars are counted. */
async function openRates(
  { exchangeRate }: Pick<NodeConfig, 'exchangeRate'>,
  { db, clock, log }: { db: PayDb; clock: Clock; log: Logger },
): Promise<ExchangeRates | undefined> {
  if (!exchangeRate) return undefined;
  const { DEFAULT_SOURCES, exchangeRates, rateCache } = await import('@caravel/pay-exchange-rate');
  const { ttlS, sources = DEFAULT_SOURCES } = exchangeRate;
  return exchangeRates({ ttlS, sources, cache: rateCache(db), clock, log });
}

export interface OpenNodeDeps {
  /** Providers of a test in the place of this version's. */
  locals?: LocalProviders;
  log: Logger;
  clock?: Clock;
  /** `local` for a command: what another node pays, that node counts. */
  enforce?: 'always' | 'local';
  setLog?: (filters: readonly string[]) => void;
  onEvent?: (event: PaymentEvent) => void;
}
