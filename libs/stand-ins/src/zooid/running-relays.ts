import type { Clock } from '@caravel/domain';

import type { RelayCore } from '../relay/relay-core.js';
import { withoutPort } from './config-index.js';
import { hostedRelay, type HostedRelay } from './hosted-relay.js';
import type { ZooidConfig } from './zooid-config.js';
import type { ZooidFolder } from './zooid-folder.js';

/** The relays that run. A reload cuts the relay's connections first. */
export function runningRelays({ folder, clock, dropAll }: RunningDeps): RunningRelays {
  const live = new Map<string, HostedRelay>();
  const liveAt = new Map<string, HostedRelay>();
  let darkReloads = 0;

  function stop(id: string): void {
    const running = live.get(id);
    if (!running) return;
    dropAll(running.core);
    live.delete(id);
    if (liveAt.get(running.config.host) === running) liveAt.delete(running.config.host);
  }

  return {
    reload: (id, config) => {
      stop(id);
      if (!config) return;
      if (darkReloads > 0) {
        darkReloads -= 1; // the file could not be read at that moment, and nothing looks again before the next change
        return;
      }
      const relay = hostedRelay(config, { folder, clock });
      live.set(id, relay);
      if (!config.inactive) liveAt.set(config.host, relay);
    },
    stopAll: () => {
      dropAll();
      for (const map of [live, liveAt]) map.clear();
    },
    get: (id) => live.get(id),
    atHost: (host) => liveAt.get(host) ?? liveAt.get(withoutPort(host)),
    darken: (reloads) => {
      darkReloads = reloads;
    },
  };
}

export interface RunningRelays {
  /** Runs the relay with its configuration, or no longer without one. */
  reload: (id: string, config: ZooidConfig | undefined) => void;
  stopAll: () => void;
  get: (id: string) => HostedRelay | undefined;
  /** The running, active relay of that Host header, with or without its port. */
  atHost: (host: string) => HostedRelay | undefined;
  /** So many of the next reloads find an unreadable file: the relay was told 200, goes dark, and stays so until its next change. */
  darken: (reloads: number) => void;
}

export interface RunningDeps {
  folder: ZooidFolder;
  clock: Clock;
  dropAll: (core?: RelayCore) => void;
}
