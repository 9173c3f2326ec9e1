import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { openRelaySocket, relayAuthEvent } from '@caravel/nostr';
import type { Filter, RelayMessage, Signer } from '@caravel/nostr';
import { z } from 'zod';
import { ZooidError } from '../zooid-error.js';
import { messageInbox } from './message-inbox.js';
import type { MessageInbox } from './message-inbox.js';

/**
 * A connection to one relay of a zooid, at zooid's address under the relay's own host name, signed in (NIP-42) before the
 * first question: what is open to everybody would also be answered to nobody, without what only the relay's own key may
 * see. Reads at the pace of whoever takes the events. @throws ZooidError whenever the relay doesn't answer as it should.
 */
export async function openRelayReader(options: RelayReaderOptions): Promise<RelayReader> {
  const { url, host } = options;
  // The certificate has to be the relay's, not that of the address.
  const named = { headers: { host }, servername: host };
  const socket = openRelaySocket(url.replace(/^http/, 'ws'), named);
  const inbox = messageInbox(socket, options);
  const send = (message: unknown[]) => {
    socket.send(JSON.stringify(message));
  };
  try {
    await authenticate(inbox, send, options);
  } catch (error) {
    inbox.close();
    throw error;
  }

  let requests = 0;
  return {
    read: (filter) => {
      requests += 1;
      return answerTo(`r${requests}`, filter, { inbox, send });
    },
    count: async (filter) => {
      requests += 1;
      const requestId = `r${requests}`;
      send(['COUNT', requestId, filter]);
      return inbox.until((message) => {
        if (message[1] !== requestId) return null;
        return message[0] === 'COUNT' ? { count: message[2] } : message[0] === 'CLOSED' ? { count: null } : null;
      });
    },
    close: inbox.close,
  };
}

async function authenticate(inbox: MessageInbox, send: Send, options: RelayReaderOptions): Promise<void> {
  const { signer, clock, host } = options;
  const [, text] = await inbox.until((message) => (message[0] === 'AUTH' ? message : null));
  const event = relayAuthEvent(signer, { url: `wss://${host}`, text, nowS: unixSeconds(clock.now()) });
  send(['AUTH', event]);
  const [, , accepted, words] = await inbox.until((message) =>
    message[0] === 'OK' && message[1] === event.id ? message : null,
  );
  if (!accepted) throw new ZooidError('The relay did not accept its own key.', { detail: words });
}

async function* answerTo(
  requestId: string,
  filter: Filter,
  { inbox, send }: { inbox: MessageInbox; send: Send },
): AsyncGenerator<StoredEvent> {
  send(['REQ', requestId, filter]);
  const aboutUs = (message: RelayMessage) => (message[1] === requestId ? message : null);
  for (;;) {
    const message = await inbox.until(aboutUs);
    if (message[0] === 'EOSE') break;
    if (message[0] === 'CLOSED') throw new ZooidError('The relay refused to be read.', { detail: message[2] });
    const event = message[0] === 'EVENT' ? storedEventSchema.safeParse(message[2]).data : undefined;
    if (event) yield event;
  }
  send(['CLOSE', requestId]);
}

/**
 * Everything an event has; the signature is the relay's business, which has checked it when the event came in. Fields
 * nobody defined are left out.
 */
const storedEventSchema = z.object({
  id: z.string(),
  pubkey: z.string(),
  created_at: z.int(),
  kind: z.int(),
  tags: z.array(z.array(z.string())),
  content: z.string(),
  sig: z.string(),
});

/** An event as a relay has it: of the right shape, not verified. */
export type StoredEvent = z.output<typeof storedEventSchema>;

export interface RelayReader {
  /** What is stored and matches, in the relay's order. One at a time: read to the end before the next. */
  read: (filter: Filter) => AsyncIterable<StoredEvent>;
  /** How many events match (NIP-45); null when the relay says that it does not count. Many say nothing at all then. */
  count: (filter: Filter) => Promise<{ count: number | null }>;
  close: () => void;
}

export interface RelayReaderOptions {
  /** Where zooid serves relays: http(s) or ws(s). */
  url: string;
  /** The relay's own host name, without a port. */
  host: string;
  signer: Signer;
  clock: Clock;
  signal: AbortSignal;
  /** A relay that says nothing for this long although asked is gone; 30 s by default. */
  silenceMs?: number | undefined;
}

type Send = (message: unknown[]) => void;
