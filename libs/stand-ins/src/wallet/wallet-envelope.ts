import './global-web-socket.js';

import { NWCWalletService, NWCWalletServiceKeyPair } from '@getalby/sdk/nwc';
import type { NostrEvent } from '@caravel/nostr';
import { z } from 'zod';

import { expirationS, tagValue } from '../relay/event-kinds.js';
import { LightningError } from './lightning-error.js';

export const REQUEST = 23_194;
const RESPONSE = 23_195;
const NOTIFICATION = { nip44_v2: 23_197, nip04: 23_196 } as const;

const requestSchema = z.object({ method: z.string(), params: z.unknown() });

/**
 * Opens requests and closes answers of NIP-47 for one wallet, with the cryptography of Alby's wallet service: it is not ours,
 * so a misreading of ours shows.
 */
export function walletEnvelope({ walletSecret, encryptions, relayUrl }: EnvelopeOptions): WalletEnvelope {
  const sdk = new NWCWalletService({ relayUrl });
  const keyPair = (peer: string) => new NWCWalletServiceKeyPair(walletSecret, peer);
  const preferred = encryptions[0] ?? 'nip04';

  async function close(peer: string, body: unknown, { kind, tags, createdAtS, encryption }: Closing) {
    const content = z.string().parse(await sdk.encrypt(keyPair(peer), JSON.stringify(body), encryption));
    return sdk.signEvent({ kind, created_at: createdAtS, tags: [['p', peer], ...tags], content }, walletSecret);
  }

  return {
    pubkey: keyPair('0'.repeat(64)).walletPubkey,
    info: (methods, createdAtS) => {
      const tags = [
        ...(encryptions.length > 0 ? [['encryption', encryptions.join(' ')]] : []),
        ['notifications', 'payment_received payment_sent'],
      ];
      const content = [...methods, 'notifications'].join(' ');
      return sdk.signEvent({ kind: 13_194, created_at: createdAtS, tags, content }, walletSecret);
    },
    open: async (event, nowS) => {
      if (expirationS(event) <= nowS) return undefined;
      const scheme = tagValue(event, 'encryption') ?? 'nip04';
      const encryption = ENCRYPTIONS.find((known) => known === scheme && offers(encryptions, known));
      if (!encryption) return { refusal: new LightningError('UNSUPPORTED_ENCRYPTION', `${scheme} is not offered`) };
      try {
        const text = z.string().parse(await sdk.decrypt(keyPair(event.pubkey), event.content, encryption));
        return { request: { ...requestSchema.parse(JSON.parse(text)), encryption } };
      } catch {
        return undefined; // not for this wallet, or no request
      }
    },
    response: (event, body, { createdAtS, encryption = preferred }) =>
      close(event.pubkey, body, { kind: RESPONSE, tags: [['e', event.id]], createdAtS, encryption }),
    notification: (peer, body, createdAtS) =>
      close(peer, body, { kind: NOTIFICATION[preferred], tags: [], createdAtS, encryption: preferred }),
  };
}

const ENCRYPTIONS = ['nip44_v2', 'nip04'] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];

/** A wallet that advertises nothing speaks NIP-04 only (NIP-47). */
const offers = (encryptions: readonly Encryption[], wanted: Encryption): boolean =>
  encryptions.length === 0 ? wanted === 'nip04' : encryptions.includes(wanted);

type SignedEvent = Awaited<ReturnType<NWCWalletService['signEvent']>>;

export interface WalletEnvelope {
  pubkey: string;
  /** The wallet's info event, kind 13194. */
  info(methods: readonly string[], createdAtS: number): Promise<SignedEvent>;
  /** Undefined for what a wallet ignores: expired, not decryptable, not a request. */
  open(event: NostrEvent, nowS: number): Promise<Opened | undefined>;
  response(
    event: NostrEvent,
    body: unknown,
    how: { createdAtS: number; encryption?: Encryption | undefined },
  ): Promise<SignedEvent>;
  notification(peer: string, body: unknown, createdAtS: number): Promise<SignedEvent>;
}

type Opened = { request: WalletRequest; refusal?: never } | { refusal: LightningError; request?: never };

export interface WalletRequest {
  method: string;
  params?: unknown;
  encryption: Encryption;
}

interface Closing {
  kind: number;
  tags: string[][];
  createdAtS: number;
  encryption: Encryption;
}

interface EnvelopeOptions {
  walletSecret: string;
  /** Advertised, best first; empty: no `encryption` tag, as old wallets. */
  encryptions: readonly Encryption[];
  relayUrl: string;
}
