import { z } from 'zod';
import { common, traceSchema } from './fields.js';

const path = z.string();
const archive = { data_dir: z.string(), path, trace: traceSchema.optional() };

export const controlOutputs = {
  error: z.object({
    code: z.literal('error'),
    ...common,
    error_code: z.string(),
    error: z.string(),
    hint: z.string().optional(),
    retryable: z.boolean(),
    replayed: z.boolean().optional(),
  }),
  dry_run: z.looseObject({
    code: z.literal('dry_run'),
    ...common,
    /** The Input's code. */
    command: z.string(),
    /** The Input as parsed. */
    params: z.unknown(),
  }),
  config: z.looseObject({ code: z.literal('config') }),
  version: z.object({
    code: z.literal('version'),
    version: z.string(),
    protocol_version: z.int(),
    /** Name and version of this program, where `version` is that of the protocol spoken. */
    server: z.string().optional(),
    trace: z.object({ uptime_s: z.number(), requests_total: z.int(), in_flight: z.int() }).partial().optional(),
  }),
  close: z.object({
    code: z.literal('close'),
    message: z.string(),
    trace: z.object({ uptime_s: z.number(), requests_total: z.int() }).optional(),
  }),
  log: z.looseObject({ code: z.literal('log'), event: z.string(), request_id: z.string().optional() }),
  data_backed_up: z.object({ code: z.literal('data_backed_up'), ...archive, created_at_utc: z.string() }),
  data_restored: z.object({ code: z.literal('data_restored'), ...archive }),
  network_data_backed_up: z.object({
    code: z.literal('network_data_backed_up'),
    ...archive,
    network: z.string(),
    created_at_utc: z.string(),
  }),
  network_data_restored: z.object({ code: z.literal('network_data_restored'), ...archive, network: z.string() }),
} as const;
