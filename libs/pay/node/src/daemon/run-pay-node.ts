import type { PayNodeOptions } from './daemon-config.js';

/**
 * The daemon, from start to end: `afpay --mode rest|rpc` and apps/pay-node. The mode is the flag's, else AFPAY_MODE, else REST;
 * AFPAY_HOST and AFPAY_PORT are where its one door listens. Loaded only here, so that a command starts without it.
 */
export async function runPayNode(options: PayNodeOptions): Promise<void> {
  const { runDaemon } = await import('./run-daemon.js');
  await runDaemon(options);
}
