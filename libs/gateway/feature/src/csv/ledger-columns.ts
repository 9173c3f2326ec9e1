import type { ExportedEntry } from '../money-ports.js';
import type { CsvCell } from './csv-row.js';

/** Columns of the exported ledger: debits positive, credits negative, the lines of one source sum to zero. */
export const LEDGER_COLUMNS = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  source: ({ source }) => source,
  tenant_pubkey: ({ tenantPubkey }) => tenantPubkey,
  account: ({ account }) => account,
  amount_cents: ({ amountCents }) => amountCents,
  currency: () => 'USD',
} satisfies Record<string, (entry: ExportedEntry) => CsvCell>;
