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
  const idOf = { host: new Map<string, string>(), schema: new Map<string, string>() };
  const liveAt = new Map<string, HostedRelay>();
  let [darkReloads, needlessSaves] = [0, 0];

  function stop(id: string): void {
    const running = live.get(id);
    if (!running) return;
    dropAll(running.core);
    live.delete(id);
    if (liveAt.get(running.config.host) === running) liveAt.delete(running.config.host);
  }

  function reload(id: string): void {
    stop(id);
    const config = configs.get(id);
    if (!config) return;
    if (darkReloads > 0) {
      darkReloads -= 1; // the file could not be read at that moment, and nothing looks again before the next change
      return;
    }
    const relay = hostedRelay(config, { folder, clock });
    live.set(id, relay);
    if (!config.inactive) liveAt.set(config.host, relay);
  }

  function reloadSoon(id: string): void {
    wait(reloadDelayMs).then(
      () => {
        reload(id);
      },
      () => undefined, // stopped meanwhile; the next start reads the folder
    );
  }

  function forget(id: string): void {
    const config = configs.get(id);
    configs.delete(id);
    if (!config) return;
    idOf.host.delete(config.host);
    idOf.schema.delete(config.schema);
  }

  function write(id: string, config: ZooidConfig): void {
    forget(id);
    configs.set(id, config);
    idOf.host.set(config.host, id);
    idOf.schema.set(config.schema, id);
  }

  function save(id: string, config: ZooidConfig): void {
    if (JSON.stringify(live.get(id)?.config) === JSON.stringify(config)) needlessSaves += 1;
    write(id, config);
    folder.save(id, config);
    reloadSoon(id);
  }

  function restart(): void {
    dropAll();
    for (const map of [configs, live, liveAt, idOf.host, idOf.schema]) map.clear();
    for (const [id, config] of folder.load()) {
      write(id, config);
      reload(id);
    }
  }

  restart();
  return {
    configs,
    save,
    isTaken: (id, { host, schema }) =>
      [idOf.host.get(host), idOf.schema.get(schema)].some((other) => other !== undefined && other !== id),
    idAtHost: (host) => idOf.host.get(withoutPort(host)),
    editInfo: (id, changes) => {
      const config = configs.get(id);
      if (!config) throw new Error(`there is no relay ${id}`);
      save(id, { ...config, info: { ...config.info, ...changes } });
    },
    darken: (reloads) => {
      darkReloads = reloads;
    },
    needlessSaves: () => needlessSaves,
    remove: (id) => {
      forget(id);
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
    atHost: (host) => liveAt.get(host) ?? liveAt.get(withoutPort(host)),
    restart,
    restartEmpty: () => {
      folder.wipe();
      restart();
    },
  };
}

const withoutPort = (host: string): string => host.replace(/:[0-9]+$/, '');

export interface ZooidState {
  configs: ReadonlyMap<string, ZooidConfig>;
  save(id: string, config: ZooidConfig): void;
  /** Whether another relay has this host or schema. */
  isTaken(id: string, config: ZooidConfig): boolean;
  /** The relay that is configured for that Host header, running or not. */
  idAtHost(host: string): string | undefined;
  /** Name, icon or description changed at zooid itself, as its owner does by NIP-86: the same file, a reload like any. */
  editInfo: (id: string, changes: InfoChanges) => void;
  /** So many of the next reloads find an unreadable file: the relay was told 200, goes dark, and stays so until its next change. */
  darken: (reloads: number) => void;
  /** Changes that left a relay exactly as it ran already. */
  needlessSaves: () => number;
  remove(id: string): void;
  /** Undefined when there is no such relay; an inactive one answers too. */
  members(id: string): string[] | undefined;
  setMembers: (id: string, pubkeys: readonly string[]) => void;
  /** The running, active relay of that Host header, with or without its port. */
  atHost: (host: string) => HostedRelay | undefined;
  restart: () => void;
  restartEmpty: () => void;
}

export interface InfoChanges {
  name?: string;
  icon?: string;
  description?: string;
}

interface StateDeps {
  folder: ZooidFolder;
  clock: Clock;
  dropAll: (core?: RelayCore) => void;
  wait: (ms: number) => Promise<void>;
  reloadDelayMs: number;
}
