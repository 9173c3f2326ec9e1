import type { Clock } from '@caravel/domain';

import type { RelayCore } from '../relay/relay-core.js';
import { hostedRelay, type HostedRelay } from './hosted-relay.js';
import type { ZooidConfig } from './zooid-config.js';
import type { ZooidFolder } from './zooid-folder.js';

/**
 * Two truths, as in the real one: what is written (`configs`, at once) and what runs (`live`, a moment later, when the
 * watcher has seen the file). A reload cuts the relay's connections first.
 */
export function zooidState({ folder, clock, dropAll, wait, reloadDelayMs }: StateDeps): ZooidState {
  const configs = new Map<string, ZooidConfig>();
  const live = new Map<string, HostedRelay>();

  function reload(id: string): void {
    const running = live.get(id);
    if (running) dropAll(running.core);
    live.delete(id);
    const config = configs.get(id);
    if (config) live.set(id, hostedRelay(config, { folder, clock }));
  }

  function reloadSoon(id: string): void {
    wait(reloadDelayMs).then(
      () => {
        reload(id);
      },
      () => undefined, // stopped meanwhile; the next start reads the folder
    );
  }

  function restart(): void {
    dropAll();
    configs.clear();
    live.clear();
    for (const [id, config] of folder.load()) {
      configs.set(id, config);
      reload(id);
    }
  }

  restart();
  return {
    configs,
    save: (id, config) => {
      configs.set(id, config);
      folder.save(id, config);
      reloadSoon(id);
    },
    remove: (id) => {
      configs.delete(id);
      folder.remove(id);
      reloadSoon(id);
    },
    members: (id) => {
      const config = configs.get(id);
      return config && (live.get(id) ?? hostedRelay(config, { folder, clock })).members();
    },
    setMembers: (id, pubkeys) => {
      const relay = live.get(id);
      if (!relay) throw new Error(`no relay ${id} runs here`);
      relay.setMembers(pubkeys);
    },
    atHost: (host) => [...live.values()].find(({ config }) => !config.inactive && isHostOf(config, host)),
    restart,
    restartEmpty: () => {
      folder.wipe();
      restart();
    },
  };
}

const isHostOf = (config: ZooidConfig, host: string): boolean =>
  config.host === host || config.host === host.replace(/:[0-9]+$/, '');

export interface ZooidState {
  configs: ReadonlyMap<string, ZooidConfig>;
  save(id: string, config: ZooidConfig): void;
  remove(id: string): void;
  /** Undefined when there is no such relay; an inactive one answers too. */
  members(id: string): string[] | undefined;
  setMembers: (id: string, pubkeys: readonly string[]) => void;
  /** The running, active relay of that Host header, with or without its port. */
  atHost: (host: string) => HostedRelay | undefined;
  restart: () => void;
  restartEmpty: () => void;
}

interface StateDeps {
  folder: ZooidFolder;
  clock: Clock;
  dropAll: (core?: RelayCore) => void;
  wait: (ms: number) => Promise<void>;
  reloadDelayMs: number;
}
