import { GIFT_WRAP_KIND, messagingRelayListEvent, relayListEvent, unwrapMessage } from '@caravel/nostr';
import type { NostrEvent, RelayPool, Signer } from '@caravel/nostr';

/** The tenant's side of private messages: where it reads them and the key that opens them. */
export interface Inbox {
  pool: RelayPool;
  signer: Signer;
  relayUrl: string;
  nowS: () => number;
}

/** Tells the world where the tenant reads messages (kinds 10002 and 10050), so that the robot finds it. */
export async function publishRelayLists({ pool, signer, relayUrl, nowS }: Inbox): Promise<void> {
  const lists = [relayListEvent([relayUrl], nowS()), messagingRelayListEvent([relayUrl], nowS())];
  for (const list of lists) {
    const [result] = await pool.publish([relayUrl], signer.sign(list));
    if (!result?.ok) throw new Error(`the relay refused kind ${list.kind}: ${result?.message ?? 'no answer'}`);
  }
}

/** Waits for a gift wrap whose message contains `contains`; answers its text. Others are ignored. */
export async function expectMessage(
  { pool, signer, relayUrl }: Inbox,
  { contains, timeoutMs }: { contains: string; timeoutMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.close();
      reject(new Error(`no message within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const subscription = pool.subscribe([relayUrl], [{ kinds: [GIFT_WRAP_KIND], '#p': [signer.pubkey] }], (event) => {
      const text = readMessage(signer, event);
      if (!text?.includes(contains)) return;
      clearTimeout(timer);
      subscription.close();
      resolve(text);
    });
  });
}

/** All messages that wait for the tenant now, distinct by rumor id as a client shows them. */
export async function readMessages({ pool, signer, relayUrl }: Inbox): Promise<string[]> {
  const wraps = await pool.query([relayUrl], [{ kinds: [GIFT_WRAP_KIND], '#p': [signer.pubkey] }]);
  const rumors = wraps.flatMap((wrap) => {
    try {
      return [unwrapMessage(signer, wrap)];
    } catch {
      return [];
    }
  });
  return [...new Map(rumors.map((rumor) => [rumor.id, rumor.content])).values()];
}

function readMessage(signer: Signer, event: NostrEvent): string | undefined {
  try {
    return unwrapMessage(signer, event).content;
  } catch {
    return undefined; // a wrap of somebody else's making
  }
}
