import { idSchema } from '@caravel/domain';
import type { Id, RelayStatus } from '@caravel/domain';
import type { BillingFact } from '../fact.js';

/** Monthly prices of the plans that tests name, in cents. `cheap` is below the smallest invoice. */
export const PRICES = { free: 0, cheap: 30, basic: 500, growth: 2500, huge: 1_234_567 } as const;
export type PlanName = keyof typeof PRICES;

/** One fact as a test writes it: an active, provisioned relay `1` on basic, unless it says otherwise. */
export interface Line {
  /** Unix seconds, or a date that `utc` reads. */
  at: number | string;
  relay?: number;
  plan?: PlanName;
  amountCents?: number;
  status?: RelayStatus;
  provisioned?: boolean;
}

/** The history those lines tell; `seq` and activity ids count on from `after`. */
export function history(lines: readonly Line[], after = 0): BillingFact[] {
  return lines.map((line, index) => {
    const { at, relay = 1, plan = 'basic', amountCents = PRICES[plan], status = 'active', provisioned = true } = line;
    const seq = after + index + 1;
    const snapshot = { plan_id: plan, amount_cents: amountCents, status, provisioned };
    return { activityId: activityId(seq), seq, atS: utc(at), relayId: relayId(relay), type: 'update_relay', snapshot };
  });
}

/** `2026-01-31` or `2026-01-31 12:00:05`, in UTC, as unix seconds. */
export function utc(at: number | string): number {
  if (typeof at === 'number') return at;
  const [day = '', time = '00:00:00'] = at.split(' ');
  return Date.parse(`${day}T${time}Z`) / 1000;
}

export const relayId = (n: number): Id => numbered(n);
export const activityId = (seq: number): Id => numbered(100_000 + seq);

const known = new Map<number, Id>();

function numbered(n: number): Id {
  const id = known.get(n) ?? idSchema.parse(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
  known.set(n, id);
  return id;
}
