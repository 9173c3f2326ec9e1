import { asBuffer, parseRelayMessage } from '@caravel/nostr';
import type { RelayMessage } from '@caravel/nostr';
import type { RawData, WebSocket } from 'ws';
import { ZooidError } from '../zooid-error.js';

/**
 * What a relay says, to be taken one message after the other. Of what nobody has taken yet only about 1 MiB is held: the
 * socket is paused, and the relay waits. Ends the socket when it is closed or `signal` aborts.
 */
export function messageInbox(socket: WebSocket, { signal, silenceMs = 30_000 }: InboxOptions): MessageInbox {
  const held: { message: RelayMessage; bytes: number }[] = [];
  let [heldBytes, failure]: [number, Error | null] = [0, null];
  let wake = (): void => undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    wake();
    socket.terminate();
  };
  const onAbort = () => {
    fail(new Error('aborted'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  socket.on('error', (cause) => {
    fail(new ZooidError('The relay could not be reached.', { cause }));
  });
  socket.on('close', (code) => {
    fail(new ZooidError('The relay ended the connection.', { detail: `code ${code}` }));
    signal.removeEventListener('abort', onAbort);
  });
  socket.on('message', (data: RawData) => {
    const bytes = asBuffer(data);
    const message = parseRelayMessage(bytes.toString('utf8'));
    if (!message || failure) return;
    held.push({ message, bytes: bytes.length });
    heldBytes += bytes.length;
    if (heldBytes >= MAX_HELD_BYTES) socket.pause();
    wake();
  });

  const somethingNew = async (): Promise<void> => {
    signal.throwIfAborted();
    if (failure) throw failure;
    const silence = setTimeout(() => {
      fail(new ZooidError('The relay did not answer in time.'));
    }, silenceMs);
    await new Promise<void>((resolve) => (wake = resolve));
    clearTimeout(silence);
  };

  return {
    until: async (take) => {
      for (;;) {
        const next = held.shift();
        if (!next) {
          await somethingNew();
          continue;
        }
        heldBytes -= next.bytes;
        if (heldBytes < MAX_HELD_BYTES / 2 && socket.isPaused) socket.resume();
        const taken = take(next.message);
        if (taken !== null) return taken;
      }
    },
    close: () => {
      fail(new Error('closed'));
    },
  };
}

const MAX_HELD_BYTES = 1024 * 1024;

export interface MessageInbox {
  /** Drops messages until `take` makes something of one. @throws ZooidError at the end of the connection or in silence. */
  until: <Taken>(take: (message: RelayMessage) => Taken | null) => Promise<Taken>;
  close: () => void;
}

interface InboxOptions {
  signal: AbortSignal;
  silenceMs?: number | undefined;
}
