import type { Id, Pubkey } from '@caravel/domain';
import type { TestBilling } from './service.js';

const STEP_S = 6 * 3600;
const DAY_S = 86_400;

/** What the robot does with messages: sends them, finds that nobody takes them, or nothing at all. */
export type RobotMode = 'sends' | 'finds nobody' | 'is down';

export const utc = (at: string): number =>
  Date.parse(`${at.includes(' ') ? at.replace(' ', 'T') : `${at}T00:00:00`}Z`) / 1000;

/** Lives a tenant's life by the calendar, with the robot beside billing. */
export function dunningLife(test: TestBilling) {
  const { query } = test.database;
  const service = test.start();

  const robot = async (mode: RobotMode): Promise<void> => {
    if (mode === 'is down') return;
    const column = mode === 'sends' ? 'sent_at' : 'undeliverable_at';
    await query(
      `UPDATE message SET ${column} = $1 WHERE sent_at IS NULL AND undeliverable_at IS NULL AND cancelled_at IS NULL`,
      [test.clock.now()],
    );
  };

  return {
    ...dunningRows(test),
    service,
    robot,
    /** Until then billing sweeps and the robot sends every six hours (every day, while it is far), and at that instant. */
    live: async (until: string, mode: RobotMode = 'sends'): Promise<void> => {
      for (;;) {
        const nowS = test.clock.now().getTime() / 1000;
        await service.sweep();
        await robot(mode);
        if (nowS >= utc(until)) return;
        const leftS = utc(until) - nowS;
        test.clock.set(nowS + Math.min(leftS, leftS > 10 * DAY_S ? DAY_S : STEP_S));
      }
    },
    openOf: async (tenant: Pubkey): Promise<number[]> =>
      (await test.invoicesOf(tenant))
        .filter(({ paid, voided }) => !paid && !voided)
        .map(({ amount_cents }) => amount_cents),
    /** A person pays the oldest open invoice by its QR code. */
    payByHand: async (tenant: Pubkey): Promise<void> => {
      const invoice = (await test.invoicesOf(tenant)).find(({ paid, voided }) => !paid && !voided);
      if (!invoice) throw new Error('nothing is open');
      await service.ask('invoice-bolt11', { invoiceId: invoice.id });
      const offer = (await test.offersOf(tenant)).find(({ invoice_id, live }) => invoice_id === invoice.id && live);
      test.openWallet('person', 'pays');
      test.pay('person', offer?.lnbc ?? '');
      test.clock.advance(3);
      await service.ask('invoice-reconcile', { invoiceId: invoice.id });
    },
  };
}

function dunningRows({ database: { query } }: TestBilling) {
  return {
    /** What was told about dunning: template, days, and when. */
    told: async (tenant: Pubkey): Promise<string[]> => {
      const rows = await query<{ line: string }>(
        `SELECT template || coalesce(' ' || (params->>'days'), '') || ' ' || to_char(created_at AT TIME ZONE 'UTC', 'MM-DD HH24') AS line
         FROM message WHERE tenant_pubkey = $1 AND template IN ('paused-in-days', 'paused', 'restored')
         ORDER BY created_at, template`,
        [tenant],
      );
      return rows.map(({ line }) => line);
    },
    statusOf: async (relay: Id): Promise<string> => {
      const [row] = await query<{ status: string }>(`SELECT status FROM relay WHERE id = $1`, [relay]);
      return row?.status ?? 'none';
    },
    accountOf: async (tenant: Pubkey) => {
      const [row] = await query<{ churned: string | null; short_grace: boolean; written_off: number }>(
        `SELECT to_char(churned_at AT TIME ZONE 'UTC', 'MM-DD HH24') AS churned, short_grace, written_off_cents::int AS written_off
         FROM tenant_billing WHERE tenant_pubkey = $1`,
        [tenant],
      );
      return row;
    },
    /** When the first relay of the tenant was paused, in unix seconds. */
    pausedAtS: async (tenant: Pubkey): Promise<number> => {
      const [row] = await query<{ at_s: number }>(
        `SELECT extract(epoch FROM min(at))::int AS at_s FROM activity
         WHERE tenant_pubkey = $1 AND actor = 'billing-service' AND snapshot->>'status' = 'delinquent'`,
        [tenant],
      );
      return row?.at_s ?? 0;
    },
    /** Facts about relays that billing wrote by itself. */
    factsOf: async (tenant: Pubkey): Promise<string[]> => {
      const rows = await query<{ line: string }>(
        `SELECT type || ' ' || (snapshot->>'status') AS line FROM activity
         WHERE tenant_pubkey = $1 AND actor = 'billing-service' ORDER BY seq`,
        [tenant],
      );
      return rows.map(({ line }) => line);
    },
  };
}
