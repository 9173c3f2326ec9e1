import type { Clock } from '@caravel/domain';
import type { Network } from '@caravel/pay-protocol';
import { inParallel } from '@caravel/service';
import type { PayCall } from '../pay-call.js';
import { NETWORK_TIMEOUT_MS, timeLeftMs } from './bounded-call.js';
import { releasedSignal } from './released-signal.js';

/**
 * Asks about many wallets: all networks at once, each for as long as one may take, a few of its wallets at a time. A network that
 * is slow takes no time from another. `ask` must not reject; answers come in the order of what was asked.
 */
export async function askNetworks<Item extends { network: Network }, Answer>(
  items: readonly Item[],
  { call, clock }: { call: PayCall; clock: Clock },
  ask: (item: Item, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = new Map<Item, { answer: Answer }>();
  const networks = new Set(items.map(({ network }) => network));
  await Promise.all(
    [...networks].map(async (network) => {
      const { signal, release } = releasedSignal(call.signal, timeLeftMs(call, clock, NETWORK_TIMEOUT_MS));
      const own = items.filter((item) => item.network === network);
      try {
        await inParallel(own, AT_ONCE, async (item) => {
          answers.set(item, { answer: await ask(item, signal) });
        });
      } finally {
        release();
      }
    }),
  );
  return items.flatMap((item) => answers.get(item) ?? []).map(({ answer }) => answer);
}

const AT_ONCE = 16;
