import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@caravel/domain';
import type { LocalParts } from '../afpay-deps.js';

/** The node in this process, each part loaded when it is needed. A folder without config.toml has nothing to read. */
export function localParts({ env, clock }: LocalPartsDeps): LocalParts {
  return {
    settings: async (flags) => {
      if (!existsSync(join(flags.dataDir, 'config.toml'))) return { warnings: [] };
      const { readSettings } = await import('./read-settings.js');
      return readSettings(env, flags);
    },
    open: async (flags, events) => {
      const { openLocal } = await import('./open-local.js');
      return openLocal({ env, flags, clock, events });
    },
    serve: async (mode, flags) => {
      const { serve } = await import('./serve.js');
      await serve(env, mode, flags);
    },
  };
}

interface LocalPartsDeps {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
}
