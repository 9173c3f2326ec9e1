import { isPublicUrl } from '@caravel/nostr';

/**
 * Whether the robot may contact a relay that a stranger named: encrypted, so that nobody on the way learns to whom we write or
 * answers in the relay's place, and at a public address. What its name resolves to is checked by `publicConnect`.
 */
export const isPublicRelay = (url: string): boolean => url.startsWith('wss://') && isPublicUrl(url);
