import { runPayNode } from '@caravel/pay-daemon';
import type { LocalFlags } from '../afpay-deps.js';

/** The daemon, until a signal ends it. */
export function serve(
  env: Readonly<Record<string, string | undefined>>,
  mode: 'rpc' | 'rest',
  flags: LocalFlags,
): Promise<void> {
  return runPayNode({ env, mode, flags });
}
