import type { Clock } from '@caravel/domain';
import { openNode, readConfig } from '@caravel/pay-daemon';
import type { LocalEvents, LocalFlags, LocalPay } from '../afpay-deps.js';
import { diagnose } from './diagnose.js';
import { logEvents } from './log-events.js';

/**
 * A node without doors for one command or one session. What is not finished of earlier ones is asked about once, beside the work.
 * Throws a PayError when config.toml, the key or the store can't be had.
 */
export async function openLocal({ env, flags, clock, events }: LocalAsk): Promise<LocalPay> {
  const { config, warnings } = readConfig({ env, flags });
  const { log, setFilters } = logEvents(events.tell);
  setFilters(events.filters ?? config.log);
  for (const warning of warnings) log.warn({ alert: 'config' }, warning);
  const node = await openNode(config, { log, clock, enforce: 'local', setLog: setFilters });
  const leaving = new AbortController();
  let round: Promise<unknown> | undefined;
  return {
    ...node.pay,
    handle: (input, call) => {
      round ??= node.pay.reconcile(leaving.signal).catch(() => undefined);
      return node.pay.handle(input, call);
    },
    doctor: (signal) => diagnose({ config, warnings, node, clock, log, signal }),
    close: async () => {
      const patience = setTimeout(() => {
        leaving.abort();
      }, ROUND_MS);
      await round;
      clearTimeout(patience);
      await node.close();
    },
  };
}

/** How long the end of a command waits for that round. */
const ROUND_MS = 2000;

interface LocalAsk {
  env: Readonly<Record<string, string | undefined>>;
  flags: LocalFlags;
  clock: Clock;
  events: LocalEvents;
}
