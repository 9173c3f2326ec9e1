import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import type { NostrEvent } from '@caravel/nostr';

import type { ZooidConfig } from './zooid-config.js';

/** What survives a restart: one file per configuration, one file of events per schema. */
export function zooidFolder(dir: string): ZooidFolder {
  const [configs, events] = [join(dir, 'config'), join(dir, 'events')];
  const prepare = () => {
    for (const folder of [configs, events]) mkdirSync(folder, { recursive: true });
  };
  const configFile = (id: string) => join(configs, `${id}.json`);
  const eventFile = (schema: string) => join(events, `${schema}.ndjson`);
  prepare();
  return {
    load: () =>
      readdirSync(configs)
        .filter((name) => name.endsWith('.json'))
        .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(configs, name), 'utf8')) as ZooidConfig]),
    save: (id, config) => {
      writeFileSync(`${configFile(id)}.new`, JSON.stringify(config));
      renameSync(`${configFile(id)}.new`, configFile(id));
    },
    remove: (id) => {
      rmSync(configFile(id), { force: true });
    },
    events: (schema) =>
      existsSync(eventFile(schema))
        ? readFileSync(eventFile(schema), 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as NostrEvent)
        : [],
    append: (schema, event) => {
      appendFileSync(eventFile(schema), `${JSON.stringify(event)}\n`);
    },
    wipe: () => {
      rmSync(dir, { recursive: true, force: true });
      prepare();
    },
  };
}

export interface ZooidFolder {
  load(): [id: string, config: ZooidConfig][];
  save(id: string, config: ZooidConfig): void;
  /** The configuration only: events stay, as in the real one. */
  remove(id: string): void;
  events(schema: string): NostrEvent[];
  append(schema: string, event: NostrEvent): void;
  wipe(): void;
}
