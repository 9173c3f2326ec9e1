import { updateRelayBody } from '@caravel/api-contract';
import type { Relay } from '@caravel/domain';
import { INFO_FIELDS } from './info-fields.js';
import type { InfoField } from './info-fields.js';
import { isObject } from './json.js';
import type { JsonObject } from './json.js';
import type { ClaimedRelay, RelayInfo } from './ports.js';

/**
 * What the owner changed at zooid (NIP-86), seen in the relay's NIP-11: fields of which zooid's value was certain and shown
 * before, and is another one now. `known` is what zooid has, then; `adopted` what the relay's row takes over: what the
 * tenant has not changed as well, and the API would accept. Whatever else differs is told to zooid again. Pure.
 */
export function ownerEdits({ relay, known, pending }: Seen, shown: RelayInfo): OwnerEdits | null {
  const info = known?.['info'];
  if (!known || !isObject(info) || info['pubkey'] !== shown.pubkey) return null;
  const edited = INFO_FIELDS.filter(
    (field) => typeof info[field] === 'string' && info[field] !== shown[field] && !pending.includes(field),
  );
  if (edited.length === 0) return null;
  const values = Object.fromEntries(edited.map((field) => [field, shown[field]]));
  return {
    known: { ...known, info: { ...info, ...values } },
    adopted: edited
      .map((field) => ({ field, from: relay[`info_${field}`], to: shown[field] }))
      .filter(({ field, from, to }) => from === info[field] && isAcceptable(field, to)),
  };
}

/** A tenant sends whole relays back, so the row must hold nothing that the API refuses. */
const isAcceptable = (field: InfoField, value: string): boolean =>
  updateRelayBody.safeParse({ [`info_${field}`]: value }).success;

type Seen = Pick<ClaimedRelay, 'known' | 'pending'> & {
  relay: Pick<Relay, 'info_name' | 'info_icon' | 'info_description'>;
};

export interface OwnerEdits {
  known: JsonObject;
  adopted: { field: InfoField; from: string; to: string }[];
}
