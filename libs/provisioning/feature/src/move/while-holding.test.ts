import { setTimeout as delay } from 'node:timers/promises';
import { idMaker, systemClock } from '@caravel/domain';
import type { ClaimedMove } from './move-ports.js';
import { whileHolding } from './while-holding.js';

const newId = idMaker(systemClock);
const move: ClaimedMove = {
  ...{ id: newId(), relayId: newId(), source: 'main', target: 'two', state: 'copying', events: 0 },
  ...{ tries: 0, error: '', generation: null, claim: 'mine' },
};
const never = new AbortController().signal;

/** A row that answers these one after the other, and the last for ever. */
function row(...answers: (boolean | Error)[]) {
  let asked = 0;
  const hold = () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? false);
  };
  return { moves: { hold }, holdEveryMs: 1, asked: () => asked };
}
/** Ends with its signal. */
const untilAborted = (signal: AbortSignal) => delay(20_000, undefined, { signal });

it('holds the move for as long as the step takes, and no longer', async () => {
  const deps = row(true);
  await whileHolding(deps, { move, signal: never }, async () => {
    while (deps.asked() < 3) await delay(1);
  });
  const asked = deps.asked();
  await delay(10);
  expect(deps.asked()).toBe(asked);
});

it('ends the step when somebody else has the move, and not because the database is away', async () => {
  const deps = row(true, new Error('away'), false);
  await expect(whileHolding(deps, { move, signal: never }, untilAborted)).rejects.toThrow('aborted');
  expect(deps.asked()).toBeGreaterThanOrEqual(3);
});

it('answers and fails as the step does', async () => {
  const deps = row(true);
  expect(await whileHolding(deps, { move, signal: never }, () => Promise.resolve(7))).toBe(7);
  await expect(whileHolding(deps, { move, signal: never }, () => Promise.reject(new Error('full')))).rejects.toThrow(
    'full',
  );
});
