import { createClient } from '@caravel/api-client';
import type { Client, ClientOptions } from '@caravel/api-client';
import { checkAnswer } from '@caravel/api-client/check';
import { secretSigner } from '@caravel/nostr';

/** A client with the key in memory, that doesn't trust the server. */
export function keyClient(
  serverUrl: string,
  secret: string,
  options: Pick<ClientOptions, 'mode'> = {},
): Client & { pubkey: string } {
  const key = secretSigner(secret);
  const client = createClient({
    serverUrl,
    signer: {
      getPublicKey: () => Promise.resolve(key.pubkey),
      signEvent: (event) => Promise.resolve(key.sign(event)),
    },
    check: checkAnswer,
    ...options,
  });
  return { ...client, pubkey: key.pubkey };
}
