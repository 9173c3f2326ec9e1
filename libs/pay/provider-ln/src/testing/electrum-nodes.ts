import { readFileSync } from 'node:fs';
import { electrumNode } from '@caravel/stand-ins';
import type { LightningNode } from '@caravel/stand-ins';
import { z } from 'zod';

/** The two real nodes that `npm run peers` started and wrote down in `file`; undefined where it did not. */
export function electrumNodes(file: string | undefined): LightningNodes | undefined {
  if (file === undefined) return undefined;
  const { lightning } = peersSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { payer: electrumNode(lightning.alice), payee: electrumNode(lightning.bob) };
}

const daemon = z.object({ rpcUrl: z.string(), user: z.string(), password: z.string(), wallet: z.string() });
const peersSchema = z.object({ lightning: z.object({ alice: daemon, bob: daemon }) });

export interface LightningNodes {
  payer: LightningNode;
  payee: LightningNode;
}
