import { startStandIns } from '@caravel/stand-ins';
import { standInsConfigSchema } from './stand-ins-process.js';
import type { StandInAddresses } from './stand-ins-process.js';

const NAMES = ['relay', 'zooid', 'stripe', 'rates', 'control'] as const;

/**
 * All stand-ins as a process: reads STAND_INS_CONFIG, answers their addresses and how to stop them. Ports follow one
 * another from `basePort`: relay, zooid, stripe, rates, control.
 */
export async function runStandIns(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ addresses: StandInAddresses; stop: () => Promise<void> }> {
  const { basePort, host, publicHost, ...config } = standInsConfigSchema.parse(
    JSON.parse(env['STAND_INS_CONFIG'] ?? '{}'),
  );
  const ports = basePort === 0 ? {} : Object.fromEntries(NAMES.map((name, index) => [name, basePort + index]));
  const standIns = await startStandIns({
    dir: config.dir,
    whitelist: [config.robotPubkey],
    walletSeed: config.walletSeed,
    ports,
    listen: { host, publicHost },
  });
  return { addresses: standIns.standIns, stop: standIns.stop };
}
