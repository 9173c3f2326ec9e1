import type { Replay } from '@caravel/billing-data-access';
import { replay } from '@caravel/billing-domain';
import { idMaker, manualClock, unixSeconds } from '@caravel/domain';
import { eyes } from './eyes.js';
import type { Ground } from './ground.js';
import { outsideWorld } from './outside-world.js';
import { people } from './people.js';
import { replica } from './replica.js';
import type { Mortal, Outside, Replica } from './replica.js';
import { timeline } from './timeline.js';
import { turns } from './turns.js';

/** The replay as billing's `main.ts` binds it. */
const history: Replay = (state, facts, untilS) => replay(state, facts, { untilS });

/** Everything there is besides the plot: ground, clock, Lightning, people, and a way to start processes of billing. */
export function openStage({ ground, seed, startS, onBell }: StageOptions) {
  const clock = manualClock(startS);
  const events = timeline<() => void | Promise<void>>();
  const turn = turns();
  const trace: string[] = [];
  const note = (line: string): void => {
    trace.push(`${clock.now().toISOString()} ${line}`);
  };
  const later = (seconds: number, work: () => void | Promise<void>): void => {
    events.add(unixSeconds(clock.now()) + seconds, work);
  };

  // Statements are watched for whoever holds the turn; there is never a second one.
  let acting: Mortal | null = null;
  ground.watch.atStatement = () => acting?.passPoint();
  const { client } = ground.worldDb;

  const { outside, ...world } = outsideWorld({ clock, seed, later, note, onBell });
  const books = { clock, newId: idMaker(clock), replay: history };

  /** What became due while billing worked happens in between its calls. */
  const happen = async (): Promise<void> => {
    while (events.nextS() * 1000 <= clock.now().getTime()) await events.take()?.();
  };
  const around = (self: Mortal, call: string, run: () => Promise<unknown>): Promise<unknown> =>
    turn(async () => {
      await happen();
      acting = self;
      if (NOTED.has(call)) note(`billing: ${call}`);
      try {
        return await run();
      } finally {
        acting = null;
      }
    });

  return {
    clock,
    ...world,
    client,
    statements: ground.statements,
    events,
    later,
    trace,
    note,
    books,
    people: people(client, { clock, newId: books.newId, seed }),
    eyes: eyes(client, { clock }),
    start: (): Replica => replica({ client: ground.billingDb.client, books, outside, keys: world.keys, around }),
    happen: () => turn(happen),
  };
}

/** Calls that a trace tells of. */
const NOTED = new Set([
  ...['makeInvoice', 'begin', 'dispatch', 'markUnknown', 'fail', 'drop', 'settle', 'advance'],
  ...['beginCard', 'dispatchCard', 'giveBackCard', 'markCardUnknown', 'failCard', 'settleCard'],
  ...['createCheckout', 'expireCheckout', 'cancelPayment'],
  'reseal',
  ...['beginRefund', 'dispatchRefund', 'markRefundUnknown', 'failRefund', 'settleRefund'],
]);

interface StageOptions {
  ground: Ground;
  seed: number;
  startS: number;
  onBell: Outside['bells']['ring'];
}

export type Stage = ReturnType<typeof openStage>;
