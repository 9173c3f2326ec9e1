import { systemClock, unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import {
  generateSecret,
  makeDirectMessageRumor,
  nostrEventSchema,
  secretSigner,
  unwrapMessage,
  wrapMessage,
} from '@caravel/nostr';
import type { NostrEvent, Signer } from '@caravel/nostr';
import { wrapEvent } from 'nostr-tools/nip17';

/** As long as the robot's own texts are. */
const TEXT = [
  'Your relay hosting invoice is due: $12.50 (20,833 sats).',
  'Relays: The Tea House, Weavers of the North, Night Shift, Letters',
  'Please pay it here: https://app.example/home?invoice=01975d2e7c7a7c6fb0b1d5a6c2f3e4d5',
].join('\n');

const secret = generateSecret();
const robot = secretSigner(secret);
const secretBytes = new Uint8Array(Buffer.from(secret, 'hex'));

/** One gift-wrapped message (NIP-17), as the robot makes it. */
export function ourWrap(recipient: Pubkey): NostrEvent {
  const createdAtS = unixSeconds(systemClock.now());
  const rumor = makeDirectMessageRumor({ from: robot.pubkey, to: recipient, text: TEXT, createdAtS });
  return wrapMessage({ signer: robot, recipient, rumor });
}

/** The same message by nostr-tools. */
export function theirWrap(recipient: Pubkey): unknown {
  return wrapEvent(secretBytes, { publicKey: recipient }, TEXT);
}

/** Whether the recipient reads in a wrap what was written. */
export function isRead(recipient: Signer, wrap: unknown): boolean {
  const { content, pubkey } = unwrapMessage(recipient, nostrEventSchema.parse(wrap));
  return content === TEXT && pubkey === robot.pubkey;
}
