import type { LocalParts } from '@caravel/pay-cli';
import { PayError } from '@caravel/pay-protocol';

/** The node in this process. */
export const localParts: LocalParts = {
  settings: () => Promise.resolve({ warnings: [] }),
  open: refuse,
  serve: refuse,
};

function refuse(): Promise<never> {
  const hint = 'Ask another node with --rpc-endpoint, or say what would be done with --dry-run';
  return Promise.reject(new PayError('not_implemented', 'no node is built into this program', { hint }));
}
