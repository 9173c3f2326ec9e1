import { type Clock, unixSeconds } from '@caravel/domain';
import { type NostrEvent, nostrEventSchema } from '@caravel/nostr';

import { type Relay, relayLink } from './relay-link.js';
import { REQUEST, type WalletEnvelope } from './wallet-envelope.js';

/**
 * The wallet's side of NIP-47 at one relay. Alby's service brings socket and cryptography; its own loop is not used, because
 * it tags no recipient, ignores `expiration`, cannot say when it listens, and writes to the console. Resolves when the relay
 * delivers requests and the info event is stored; reconnects until stopped.
 */
export async function serveWallet(deps: WalletServiceDeps): Promise<WalletService> {
  const { envelope, clock } = deps;
  const handled = new Set<string>();
  const nowS = () => unixSeconds(clock.now());

  async function receive(event: NostrEvent): Promise<void> {
    if (handled.has(event.id)) return; // a relay may deliver twice, money moves once
    handled.add(event.id);
    const opened = await envelope.open(event, nowS());
    if (!opened) return;
    const { request, refusal } = opened;
    const answer = request ? await deps.handle({ ...request, client: event.pubkey }) : { error: refusal };
    if (!answer) return;
    const body = {
      result_type: request?.method ?? '',
      error: 'error' in answer ? { code: answer.error.code, message: answer.error.message } : null,
      result: 'result' in answer ? answer.result : null,
    };
    const how = { createdAtS: nowS(), encryption: request?.encryption };
    const link = await linking; // a request may come before the connection is fully set up
    await link.publish(await envelope.response(event, body, how));
  }

  async function listen(relay: Relay): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      relay.subscribe([{ kinds: [REQUEST], '#p': [envelope.pubkey] }], {
        onevent: (event) => {
          receive(nostrEventSchema.parse(event)).catch(() => undefined); // the stand-in stopped while it waited
        },
        oneose: resolve,
        onclose: (reason) => {
          reject(new Error(`the relay closed the subscription: ${reason}`));
        },
      });
    });
    await relay.publish(await envelope.info(deps.methods, nowS()));
  }

  const linking = relayLink({ relayUrl: deps.relayUrl, listen, wait: deps.wait });
  const link = await linking;
  return {
    notify: async (client, body) => link.publish(await envelope.notification(client, body, nowS())),
    stop: link.stop,
  };
}

/** `undefined`: no answer at all. */
export type WalletAnswer = { result: unknown } | { error: { code: string; message: string } } | undefined;

export interface WalletCall {
  method: string;
  params?: unknown;
  /** The key that asked. */
  client: string;
}

export interface WalletService {
  notify: (client: string, body: unknown) => Promise<void>;
  stop: () => Promise<void>;
}

interface WalletServiceDeps {
  relayUrl: string;
  envelope: WalletEnvelope;
  methods: readonly string[];
  handle: (call: WalletCall) => Promise<WalletAnswer>;
  clock: Clock;
  wait: (ms: number) => Promise<void>;
}
