import type { MovedEvent } from './move-ports.js';

/**
 * Whether an event may rightly be missing after a move: it expired meanwhile (NIP-40), or is one of which a relay keeps
 * only the newest (NIP-01) and `others`, what only the target has, holds a newer one.
 */
export function isRenewed(event: MovedEvent, others: readonly MovedEvent[], nowS: number): boolean {
  const expiresAtS = Number(tagOf(event, 'expiration') ?? Infinity);
  if (expiresAtS <= nowS) return true;
  const address = addressOf(event);
  return (
    address !== null && others.some((other) => other.created_at >= event.created_at && addressOf(other) === address)
  );
}

function addressOf(event: MovedEvent): string | null {
  const { kind, pubkey } = event;
  if (kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)) return `${kind}:${pubkey}`;
  return kind >= 30_000 && kind < 40_000 ? `${kind}:${pubkey}:${tagOf(event, 'd') ?? ''}` : null;
}

const tagOf = ({ tags }: MovedEvent, name: string): string | undefined => tags.find(([key]) => key === name)?.[1];
