import { type Clock, systemClock } from '@caravel/domain';
import { Bolt11Error } from '@caravel/lightning';
import { generateSecret, secretSigner } from '@caravel/nostr';

import { type CallLog, callLog } from '../calls.js';
import { type FaultBook, faultBook, withFault } from '../faults.js';
import { waiter } from '../waiter.js';
import { LightningError } from './lightning-error.js';
import { type Encryption, walletEnvelope } from './wallet-envelope.js';
import { serveWallet, type WalletAnswer, type WalletCall } from './wallet-service.js';

/** NIP-47 at a real relay for one connection, with faults: whoever holds the money says what the requests do. */
export async function openNwcDoor(options: NwcDoorOptions): Promise<NwcDoor> {
  const { relayUrl, methods, request, clock = systemClock } = options;
  const { walletSecret = generateSecret(), clientSecret = generateSecret() } = options;
  const [faults, calls] = [faultBook(), callLog(clock)];
  const { wait, stop: stopWaiting } = waiter();
  const client = secretSigner(clientSecret).pubkey;
  const envelope = walletEnvelope({
    walletSecret,
    relayUrl,
    encryptions: options.encryptions ?? ['nip44_v2', 'nip04'],
  });

  async function handle(call: WalletCall): Promise<WalletAnswer> {
    const record = calls.add(call.method, { params: call.params });
    const outcome = await withFault<NonNullable<WalletAnswer>>(faults.take(call.method), {
      work: () => attempt(() => request(call.method, call.params), call.client === client),
      failure: ({ code = 'INTERNAL' }) => ({ error: { code, message: 'told to fail' } }),
      wait,
    });
    record['outcome'] = typeof outcome === 'object' ? outcome.answer : outcome;
    return typeof outcome === 'object' ? outcome.answer : undefined;
  }

  const service = await serveWallet({ relayUrl, envelope, methods, handle, clock, wait });
  return {
    url: `nostr+walletconnect://${envelope.pubkey}?relay=${encodeURIComponent(relayUrl)}&secret=${clientSecret}`,
    pubkey: envelope.pubkey,
    faults,
    calls,
    notify: (body) => {
      void service.notify(client, body);
    },
    stop: async () => {
      const stopped = service.stop(); // before the waits end, or it would try to reconnect
      stopWaiting();
      await stopped;
    },
  };
}

async function attempt(work: () => unknown, isClient: boolean): Promise<NonNullable<WalletAnswer>> {
  if (!isClient) return { error: new LightningError('UNAUTHORIZED', 'this key has no connection to the wallet') };
  try {
    return { result: await work() };
  } catch (error) {
    if (error instanceof LightningError) return { error };
    if (error instanceof Bolt11Error) return { error: { code: 'OTHER', message: error.message } };
    throw error;
  }
}

export interface NwcDoor {
  /** The connection, for a client. */
  url: string;
  /** The wallet's own key. */
  pubkey: string;
  faults: FaultBook;
  calls: CallLog;
  /** Tells the client, when somebody listens. */
  notify: (body: unknown) => void;
  stop: () => Promise<void>;
}

interface NwcDoorOptions {
  relayUrl: string;
  /** What the connection may do. */
  methods: readonly string[];
  /** Throws a `LightningError` to refuse. */
  request: (method: string, params: unknown) => unknown;
  encryptions?: readonly Encryption[] | undefined;
  walletSecret?: string | undefined;
  clientSecret?: string | undefined;
  clock?: Clock | undefined;
}
