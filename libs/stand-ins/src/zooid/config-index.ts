import type { ZooidConfig } from './zooid-config.js';

/** The configurations that are written, found by id, host and schema. */
export function configIndex(): ConfigIndex {
  const configs = new Map<string, ZooidConfig>();
  const idOf = { host: new Map<string, string>(), schema: new Map<string, string>() };
  const remove = (id: string): void => {
    const config = configs.get(id);
    configs.delete(id);
    if (!config) return;
    idOf.host.delete(config.host);
    idOf.schema.delete(config.schema);
  };
  return {
    configs,
    remove,
    set: (id, config) => {
      remove(id);
      configs.set(id, config);
      idOf.host.set(config.host, id);
      idOf.schema.set(config.schema, id);
    },
    clear: () => {
      for (const map of [configs, idOf.host, idOf.schema]) map.clear();
    },
    isTaken: (id, { host, schema }) =>
      [idOf.host.get(host), idOf.schema.get(schema)].some((other) => other !== undefined && other !== id),
    idAtHost: (host) => idOf.host.get(withoutPort(host)),
  };
}

/** Of a Host header. */
export const withoutPort = (host: string): string => host.replace(/:[0-9]+$/, '');

export interface ConfigIndex {
  configs: ReadonlyMap<string, ZooidConfig>;
  set: (id: string, config: ZooidConfig) => void;
  remove: (id: string) => void;
  clear: () => void;
  /** Whether another relay has this host or schema. */
  isTaken: (id: string, config: ZooidConfig) => boolean;
  /** The relay that is configured for that Host header, running or not. */
  idAtHost: (host: string) => string | undefined;
}
