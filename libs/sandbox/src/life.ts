import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { relayPool, secretSigner } from '@caravel/nostr';
import { sessionApi } from './api.js';
import type { LifeInvoice, LifeRelay } from './life-api.js';
import type { LifeStep } from './life-step.js';
import { known, lifeSteps } from './life-steps.js';
import type { LifeContext } from './life-steps.js';

/** Where a life happens. All of it is reachable from outside: nothing here looks into the services. */
export interface LifeWorld {
  serverUrl: string;
  /** 64 hex characters; a key that has no account yet. */
  tenantSecret: string;
  /** The tenant's own wallet. */
  nwcUrl: string;
  /** A Nostr relay the tenant reads messages at. */
  relayUrl: string;
  /** Where zooid serves relays by Host header. */
  zooidUrl: string;
  clock: Clock;
  /** How long a step may wait for a service that is down. */
  patienceMs: number;
}

/** A life, and what it has come to, for tests that look at the end of it. */
export interface Life {
  steps: LifeStep[];
  relay: () => LifeRelay;
  invoice: () => LifeInvoice;
  close: () => void;
}

/** One tenant's life as a client lives it: real signatures, real sockets, the public API. Close it when it is over. */
export function tenantLife(world: LifeWorld): Life {
  const signer = secretSigner(world.tenantSecret);
  const nowS = () => unixSeconds(world.clock.now());
  const pool = relayPool({ auth: signer, clock: world.clock });
  const { nwcUrl, zooidUrl, patienceMs } = world;
  const found: LifeContext['found'] = {};
  const steps = lifeSteps({
    api: sessionApi(world.serverUrl, signer, () => world.clock.now().getTime()),
    signer,
    inbox: { pool, signer, relayUrl: world.relayUrl, nowS },
    nwcUrl,
    zooidUrl,
    patienceMs,
    found,
  });
  return {
    steps,
    relay: () => known(found.relay),
    invoice: () => known(found.invoice),
    close: () => {
      pool.close();
    },
  };
}
