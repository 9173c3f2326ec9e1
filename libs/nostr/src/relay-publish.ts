import { linkAbort } from './deadline.js';
import type { NostrEvent } from './events.js';
import { failure } from './relay-failure.js';
import type { UseRelay } from './relay-lease.js';
import type { PublishResult } from './relay-pool-types.js';

export interface Publication {
  use: UseRelay;
  event: NostrEvent;
  /** How long the others have once a relay has accepted; without it all have until the deadline. */
  graceMs: number | undefined;
}

/** Gives an event to every relay at the same time; one result each, in order. Never rejects. */
export async function publishToAll(
  relays: readonly string[],
  { use, event, graceMs }: Publication,
  signal: AbortSignal,
): Promise<PublishResult[]> {
  const enough = new AbortController();
  const unlink = linkAbort(signal, enough);
  let timer: NodeJS.Timeout | undefined;
  const publish = async (url: string): Promise<PublishResult> => {
    const result = await publishTo(url, { use, event }, enough.signal);
    if (result.ok && graceMs !== undefined) {
      timer ??= setTimeout(() => {
        enough.abort(new Error('slower than the others'));
      }, graceMs);
    }
    return result;
  };
  return Promise.all(relays.map(publish)).finally(() => {
    clearTimeout(timer);
    unlink();
  });
}

async function publishTo(
  url: string,
  { use, event }: Pick<Publication, 'use' | 'event'>,
  signal: AbortSignal,
): Promise<PublishResult> {
  let handed = false;
  const onHanded = (): void => {
    handed = true;
  };
  try {
    const answer = await use(url, (connection) => connection.publish(event, { signal, onHanded }));
    return { url, ...answer, handed };
  } catch (error) {
    return { ...failure(url, error), handed };
  }
}
