import { createHash } from 'node:crypto';
import type { Pubkey } from '@caravel/domain';
import { boxRecipient, open, seal, secretSigner } from '@caravel/nostr';

const USE = 'nwc_url';
/** A box that no key opens. */
export const BROKEN_BOX = 'broken';

/** The keys wallets are sealed to, as an operator rotates them: the one before is kept until all boxes are on the current one. */
export function sealKeys({ seed, note }: { seed: number; note: (line: string) => void }) {
  let rotations = 0;
  let isResealed = true;
  const newKey = (): Key => {
    const secret = createHash('sha256').update(`${seed}/seal-key/${rotations}`).digest('hex');
    return { secret, pubkey: secretSigner(secret).pubkey };
  };
  let held: readonly [Key, ...Key[]] = [newKey()];
  /** Opening is dear, and what is in a box never changes. */
  const opened = new Map<string, string>();

  return {
    rotations: () => rotations,
    secrets: () => held.map(({ secret }) => secret),
    seal: (subject: Pubkey, name: string): Sealed => {
      const [{ pubkey: recipient }] = held;
      const sealedUrl = seal({ recipient, use: USE, subject, fields: { url: name } });
      opened.set(sealedUrl, name);
      return { sealedUrl, sealPubkey: recipient };
    },
    breakBox: (): Sealed => ({ sealedUrl: BROKEN_BOX, sealPubkey: held[0].pubkey }),
    /** The wallet's name; undefined when none of the keys that are held opens its box. */
    open: (subject: Pubkey, box: string): string | undefined => {
      if (box === BROKEN_BOX || !held.some(({ pubkey }) => pubkey === boxRecipient(box))) return undefined;
      const secrets = held.map(({ secret }) => secret);
      const name = opened.get(box) ?? open({ secrets, box, use: USE, subject })['url'] ?? '';
      opened.set(box, name);
      return name;
    },
    rotate: (): void => {
      if (!isResealed) {
        note('the sealing key is not rotated: some boxes are still on the one before');
        return;
      }
      rotations += 1;
      isResealed = false;
      held = [newKey(), held[0]];
    },
    /** A process has sealed all boxes to what was the current key after so many rotations. */
    resealed: (after: number): void => {
      isResealed ||= after === rotations;
    },
  };
}

export type SealKeys = ReturnType<typeof sealKeys>;

interface Key {
  secret: string;
  pubkey: Pubkey;
}

/** A wallet connection as it is stored. */
export interface Sealed {
  sealedUrl: string;
  sealPubkey: Pubkey;
}
