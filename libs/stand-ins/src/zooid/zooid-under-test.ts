import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';
import { startZooid } from './start-zooid.js';

/** A real zooid, from the environment of a test. */
export interface RealZooid {
  /** `ZOOID_URL`: its management API. */
  url: string | undefined;
  /** `ZOOID_RELAY_URL`: where it serves relays, if elsewhere. */
  relayUrl?: string | undefined;
  /** `ZOOID_TEST_SECRET`: a key on its whitelist. */
  secret?: string | undefined;
}

export interface ZooidUnderTest {
  apiUrl: string;
  relayUrl: string;
  /** May manage it. */
  signer: Signer;
  stop: () => Promise<void>;
}

/** The zooid that a suite talks to which needs nothing of it but what every zooid does: a real one, or a stand-in. */
export async function zooidUnderTest({ url = '', relayUrl, secret }: RealZooid): Promise<ZooidUnderTest> {
  const signer = secretSigner(secret ?? generateSecret());
  if (url !== '') return { apiUrl: url, relayUrl: relayUrl ?? url, signer, stop: () => Promise.resolve() };
  const dir = await mkdtemp(join(tmpdir(), 'zooid-'));
  const zooid = await startZooid({ dir, whitelist: [signer.pubkey] });
  const stop = async (): Promise<void> => {
    await zooid.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { apiUrl: zooid.url, relayUrl: zooid.url, signer, stop };
}
