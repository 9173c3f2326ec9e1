import { createClient } from '@caravel/api-client';
import type { Client } from '@caravel/api-client';
import { checkAnswer } from '@caravel/api-client/check';
import type { Signer } from '@caravel/nostr';

/** Shorter than any outage of a queue that tests make: a command answers whatever happens to queues. */
const CALL_MS = 8_000;

/** Calls the public API as a frontend does. Each is tried once: trying again would hide that something did not answer. */
export function sessionApi(serverUrl: string, signer: Signer, nowMs: () => number): Client {
  return createClient({
    serverUrl,
    signer: {
      getPublicKey: () => Promise.resolve(signer.pubkey),
      signEvent: (event) => Promise.resolve(signer.sign(event)),
    },
    tries: 1,
    timeoutMs: CALL_MS,
    check: checkAnswer,
    surroundings: { nowMs },
  });
}
