import { AppError, systemClock } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { createHealth } from './health.js';
import type { Health } from './health.js';
import { createLogger } from './logger.js';
import type { Logger } from './logger.js';
import { createMetrics } from './metrics.js';
import type { Metrics } from './metrics.js';
import { startOpsServer } from './ops-server.js';
import type { OpsPage } from './ops-server.js';
import { ownedThings } from './owned.js';
import type { Own } from './owned.js';
import { processEnd } from './process-end.js';
import { warnOfSandboxSettings } from './sandbox-settings.js';
import type { ServiceConfig } from './service-config.js';

/**
 * A process from start to end; the whole of a `main.ts`. Reads the configuration, opens the ops port, runs `start`, and
 * then waits for SIGTERM, SIGINT, a fatal error or the loss of the parent's ipc channel. Everything owned is closed in
 * reverse order, each thing within `closeEachMs` and all within `closeTotalMs`. Exit code: 0 after a clean stop, 1 when
 * the start failed, something broke or something could not be closed in time.
 */
export async function runService<Config extends ServiceConfig>(
  { name, config: readConfig, closeEachMs = 5000, closeTotalMs = 10_000 }: ServiceOptions<Config>,
  start: (context: ServiceContext<Config>) => unknown,
): Promise<void> {
  let log = createLogger({ service: name });
  const { own, closeAll } = ownedThings();
  const health = createHealth();
  const end = processEnd({ closeAll, health, log: () => log, eachMs: closeEachMs, totalMs: closeTotalMs });

  try {
    const config = readConfig();
    log = createLogger({ service: name, level: config.LOG_LEVEL });
    warnOfSandboxSettings(config, log);
    const metrics = createMetrics(name);
    const pages = new Map<string, OpsPage>();
    const ops = own(await startOpsServer({ host: config.OPS_HOST, port: config.OPS_PORT, health, metrics, pages }));
    log.info({ opsUrl: ops.url }, 'starting');
    await start({ config, own, log, clock: systemClock, metrics, health, opsPages: pages });
    if (end.begun()) return;
    health.enter('running');
    log.info('started');
  } catch (error) {
    if (end.begun()) return; // a stop in the middle of the start
    // What is wrong with the configuration or the port is in the message; a stack would only hide it.
    if (error instanceof AppError) log.fatal(`could not start: ${error.message}`);
    else log.fatal({ err: error }, `could not start: ${error instanceof Error ? error.message : 'unknown error'}`);
    await end.begin(1);
  }
}

export interface ServiceOptions<Config> {
  name: string;
  /** Read once: `() => loadConfig(schema, process.env)`. */
  config: () => Config;
  closeEachMs?: number;
  closeTotalMs?: number;
}

/** What a service's parts are made from. */
export interface ServiceContext<Config> {
  config: Config;
  own: Own;
  log: Logger;
  clock: Clock;
  metrics: Metrics;
  health: Pick<Health, 'ready' | 'detail'>;
  /** What the ops port answers besides, by path. */
  opsPages: Pick<Map<string, OpsPage>, 'set'>;
}
