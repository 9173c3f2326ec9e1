import { planSchema } from '@caravel/domain';
import type { Plan } from '@caravel/domain';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';

export type PlanStore = ReturnType<typeof planStore>;

/** The plans that `migrate` wrote, hidden ones too, in the file's order. */
export function planStore(db: Db) {
  return {
    list: async (): Promise<Plan[]> => {
      const rows = await db.plan.findMany({ orderBy: { position: 'asc' } });
      return rows.map(toPlan);
    },
    find: async (id: string): Promise<Plan | null> => {
      const row = await db.plan.findUnique({ where: { id } });
      return row && toPlan(row);
    },
  };
}

function toPlan({ id, name, amountCents, ...row }: Prisma.PlanGetPayload<object>): Plan {
  const { hidden, members, blossom, livekit } = row;
  return planSchema.parse({ id, name, amount: amountCents, hidden, members, blossom, livekit });
}
