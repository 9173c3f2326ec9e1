import type { NostrEvent } from '@caravel/nostr';
import { commandOf } from './command-of.js';
import type { InboxDeps } from './inbound-port.js';
import { readWrap } from './read-wrap.js';
import type { WrapRefusal } from './read-wrap.js';

/** What became of a wrap; a label of metrics. Who has no account here is a `stranger` and not answered. */
export type WrapOutcome = WrapRefusal | 'stranger' | 'answered' | 'known' | 'limited';

/**
 * Opens a wrap and notes the answer to what is in it: a message row like any other, so it is sent, tried again and shown as every
 * message is. Each rumor is answered once. Rejects when the database fails.
 */
export function receiveWrap({ signer, store, isTenant, commands, tell, clock, log }: ReceiveDeps) {
  return async (wrap: NostrEvent): Promise<WrapOutcome> => {
    const letter = readWrap(wrap, { robot: signer, now: clock.now() });
    if (typeof letter === 'string') return letter;
    const { rumorId, sender, text } = letter;
    if (!(await isTenant(sender))) return 'stranger';
    const command = commandOf(text, commands);
    const outcome = await store.receive({ rumorId, wrapId: wrap.id, sender, command }, LIMITS);
    if (outcome === 'answered') {
      log.info({ command }, 'a tenant asked the robot');
      await tell(sender);
    }
    return outcome;
  };
}

/** Enough for a person; too little for two robots to keep each other awake. */
const LIMITS = { answersAnHour: 10, unknownADay: 1 };

type ReceiveDeps = Pick<InboxDeps, 'signer' | 'store' | 'isTenant' | 'commands' | 'tell' | 'clock' | 'log'>;
