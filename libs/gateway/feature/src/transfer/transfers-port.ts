import type { Readable } from 'node:stream';
import type { importJson } from '@caravel/api-contract';
import type { Id } from '@caravel/domain';
import type { z } from 'zod';

/** Streams of a relay's events. Both throw what the provisioner says, and `service-unavailable` when it is not there. */
export interface TransfersPort {
  /** NDJSON, no faster than it is taken; a stream that ends by an error is not all of it. */
  exportRelay: (relayId: Id, signal: AbortSignal) => Promise<AsyncIterable<string>>;
  importRelay: (relayId: Id, events: Readable) => Promise<z.output<typeof importJson>>;
}
