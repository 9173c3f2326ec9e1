import type { Logger } from './logger.js';

/** Switches that take a guard away, for a sandbox on loopback. */
const SANDBOX_ONLY: Readonly<Record<string, string>> = {
  ALLOW_PRIVATE_HOSTS: 'tenants can make this service connect to addresses inside your network',
};

/** Tells at every start which of them are on, so that none comes along into production unseen. */
export function warnOfSandboxSettings(config: object, log: Pick<Logger, 'warn'>): void {
  for (const [variable, danger] of Object.entries(SANDBOX_ONLY)) {
    const isOn = Object.entries(config).some(([name, value]) => name === variable && value === true);
    if (isOn) log.warn({ variable }, `${variable} is for a sandbox only: with it ${danger}`);
  }
}
