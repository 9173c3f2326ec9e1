import { type ConfigIndex, configIndex } from './config-index.js';
import { hostedRelay } from './hosted-relay.js';
import { type RunningDeps, type RunningRelays, runningRelays } from './running-relays.js';
import type { ZooidConfig } from './zooid-config.js';

/**
 * Two truths, as in the real one: what is written (`configs`, at once) and what runs (a moment later, when the watcher has
 * seen the file).
 */
export function zooidState({ wait, reloadDelayMs, ...deps }: StateDeps): ZooidState {
  const { folder } = deps;
  const [written, running] = [configIndex(), runningRelays(deps)];
  const { configs } = written;
  let needlessSaves = 0;

  function reloadSoon(id: string): void {
    wait(reloadDelayMs).then(
      () => {
        running.reload(id, configs.get(id));
      },
      () => undefined, // stopped meanwhile; the next start reads the folder
    );
  }

  function save(id: string, config: ZooidConfig): void {
    if (JSON.stringify(running.get(id)?.config) === JSON.stringify(config)) needlessSaves += 1;
    written.set(id, config);
    folder.save(id, config);
    reloadSoon(id);
  }

  function restart(): void {
    running.stopAll();
    written.clear();
    for (const [id, config] of folder.load()) {
      written.set(id, config);
      running.reload(id, config);
    }
  }

  restart();
  const { isTaken, idAtHost } = written;
  const { atHost, darken } = running;
  return {
    ...{ configs, isTaken, idAtHost, atHost, darken, save, restart },
    editInfo: (id, changes) => {
      const config = configs.get(id);
      if (!config) throw new Error(`there is no relay ${id}`);
      save(id, { ...config, info: { ...config.info, ...changes } });
    },
    needlessSaves: () => needlessSaves,
    remove: (id) => {
      written.remove(id);
      folder.remove(id);
      reloadSoon(id);
    },
    members: (id) => {
      const config = configs.get(id);
      return config && (running.get(id) ?? hostedRelay(config, deps)).members();
    },
    setMembers: (id, pubkeys) => {
      const relay = running.get(id);
      if (!relay) throw new Error(`no relay ${id} runs here`);
      relay.setMembers(pubkeys);
    },
    restartEmpty: () => {
      folder.wipe();
      restart();
    },
  };
}

export interface ZooidState
  extends Pick<ConfigIndex, 'configs' | 'isTaken' | 'idAtHost'>, Pick<RunningRelays, 'atHost' | 'darken'> {
  save: (id: string, config: ZooidConfig) => void;
  /** Name, icon or description changed at zooid itself, as its owner does by NIP-86: the same file, a reload like any. */
  editInfo: (id: string, changes: InfoChanges) => void;
  /** Changes that left a relay exactly as it ran already. */
  needlessSaves: () => number;
  remove: (id: string) => void;
  /** Undefined when there is no such relay; an inactive one answers too. */
  members: (id: string) => string[] | undefined;
  setMembers: (id: string, pubkeys: readonly string[]) => void;
  restart: () => void;
  restartEmpty: () => void;
}

export interface InfoChanges {
  name?: string;
  icon?: string;
  description?: string;
}

interface StateDeps extends RunningDeps {
  wait: (ms: number) => Promise<void>;
  reloadDelayMs: number;
}
