import type { Pubkey } from '@caravel/domain';
import type { NostrEvent } from '../events.js';
import { nip04Decrypt, nip04Encrypt } from '../nip04.js';
import { relayPool } from '../relay-pool.js';
import { generateSecret, secretSigner } from '../signer.js';

export interface WalletRequest {
  method: string;
  params: Record<string, unknown>;
  event: NostrEvent;
}

export interface TestWallet {
  pubkey: Pubkey;
  requests: WalletRequest[];
  /** Sends a reply event by hand: `content` is encrypted like the request. */
  reply: (request: NostrEvent, content: unknown, change?: ReplyChange) => Promise<void>;
  close: () => void;
}

interface ReplyChange {
  kind?: number;
  tags?: string[][];
  encrypt?: boolean;
}

export interface WalletOptions {
  relays: string[];
  /** The `encryption` tag of its info event; `no tag` and `no event` leave out what they say. */
  encryption: string;
  /** Called once per request; the answer, if any, is sent as the reply. */
  answer: (request: WalletRequest, wallet: TestWallet) => unknown;
}

/** The wallet's side of NIP-47, as far as tests need it. */
export async function startTestWallet({ relays, encryption, answer }: WalletOptions): Promise<TestWallet> {
  const secret = generateSecret();
  const secretBytes = new Uint8Array(Buffer.from(secret, 'hex'));
  const signer = secretSigner(secret);
  const pool = relayPool({ auth: signer });
  const usesNip44 = (event: NostrEvent) =>
    event.tags.some(([name, value]) => name === 'encryption' && value === 'nip44_v2');
  const wallet: TestWallet = {
    pubkey: signer.pubkey,
    requests: [],
    async reply(request, content, { kind = 23_195, tags, encrypt = true } = {}) {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      const encrypted = usesNip44(request)
        ? signer.nip44Encrypt(request.pubkey, text)
        : nip04Encrypt(secretBytes, request.pubkey, text);
      const event = signer.sign({
        kind,
        created_at: request.created_at,
        tags: tags ?? [
          ['p', request.pubkey],
          ['e', request.id],
        ],
        content: encrypt ? encrypted : text,
      });
      await pool.publish(relays, event);
    },
    close: () => {
      pool.close();
    },
  };
  if (encryption !== 'no event') {
    const tags = encryption === 'no tag' ? [] : [['encryption', encryption]];
    await pool.publish(relays, signer.sign({ kind: 13_194, created_at: 1, tags, content: 'pay_invoice get_info' }));
  }
  await new Promise<void>((resolve) => {
    pool.subscribe(relays, [{ kinds: [23_194], '#p': [signer.pubkey] }], {
      onReady: () => {
        resolve();
      },
      onEvent(event) {
        const text = usesNip44(event)
          ? signer.nip44Decrypt(event.pubkey, event.content)
          : nip04Decrypt(secretBytes, event.pubkey, event.content);
        const request = { ...(JSON.parse(text) as Pick<WalletRequest, 'method' | 'params'>), event };
        wallet.requests.push(request);
        const reply = answer(request, wallet);
        if (reply !== undefined) void wallet.reply(event, reply);
      },
    });
  });
  return wallet;
}
