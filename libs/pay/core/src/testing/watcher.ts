import { stringifyJson } from '@caravel/pay-protocol';
import type { StoreLocation } from '@caravel/pay-store';
import { systemClock } from '@caravel/domain';
import { coreWorld } from './core-world.js';
import { receiptRecord, testNetwork } from './test-network.js';

/** A process that waits for a receipt which another one asked for; its network has it once the parent says so. */
const [where = '', requestId = ''] = process.argv.slice(2);
const ln = testNetwork('ln');
const { provider } = ln;
const network = {
  ...ln,
  provider: {
    ...provider,
    receipt: async (...args: Parameters<NonNullable<typeof provider.receipt>>) => {
      process.send?.('looked');
      return (await provider.receipt?.(...args)) ?? { state: 'pending' as const };
    },
  },
};
process.on('message', () => {
  const amount = { value: 1000n, token: 'sats' };
  ln.records.push(receiptRecord({ transactionId: 'quote-1', amount, createdAtMs: systemClock.now().getTime() }));
});
const world = coreWorld({ location: JSON.parse(where) as StoreLocation }, { ln: network });
const node = await world.start({ clock: systemClock });
const answer = await node.last({ code: 'watch', id: `watch-${process.pid}`, request_id: requestId });
process.send?.(stringifyJson(answer));
await node.stop();
process.disconnect();
