import { systemClock } from '@caravel/domain';
import { generateSecret } from '@caravel/nostr';
import { z } from 'zod';
import { lifeLine } from './run-life.js';
import { tenantLife } from './life.js';
import { walk } from './life-step.js';
import { poll } from './poll.js';

/** Addresses of a deployment whose outside is made of stand-ins: what the one-shot container `life` is told. */
export const lifeConfigSchema = z.object({
  SERVER_URL: z.url(),
  NWC_URL: z.string().optional(),
  WALLET_URL: z.string().optional(),
  RELAY_URL: z.string(),
  ZOOID_URL: z.url(),
  /** Control URL of the tenant's wallet: it tells the wallet's NWC URL. */
  STAND_INS_URL: z.url().optional(),
});

const PATIENCE_MS = 60_000;

/** A life against services that are already up, wherever they run. Answers the exit code. */
export async function runLifeOnce(
  env: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
): Promise<number> {
  const config = lifeConfigSchema.parse(env);
  const nwcUrl = config.NWC_URL ?? (await askForWallet(config.STAND_INS_URL));
  const life = tenantLife({
    serverUrl: config.SERVER_URL,
    tenantSecret: generateSecret(),
    nwcUrl,
    relayUrl: config.RELAY_URL,
    zooidUrl: config.ZOOID_URL,
    clock: systemClock,
    patienceMs: PATIENCE_MS,
  });
  try {
    const ok = await walk(life.steps, (result) => {
      say(lifeLine(result));
    });
    return ok ? 0 : 1;
  } finally {
    life.close();
  }
}

async function askForWallet(standInsUrl: string | undefined): Promise<string> {
  if (!standInsUrl) throw new Error('NWC_URL or STAND_INS_URL must be set');
  const answer = await poll(
    'the stand-ins answered',
    () => fetch(`${standInsUrl}/addresses`).then((got) => got.json()),
    PATIENCE_MS,
  );
  return z.object({ tenantWallet: z.object({ url: z.string() }) }).parse(answer).tenantWallet.url;
}
