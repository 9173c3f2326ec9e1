import { accountStore } from '@caravel/billing-data-access';
import type { BoundaryCursor } from '@caravel/billing-data-access';
import { replay } from '@caravel/billing-domain';
import { idMaker } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';

/** Ours: closers side by side as in several billing services, each until nobody is due. */
export async function closeSetBased(
  connectionString: string,
  { closers, batch, clock }: { closers: number; batch: number; clock: Clock },
): Promise<void> {
  const database = openDatabase(connectionString, { max: closers });
  const accounts = accountStore(database.client, {
    clock,
    newId: idMaker(clock),
    replay: (state, facts, untilS) => replay(state, facts, { untilS }),
  });
  const closer = async () => {
    let last: BoundaryCursor | null = null;
    do ({ last } = await accounts.closePeriods({ after: last, limit: batch }));
    while (last !== null);
  };
  try {
    await Promise.all(Array.from({ length: closers }, closer));
  } finally {
    await database.close();
  }
}
