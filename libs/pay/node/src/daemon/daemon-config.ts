import { AppError } from '@caravel/domain';
import { PayError } from '@caravel/pay-protocol';
import { loadConfig, serviceConfig } from '@caravel/service';
import type { Environment } from '@caravel/service';
import { z } from 'zod';
import type { ConfigFlags } from '../config/node-config.js';
import { readConfig } from '../config/read-config.js';

export type DaemonMode = 'rest' | 'rpc' | 'both';

export interface PayNodeOptions {
  /** `process.env`. */
  env: Environment;
  mode?: DaemonMode | undefined;
  flags?: ConfigFlags | undefined;
}

export type DaemonConfig = ReturnType<typeof daemonConfig>;

/** Flags, then the environment, then config.toml. Throws an AppError that names what is wrong. */
export function daemonConfig({ env, mode, flags }: PayNodeOptions) {
  const { AFPAY_MODE, AFPAY_HOST: host, AFPAY_PORT: port, ...service } = loadConfig(schema, env);
  const chosen = mode ?? AFPAY_MODE;
  try {
    const { config, warnings } = readConfig({ env, flags: { ...listenFlags(chosen, { host, port }), ...flags } });
    return { ...service, mode: chosen, node: config, warnings };
  } catch (error) {
    throw startError(error);
  }
}

/** For `runService`, which shows the message of what is an AppError and the stack of anything else. */
export function startError(error: unknown): unknown {
  if (!(error instanceof PayError)) return error;
  const { message, hint } = error;
  return new AppError('internal', hint === undefined ? message : `${message} (${hint})`, { cause: error });
}

/** AFPAY_HOST and AFPAY_PORT are of the one door that is opened. */
function listenFlags(mode: DaemonMode, { host, port }: { host?: string | undefined; port?: string | undefined }) {
  if (host === undefined && port === undefined) return {};
  if (mode === 'both') {
    throw new PayError('invalid_config', 'AFPAY_PORT, AFPAY_HOST: two doors are opened', {
      hint: 'AFPAY_REST_LISTEN and AFPAY_RPC_LISTEN, each host:port',
    });
  }
  const name = host ?? '127.0.0.1';
  const listen = `${name.includes(':') ? `[${name}]` : name}:${port ?? DEFAULT_PORTS[mode]}`;
  return mode === 'rest' ? { restListen: listen } : { rpcListen: listen };
}

const DEFAULT_PORTS = { rest: '9401', rpc: '9400' } as const;
const schema = serviceConfig({
  AFPAY_MODE: z.enum(['rest', 'rpc', 'both'], { error: 'rest, rpc or both' }).default('rest'),
  AFPAY_HOST: z.string({ error: 'an address to listen on' }).optional(),
  AFPAY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port')
    .optional(),
});
