import type { PaymentEvent } from '@caravel/pay-core';
import type { ServiceContext } from '@caravel/service';
import { limitAlerts } from '../alerts/limit-alerts.js';
import { webhookDeliveries } from '../alerts/webhook-deliveries.js';
import { announcer } from '../alerts/webhook-events.js';
import { openNode } from '../node/open-node.js';
import { startRounds } from '../node/rounds.js';
import type { DaemonConfig } from './daemon-config.js';
import { scrubbedLog } from './scrubbed-log.js';
import { startDoors } from './start-doors.js';

/** Opens the node, goes on with whatever was not finished, then opens its doors. */
export async function startPayNode(context: ServiceContext<DaemonConfig>): Promise<void> {
  const { config, own, clock, metrics, health } = context;
  const log = scrubbedLog({
    service: 'pay-node',
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(line),
  });
  for (const warning of config.warnings) log.warn(warning);
  const nowMs = () => clock.now().getTime();
  const { webhooks } = config.node;
  const announce = announcer({ webhooks, nowMs });
  const onEvent = (event: PaymentEvent): void => {
    const { what, network } = event;
    metrics.count('pay_payments_total', { what, network });
    if (!isAlert(what)) return;
    const told = node.db.transaction((tx) => announce(tx, { type: `payment.${what}`, data: { network } }));
    told.catch((error: unknown) => {
      log.error({ err: error, what }, 'an alert could not be written down');
    });
  };
  const node = own(await openNode(config.node, { log, clock, onEvent }));
  health.ready('store', node.ready);
  const reconcile = async (signal: AbortSignal): Promise<void> => {
    const { open } = await node.pay.reconcile(signal);
    metrics.gauge('pay_unfinished', open);
  };
  own(startRounds({ name: 'reconcile', everyMs: RECONCILE_MS, work: reconcile }, log));
  const { db, spend } = node;
  own(startRounds({ name: 'alerts', everyMs: ALERTS_MS, work: limitAlerts({ db, spend, announce, nowMs, log }) }, log));
  own(
    startRounds({ name: 'webhooks', everyMs: WEBHOOKS_MS, work: webhookDeliveries({ db, webhooks, nowMs, log }) }, log),
  );
  const doors = own(await startDoors(config.mode, config.node, { node, clock, log, metrics }));
  const { restUrl, rpcAddress } = doors;
  const nodeId = Buffer.from(node.nodeId).toString('hex');
  log.info({ restUrl, rpcAddress, nodeId, networks: node.networks.networks }, 'the node listens');
}

/** What is due is a column; a round without anything due is one look at an index. */
const RECONCILE_MS = 1000;
const ALERTS_MS = 2000;
const WEBHOOKS_MS = 1000;

type Alert = 'spend_overrun' | 'unknown_for_long' | 'late_truth';
const isAlert = (what: PaymentEvent['what']): what is Alert =>
  what === 'spend_overrun' || what === 'unknown_for_long' || what === 'late_truth';
