import type { Clock } from '@caravel/domain';
import { secretSigner } from '@caravel/nostr';
import { exportRelay, importRelay } from '@caravel/provisioning-data-access';
import type { RelayEvents } from '@caravel/provisioning-feature';

/**
 * What a move reads and writes. zooid's import program also learns which zooid it is for: ZOOID_INSTANCE, a name in
 * ZOOID_INSTANCES.
 */
export function relayEvents({ command, env, clock }: RelayEventsOptions): RelayEvents {
  return {
    canWrite: command !== undefined,
    read: ({ relayUrl: url, host, secret, signal }) =>
      exportRelay({ url, host, signer: secretSigner(secret), clock, signal }),
    write: (lines, { instance, relay, signal }) =>
      importRelay(lines, { command, relay, env: { ...env, ZOOID_INSTANCE: instance }, signal }),
  };
}

export interface RelayEventsOptions {
  /** `ZOOID_IMPORT_COMMAND`. */
  command: string | undefined;
  /** What the program may know of our environment. */
  env: Readonly<Record<string, string>>;
  clock: Clock;
}
