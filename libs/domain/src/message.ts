import type { Id } from './ids.js';
import type { Pubkey } from './pubkey.js';

/** A message of the robot's to a tenant, as it stands. On its way while it has none of the last three. */
export interface Message {
  id: Id;
  tenantPubkey: Pubkey;
  /** Which text it is, e.g. `invoice-due`. */
  template: string;
  /** The one fact it tells, e.g. an invoice's id. */
  subject: string;
  /** What the text says: ids, cents, names. Never a secret. */
  params: Readonly<Record<string, unknown>>;
  createdAtS: number;
  sentAtS: number | null;
  /** No relay took it for three days. */
  undeliverableAtS: number | null;
  /** It was not worth saying any more when its turn came. */
  cancelledAtS: number | null;
}
