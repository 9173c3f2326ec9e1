import type { Clock } from '@caravel/domain';
import { unixSeconds } from '@caravel/domain';
import { makeDirectMessageRumor, wrapMessage } from '@caravel/nostr';
import type { NostrEvent, RelayPool, RelayResult, Signer } from '@caravel/nostr';
import type { Metrics } from '@caravel/service';
import type { Messages, OutgoingMessage } from './message-port.js';
import type { Composed } from './compose-message.js';
import { oneLine } from './one-line.js';
import type { FindRecipientRelays } from './recipient-relays.js';

/** How one try ended. `failed` may go better later, `impossible` never will, `interrupted` was our own doing. */
export type TryOutcome = { kind: 'sent' } | { kind: 'failed'; error: string } | Exclude<Composed, { kind: 'text' }>;

/**
 * One try to tell a tenant: composes the text, asks where the tenant takes messages, and gives one gift wrap to each of those
 * relays; one that takes it is enough. The words are written down before they first leave, so a try that repeats an earlier one
 * sends the same rumor in a new wrap, and a client shows one message.
 */
export function tryMessage(deps: TryMessageDeps) {
  const { messages, compose, recipients, pool, signer, clock, metrics } = deps;

  const wrapFor = ({ tenantPubkey: recipient, createdAt }: OutgoingMessage, text: string): NostrEvent => {
    const createdAtS = unixSeconds(createdAt);
    const rumor = makeDirectMessageRumor({ from: signer.pubkey, to: recipient, text, createdAtS });
    return wrapMessage({ signer, recipient, rumor, clock });
  };

  const send = async (message: OutgoingMessage, words: Words, signal: AbortSignal): Promise<TryOutcome> => {
    const relays = await recipients(message.tenantPubkey, signal);
    const isGuess = !relays.known && message.tries <= MAX_CAREFUL_TRIES;
    if (isGuess) return signal.aborted ? { kind: 'interrupted' } : NOT_FOUND;
    const text = words.isFixed ? words.text : await messages.fixText(message, words.text);
    if (text === null) return { kind: 'interrupted' };

    const operation = { timeoutMs: PUBLISH_TIMEOUT_MS, graceMs: GRACE_MS, signal };
    const results = await pool.publish(relays.urls, wrapFor(message, text), operation);
    const isSent = results.some(({ ok }) => ok);
    if (!isSent && signal.aborted) return { kind: 'interrupted' };

    for (const { ok } of results) metrics?.count('relay_publishes_total', { outcome: ok ? 'accepted' : 'failed' });
    const deliveries = results.map(toDelivery);
    await messages.recordDeliveries(message.id, deliveries, clock.now());
    if (isSent) return { kind: 'sent' };
    return { kind: 'failed', error: deliveries.map(({ relayUrl, error }) => `${relayUrl}: ${error ?? ''}`).join('; ') };
  };

  return async (message: OutgoingMessage, signal: AbortSignal): Promise<TryOutcome> => {
    // The process ended between the relay's OK and the note that it was sent.
    if (message.tries > 1 && (await messages.wasAccepted(message.id))) return { kind: 'sent' };

    const composed = await compose(message, signal);
    return composed.kind === 'text' ? send(message, composed, signal) : composed;
  };
}

type Words = Extract<Composed, { kind: 'text' }>;

const toDelivery = ({ url, ok, message }: RelayResult) => ({
  relayUrl: url,
  error: ok ? null : oneLine(message, MAX_ERROR_CHARS) || 'refused',
});

const PUBLISH_TIMEOUT_MS = 8_000;
/** Lists hold dead relays, too: they must not hold up everybody's messages once this one has arrived. */
const GRACE_MS = 2_000;
const MAX_ERROR_CHARS = 240;
/** While nobody can say where the tenant reads, a guess would count as sent; after a quarter of an hour it beats silence. */
const MAX_CAREFUL_TRIES = 5;
const NOT_FOUND: TryOutcome = { kind: 'failed', error: 'no relay could be asked for the relay lists of the tenant' };

export interface TryMessageDeps {
  messages: Pick<Messages, 'wasAccepted' | 'fixText' | 'recordDeliveries'>;
  compose: (message: OutgoingMessage, signal: AbortSignal) => Promise<Composed>;
  recipients: FindRecipientRelays;
  pool: Pick<RelayPool, 'publish'>;
  signer: Signer;
  clock: Clock;
  metrics?: Pick<Metrics, 'count'> | undefined;
}
