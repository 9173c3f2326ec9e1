import { planSchema } from '@caravel/domain';
import type { Plan } from '@caravel/domain';
import type { Db } from './database.js';

export type PlanStore = ReturnType<typeof planStore>;

/** The plans that `migrate` wrote, hidden ones too, in the file's order. */
export function planStore(db: Db) {
  return {
    list: async (): Promise<Plan[]> => {
      const rows = await db.plan.findMany({ orderBy: { position: 'asc' } });
      return rows.map(({ amountCents, position: _position, ...plan }) =>
        planSchema.parse({ ...plan, amount: amountCents }),
      );
    },
  };
}
