import { z } from 'zod';
import { defineInput } from '../define-input.js';
import { fields } from './fields.js';

export const controlInputs = {
  config: defineInput('config', {
    summary: 'Changes the log filters of this process; everything else is in config.toml',
    effect: 'change',
    localOnly: true,
    fields: {
      log: z
        .array(z.string().max(64))
        .max(64)
        .describe('Events to tell, by how their names begin; `all` for all')
        .optional(),
      data_dir: z.unknown().optional(),
      exchange_rate: z.unknown().optional(),
      afpay_rpc: z.unknown().optional(),
      providers: z.unknown().optional(),
    },
  }),
  config_show: defineInput('config_show', {
    summary: 'The settings in force, without secrets',
    effect: 'read',
    localOnly: true,
    fields: { id: fields.id },
  }),
  version: defineInput('version', {
    summary: 'Which version answers, and since when it runs',
    effect: 'read',
    fields: {},
  }),
  close: defineInput('close', {
    summary: 'pipe: ends after what is running',
    effect: 'read',
    fields: {},
  }),
} as const;
