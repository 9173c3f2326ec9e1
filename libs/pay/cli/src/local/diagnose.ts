import type { Clock } from '@caravel/domain';
import { LOCAL } from '@caravel/pay-core';
import type { NodeConfig, PayNode } from '@caravel/pay-daemon';
import { DEFAULT_SOURCES, exchangeRates } from '@caravel/pay-exchange-rate';
import type { Output } from '@caravel/pay-protocol';
import type { Logger } from '@caravel/service';
import type { DoctorCheck } from '../format/own-output.js';
import { checkNode, sharedSecrets } from './check-node.js';
import { timed } from './timed-check.js';

/**
 * Opens everything the configuration names, all at once and each within `CHECK_MS`: the store, every node below, every wallet at
 * its network, every price source. The clock is compared with the newest payment: one that was set back stops the windows.
 */
export async function diagnose(deps: DiagnoseDeps): Promise<{ checks: DoctorCheck[]; warnings: string[] }> {
  const { config, node, clock } = deps;
  const nowMs = () => clock.now().getTime();
  const store = 'dataDir' in config.store ? config.store.dataDir : 'postgres';
  const checks = await Promise.all([
    timed({ name: 'store', endpoint: store }, node.ready),
    timed({ name: 'clock' }, () => checkClock(node, nowMs())),
    ...config.nodes.map((each) =>
      timed({ name: `afpay_rpc ${each.name}`, endpoint: each.endpoint }, () => checkNode(each, nowMs)),
    ),
    ...priceChecks(deps),
    checkWallets(deps),
  ]);
  return { checks: checks.flat(), warnings: [...deps.warnings, ...sharedSecrets(config.nodes)] };
}

async function checkClock({ db }: PayNode, nowMs: number): Promise<void> {
  const [row] = await db.query('SELECT max(last_at_ms) AS newest FROM spend_buckets');
  const aheadMs = Number(row?.newest ?? 0) - nowMs;
  if (aheadMs > CLOCK_SLACK_MS) {
    throw new Error(`it was set back: the newest payment is ${Math.ceil(aheadMs / 1000)} s in the future`);
  }
}

function priceChecks({ config, clock, log }: DiagnoseDeps): Promise<DoctorCheck>[] {
  if (!config.exchangeRate) return [];
  const nothing = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  return (config.exchangeRate.sources ?? DEFAULT_SOURCES).map((source) => {
    const rates = exchangeRates({ sources: [source], ttlS: 1, cache: nothing, clock, log });
    return timed({ name: `price source ${source.type}`, endpoint: source.endpoint }, () => rates.usdMicros('BTC', 1n));
  });
}

/** What each wallet holds, asked of its network: nothing proves more that it can be reached. */
async function checkWallets({ node, signal }: DiagnoseDeps): Promise<DoctorCheck[]> {
  const startedAt = performance.now();
  let last: Output | undefined;
  // The core bounds each network by itself.
  for await (const { output } of node.pay.handle({ code: 'balance', id: 'doctor' }, { caller: LOCAL, signal })) {
    last = output;
  }
  const duration_ms = Math.round(performance.now() - startedAt);
  if (last?.code === 'error') return [{ name: 'wallets', ok: false, duration_ms, error: last.error }];
  if (last?.code !== 'wallet_balances') return [];
  const wallets = last.wallets.map(({ id, network, address, error }) => ({
    name: `wallet ${id} (${network})`,
    endpoint: address,
    ok: error === undefined,
    duration_ms,
    ...(error !== undefined && { error }),
  }));
  const networks = (last.errors ?? []).map(({ network, error }) => ({
    name: `provider ${network}`,
    ok: false,
    duration_ms,
    error,
  }));
  return [...wallets, ...networks];
}

const CLOCK_SLACK_MS = 1000;

interface DiagnoseDeps {
  config: NodeConfig;
  warnings: readonly string[];
  node: PayNode;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}
