import { isValidEvent } from '@caravel/nostr';

import { CLIENT_AUTH, tagValue } from './event-kinds.js';
import type { Verdict } from './relay-core.js';

const MAX_AGE_S = 600;

/** NIP-42: a fresh kind 22242 that names this connection's challenge and this relay's host. */
export function checkClientAuth(value: unknown, expected: ExpectedAuth): Verdict {
  if (!isValidEvent(value)) return [false, 'invalid: this is no event, or its id or signature is wrong'];
  if (value.kind !== CLIENT_AUTH) return [false, 'invalid: AUTH takes kind 22242'];
  if (Math.abs(expected.nowS - value.created_at) > MAX_AGE_S) return [false, 'invalid: created_at is not now'];
  if (tagValue(value, 'challenge') !== expected.challenge) return [false, 'invalid: wrong challenge'];
  if (hostOf(tagValue(value, 'relay')) !== expected.host) return [false, 'invalid: made for another relay'];
  return [true, ''];
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}

interface ExpectedAuth {
  challenge: string;
  /** Host and port as the client addressed us. */
  host: string;
  nowS: number;
}
