import type { Clock, NewId, Pubkey } from '@caravel/domain';
import { addMessages, inTransaction } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';

/** A direct message to the robot that was opened and checked. */
export interface InboundMessage {
  rumorId: string;
  wrapId: string;
  sender: Pubkey;
  command: 'status' | 'invoice' | 'help' | 'unknown';
}

export type InboundOutcome = 'answered' | 'known' | 'limited';

export interface InboundLimits {
  /** Answers to one sender within an hour. */
  answersAnHour: number;
  /** Answers to what is no command, within a day. */
  unknownADay: number;
}

export type InboundStore = ReturnType<typeof inboundStore>;

/** What tenants wrote to the robot, and the answers as message rows; for the role `caravel_robot`. */
export function inboundStore(client: PrismaClient, deps: { clock: Clock; newId: NewId }) {
  return {
    /**
     * Notes a message and its answer, in one transaction: a rumor is answered once, however often, wrapped in whatever, and by
     * however many robots it is read. Ring `direct-message` when it is `answered`.
     */
    receive: (message: InboundMessage, limits: InboundLimits): Promise<InboundOutcome> =>
      inTransaction(client, (tx) => receive(tx, { message, limits }, deps)),

    /** Wraps that were opened before, the newest `limit`: they need not be opened again. */
    knownWraps: async (limit: number): Promise<string[]> => {
      const rows = await client.inboundMessage.findMany({
        select: { wrapId: true },
        orderBy: { receivedAt: 'desc' },
        take: limit,
      });
      return rows.map(({ wrapId }) => wrapId);
    },

    /** Forgets what is older. Only for messages that are too old to be read again. */
    forget: async ({ before }: { before: Date }): Promise<void> => {
      await client.inboundMessage.deleteMany({ where: { receivedAt: { lt: before } } });
    },
  };
}

async function receive(
  tx: Tx,
  { message, limits }: Received,
  deps: { clock: Clock; newId: NewId },
): Promise<InboundOutcome> {
  const { rumorId, wrapId, sender, command } = message;
  const now = deps.clock.now();
  // One of a sender's messages at a time, so that many at once are not each the first of the hour.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('inbound-of ' || ${sender}, 0))`;
  const count = (sinceS: number, unknownOnly: boolean) =>
    tx.inboundMessage.count({
      where: {
        senderPubkey: sender,
        receivedAt: { gt: new Date(now.getTime() - sinceS * 1000) },
        answeredAt: { not: null },
        ...(unknownOnly && { command: 'unknown' }),
      },
    });
  const isLimited =
    (await count(HOUR_S, false)) >= limits.answersAnHour ||
    (command === 'unknown' && (await count(DAY_S, true)) >= limits.unknownADay);
  const row = { rumorId, wrapId, senderPubkey: sender, command, receivedAt: now, answeredAt: isLimited ? null : now };
  const { count: added } = await tx.inboundMessage.createMany({ data: [row], skipDuplicates: true });
  if (added === 0) return 'known';
  if (isLimited) return 'limited';
  const template = `answer-${command === 'unknown' ? 'help' : command}`;
  await addMessages(tx, [{ tenantPubkey: sender, template, subject: rumorId, params: {} }], deps);
  return 'answered';
}

const HOUR_S = 3600;
const DAY_S = 86_400;

interface Received {
  message: InboundMessage;
  limits: InboundLimits;
}
