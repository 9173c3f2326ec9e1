import { AppError } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { EventStream } from './event-stream.js';

const MAX_PER_PUBKEY = 5;

/** Which streams are open, by the tenant they are about, and how many each caller has. */
export function openStreams() {
  const byTenant = new Map<string, Set<OpenStream>>();
  const counts = new Map<Pubkey, number>();
  let onEmpty: () => void = () => undefined;

  return {
    all: (): OpenStream[] => [...byTenant.values()].flatMap((open) => [...open]),
    of: (tenantPubkey: string): OpenStream[] => [...(byTenant.get(tenantPubkey) ?? [])],
    /** Resolves when none is open. */
    emptied: (): Promise<void> =>
      new Promise((resolve) => {
        onEmpty = resolve;
        if (byTenant.size === 0) resolve();
      }),
    tenants: (): Pubkey[] => [...byTenant.values()].flatMap(([first]) => first?.stream.tenantPubkey ?? []),

    /** Throws `rate-limited`. The place is free again after `leave`, which may be called any number of times. */
    take: ({ tenantPubkey, caller }: { tenantPubkey: Pubkey; caller: Pubkey }): Place => {
      const count = counts.get(caller) ?? 0;
      if (count >= MAX_PER_PUBKEY) throw tooMany();
      counts.set(caller, count + 1);
      const abort = new AbortController();
      let entered: OpenStream | undefined;
      let left = false;
      return {
        enter: (stream) => {
          entered = {
            stream,
            drop: () => {
              abort.abort();
            },
          };
          byTenant.set(tenantPubkey, (byTenant.get(tenantPubkey) ?? new Set()).add(entered));
          return abort.signal;
        },
        leave: () => {
          if (left) return;
          left = true;
          const others = (counts.get(caller) ?? 1) - 1;
          if (others > 0) counts.set(caller, others);
          else counts.delete(caller);
          const ofTenant = byTenant.get(tenantPubkey);
          if (entered) ofTenant?.delete(entered);
          if (ofTenant?.size === 0) byTenant.delete(tenantPubkey);
          if (byTenant.size === 0) onEmpty();
        },
      };
    },
  };
}

const tooMany = () =>
  new AppError(
    'rate-limited',
    `At most ${MAX_PER_PUBKEY} event streams may be open for one key. Please close one of them first.`,
  );

export interface OpenStream {
  stream: EventStream;
  /** Breaks the connection off: its reader does not read. */
  drop: () => void;
}

interface Place {
  /** Aborted when the stream has to be broken off. */
  enter: (stream: EventStream) => AbortSignal;
  leave: () => void;
}
