import { runService } from '@caravel/service';
import { daemonConfig, startError } from './daemon-config.js';
import type { PayNodeOptions } from './daemon-config.js';
import { startPayNode } from './start-pay-node.js';

/** See `runPayNode` of the library. */
export async function runDaemon(options: PayNodeOptions): Promise<void> {
  await runService(
    {
      name: 'pay-node',
      config: () => daemonConfig(options),
      // A payment that runs may end first; one that doesn't is asked about after the next start.
      closeEachMs: 8000,
    },
    async (context) => {
      try {
        await startPayNode(context);
      } catch (error) {
        throw startError(error);
      }
    },
  );
}
