import type { FireWorld } from '../fire-world.js';

const UNRESOLVED = `('created', 'dispatched', 'unknown')`;
const OPEN = `paid_at IS NULL AND voided_at IS NULL`;
/** Open invoices, attempts without an end, and tenants whose books are behind. */
const OWING = [
  `SELECT FROM invoice WHERE ${OPEN}`,
  `SELECT FROM collection_attempt WHERE state IN ${UNRESOLVED}`,
  `SELECT FROM activity WHERE billed_at IS NULL AND resource_type = 'relay'`,
  `SELECT FROM tenant_billing WHERE anchor IS NOT NULL AND period_end <= $1`,
];
/** What a sweep or a bell would find now, and what is under way. */
const DUE = [
  `SELECT FROM invoice WHERE ${OPEN} AND next_try_at <= $1 AND NOT EXISTS (SELECT FROM collection_attempt attempt
     WHERE attempt.invoice_id = invoice.id AND attempt.state IN ${UNRESOLVED})`,
  `SELECT FROM offer WHERE settled_at IS NULL AND closed_at IS NULL AND next_check_at <= $1`,
  `SELECT FROM collection_attempt WHERE state IN ${UNRESOLVED} AND next_check_at <= $1`,
  `SELECT FROM tenant_billing WHERE anchor IS NOT NULL AND period_end <= $1`,
  `SELECT FROM activity WHERE billed_at IS NULL AND resource_type = 'relay'`,
  `SELECT FROM tenant_billing billing WHERE stripe_payment_method_id IS NULL
     AND NOT EXISTS (SELECT FROM tenant_wallet wallet WHERE wallet.tenant_pubkey = billing.tenant_pubkey)`,
];

/** Each open invoice with everything that could end it. */
const OPEN_INVOICES = `
  SELECT format('invoice %s is open, next try %s; %s; %s', invoice.id, invoice.next_try_at,
    (SELECT string_agg(format('%s %s, check %s', rail, state, next_check_at), '; ' ORDER BY created_at)
     FROM collection_attempt WHERE invoice_id = invoice.id),
    (SELECT string_agg(format('%s until %s, check %s, %s', kind, expires_at, next_check_at,
       CASE WHEN settled_at IS NOT NULL THEN 'settled' WHEN closed_at IS NOT NULL THEN 'closed' ELSE 'open' END),
       '; ' ORDER BY created_at) FROM offer WHERE invoice_id = invoice.id)) AS line
  FROM invoice WHERE ${OPEN}`;

/** What the rows say while a proof runs, and the judgement at its end. */
export function bookOf({ database, clock, charges, problems }: FireWorld) {
  const count = async (selects: readonly string[], params: unknown[] = []): Promise<number> => {
    const sum = selects.map((select) => `(SELECT count(*) FROM (${select}) AS found)`).join(' + ');
    const [row] = await database.query<{ count: number }>(`SELECT (${sum})::int AS count`, params);
    return row?.count ?? 0;
  };
  const cut = () => count(['SELECT FROM invoice WHERE voided_at IS NULL']);
  return {
    cut,
    owing: () => count(OWING, [clock.now()]),
    due: () => count(DUE, [clock.now()]),
    /** Invoices have been cut, and for hardly one tenant in twenty something is left that trouble could meet. */
    isQuiet: async (): Promise<boolean> =>
      (await cut()) > 0 && (await count(DUE, [clock.now()])) * 20 < (await count(['SELECT FROM tenant'])),
    /** Each invoice against the payments that left a wallet or a card for it; one invoice a tenant and period. */
    judge: async ({ crashes }: { crashes: number }): Promise<Judgement> => {
      const paid = await charges();
      const invoices = await database.query<{ id: string; paid: boolean }>(
        `SELECT id, paid_at IS NOT NULL AS paid FROM invoice WHERE voided_at IS NULL`,
      );
      const periods = await count([
        'SELECT FROM tenant_billing, generate_series(0, period_index) WHERE anchor IS NOT NULL',
      ]);
      const known = new Set(invoices.map(({ id }) => id));
      const booked = (await problems()).map(({ problem, about }) => `${problem}: ${about}`);
      const strange = [...paid.keys()].filter((id) => !known.has(id));
      const unpaid = invoices.filter(({ paid: isPaid }) => !isPaid);
      const open = await database.query<{ line: string }>(OPEN_INVOICES);
      return {
        double: [...paid.values()].filter((times) => times > 1).length,
        lost: unpaid.filter(({ id }) => paid.has(id)).length + strange.length,
        differences: [
          ...booked,
          ...open.map(({ line }) => line),
          ...invoices.filter(({ id, paid: isPaid }) => isPaid && !paid.has(id)).map(({ id }) => `${id} was never paid`),
          ...(crashes === 0 ? [] : [`the service ended by itself ${crashes} times`]),
          ...(invoices.length === periods ? [] : [`${invoices.length} invoices of ${periods} periods`]),
        ],
      };
    },
  };
}

export interface Judgement {
  /** Invoices for which more than one payment left a wallet or a card. */
  double: number;
  /** Payments that no paid invoice tells of. */
  lost: number;
  /** Anything else that is not as it should be, in words. */
  differences: string[];
}

export type Book = ReturnType<typeof bookOf>;
