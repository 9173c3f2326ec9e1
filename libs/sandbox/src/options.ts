import { parseArgs } from 'node:util';

export interface SandboxOptions {
  /** Stop after the life; exit code 1 when a step failed. */
  once: boolean;
  /** Walk a tenant through a life. */
  life: boolean;
  /** Allow a live Stripe key in the environment. */
  live: boolean;
  /** Where the sandbox keeps its data. */
  dir: string;
  /** Which back end the queues use when no REDIS_URL is given. */
  queue: 'auto' | 'postgres';
}

export const SANDBOX_HELP = `npm start -- [options]

Starts PostgreSQL, queues, a Nostr relay, stand-ins for zooid, Stripe, rates and wallets, and the four services;
walks one tenant through a life; then stays up until Ctrl-C.

  --once             stop after the life: exit 0 when every step passed
  --no-life          start everything, skip the guided life
  --queue postgres   keep the queues in PostgreSQL even when this machine has Redis
  --dir FOLDER       where data and logs go (default .dev)
  --live             allow a live Stripe key (sk_live_…) from the environment
  --help             this text

Variables in the environment or in .env override the sandbox's own; .env.example explains each. The guided life runs
only while every external endpoint is a stand-in that the sandbox itself started.`;

/** Throws an error with a readable message for anything unknown. `null` means: show the help. */
export function parseOptions(args: readonly string[]): SandboxOptions | null {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      once: { type: 'boolean', default: false },
      life: { type: 'boolean', default: true },
      live: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      dir: { type: 'string', default: '.dev' },
      queue: { type: 'string', default: 'auto' },
    },
  });
  if (values.help) return null;
  const { queue } = values;
  if (queue !== 'auto' && queue !== 'postgres') throw new Error('--queue takes "postgres"');
  return { once: values.once, life: values.life, live: values.live, dir: values.dir, queue };
}
