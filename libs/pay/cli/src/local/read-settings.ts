import { readConfig } from '@caravel/pay-daemon';
import type { LocalFlags, LocalSettings } from '../afpay-deps.js';

/** Where config.toml sends commands to, and what is odd about it. Throws a PayError `invalid_config`. */
export function readSettings(env: Readonly<Record<string, string | undefined>>, flags: LocalFlags): LocalSettings {
  const { config, warnings } = readConfig({ env, flags });
  return { warnings, ...(config.client && { client: config.client }) };
}
