import type { Clock } from '@caravel/domain';
import type { NostrEvent } from '@caravel/nostr';
import { expiringCache } from '../expiring-cache.js';
import { WINDOW_S } from './read-wrap.js';

/** Wraps that wait to be opened, each once, and no more than fit: what comes when they don't is `dropped`. */
export function wrapQueue({ clock, onDropped, onTooLarge }: WrapQueueOptions): WrapQueue {
  const opened = expiringCache<true>({ ttlMs: WINDOW_S * 1000, maxEntries: MAX_REMEMBERED, clock });
  const waiting = new Map<string, NostrEvent>();
  const markOpened = (id: string): void => {
    opened.set(id, true);
    waiting.delete(id);
  };
  const isUnwanted = (id: string): boolean => {
    if (waiting.has(id) || opened.get(id)) return true;
    if (waiting.size < MAX_WAITING) return false;
    onDropped();
    return true;
  };
  return {
    isUnwanted,
    take: (wrap) => {
      if (isUnwanted(wrap.id)) return;
      if (wrap.content.length <= MAX_WRAP_CHARS) {
        waiting.set(wrap.id, wrap);
        return;
      }
      onTooLarge();
      markOpened(wrap.id);
    },
    waiting: () => waiting.values(),
    hasRoom: () => waiting.size < MAX_WAITING / 2,
    markOpened,
  };
}

const MAX_WAITING = 1_000;
export const MAX_REMEMBERED = 20_000;
/** Commands are a word; what a chat client adds is small. */
const MAX_WRAP_CHARS = 20_000;

export interface WrapQueue {
  /** Known ones, and all of them while no more fit. Cheap: asked before a signature is checked. */
  isUnwanted: (id: string) => boolean;
  take: (wrap: NostrEvent) => void;
  /** In order of arrival; they stay until they are marked. */
  waiting: () => Iterable<NostrEvent>;
  hasRoom: () => boolean;
  markOpened: (id: string) => void;
}

interface WrapQueueOptions {
  clock: Clock;
  onDropped: () => void;
  onTooLarge: () => void;
}
