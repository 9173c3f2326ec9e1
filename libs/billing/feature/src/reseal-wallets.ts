import type { Pubkey } from '@caravel/domain';
import { open, seal, SealedBoxError, secretSigner } from '@caravel/nostr';
import type { Logger } from '@caravel/service';
import type { Gauge } from './observe.js';

/** Sealed wallet connections in rows. */
export interface WalletBoxes {
  sealedTo: (keys: readonly Pubkey[], page: { after: Pubkey | null; limit: number }) => Promise<WalletBox[]>;
  notSealedTo: (key: Pubkey) => Promise<number>;
  /** False when the tenant has set another wallet meanwhile. */
  reseal: (box: WalletBox, to: { sealedUrl: string; key: Pubkey }) => Promise<boolean>;
}

interface WalletBox {
  tenantPubkey: Pubkey;
  sealedUrl: string;
}

const BATCH = 100;
const USE = 'nwc_url';

/**
 * After a rotation: wallet connections sealed to a previous key are sealed to the current one, until none is left and the previous
 * secret can be removed. `billing_wallet_boxes_on_old_keys` counts those that are. A box that can't be opened is reported once and left
 * alone; its tenant is asked for the wallet again when it is used.
 */
export function resealWallets({ secrets: [current = '', ...previous], boxes, gauge, log }: ResealDeps) {
  const { pubkey: key } = secretSigner(current);
  const oldKeys = previous.map((secret) => secretSigner(secret).pubkey).filter((old) => old !== key);
  const broken = new Set<Pubkey>();

  const reseal = async (box: WalletBox): Promise<void> => {
    const { tenantPubkey: subject, sealedUrl } = box;
    try {
      const { url = '' } = open({ secrets: previous, box: sealedUrl, use: USE, subject });
      await boxes.reseal(box, { sealedUrl: seal({ recipient: key, use: USE, subject, fields: { url } }), key });
    } catch (error) {
      if (!(error instanceof SealedBoxError)) throw error;
      if (!broken.has(subject)) log.error({ alert: 'wallet-box', tenantPubkey: subject, reason: error.reason }, BROKEN);
      broken.add(subject);
    }
  };

  return async (signal: AbortSignal): Promise<void> => {
    let after: Pubkey | null = null;
    do {
      const page: WalletBox[] = oldKeys.length === 0 ? [] : await boxes.sealedTo(oldKeys, { after, limit: BATCH });
      for (const box of page) await reseal(box);
      after = page.at(-1)?.tenantPubkey ?? null;
    } while (after !== null && !signal.aborted);
    gauge('billing_wallet_boxes_on_old_keys', await boxes.notSealedTo(key));
  };
}

const BROKEN = 'a stored wallet connection could not be sealed to the new key';

export interface ResealDeps {
  /** The current key's, then any previous one's. */
  secrets: readonly string[];
  boxes: WalletBoxes;
  gauge: Gauge;
  log: Logger;
}
