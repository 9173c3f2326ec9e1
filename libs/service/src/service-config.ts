import { z } from 'zod';
import { field, port } from './config-fields.js';
import { LOG_LEVELS } from './logger.js';

/**
 * A service's own variables plus those every service has. `opsPort` is the default of OPS_PORT (`caravel.md` section 9).
 * The result is a zod object: refine it where variables depend on each other.
 */
export function serviceConfig<Fields extends z.ZodRawShape>(fields: Fields, { opsPort = 0 } = {}) {
  return z.object({ ...fields, ...commonFields(opsPort) });
}

function commonFields(opsPort: number) {
  return {
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    OPS_PORT: port().default(opsPort),
    OPS_HOST: field('an address to listen on').default('127.0.0.1'),
  };
}

/** What `runService` itself reads of a service's configuration. */
export type ServiceConfig = Readonly<z.output<z.ZodObject<ReturnType<typeof commonFields>>>>;
