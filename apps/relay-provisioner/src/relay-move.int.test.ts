import { dyingAfter } from './testing/dying-mover.js';
import { startMoveWorld } from './testing/move-world.js';
import type { MoveWorld } from './testing/move-world.js';

/** `KILLS=all`: at every call; else at every fourth, from one that changes. */
const STRIDE = process.env['KILLS'] === 'all' ? 1 : 4;
const FIRST = 1 + (Date.now() % STRIDE);

const signal = new AbortController().signal;
let world: MoveWorld;
beforeAll(async () => {
  world = await startMoveWorld();
});
afterAll(() => world.stop());

it('a moved relay is who it was, has every event and member, answers at its new instance and nowhere else', async () => {
  const { relay, ids } = await world.relayWith(700);
  const secret = world.secretAt('main', relay);
  await world.plan(relay);
  const move = await world.runUntilEnded(relay);

  expect(move).toMatchObject({ state: 'done', events: ids.length, error: '', tries: 0 });
  expect(ids).toHaveLength(701);
  expect(await world.idsAt('two', relay)).toEqual(ids);
  expect(world.secretAt('two', relay)).toBe(secret);
  expect(await world.shownAt('two', relay)).toMatchObject({ name: 'Team' });
  expect([await world.shownAt('main', relay), world.secretAt('main', relay)]).toEqual([null, undefined]);
  expect(await world.row(relay)).toMatchObject({ instance: 'two', moving: false });
  expect(await world.membersAt('two', relay)).toEqual([relay.tenantPubkey]);
});

it(
  'killed after whatever it said to anybody, it goes on where it was, and never do two zooids answer for the relay',
  async () => {
    const { relay, ids } = await world.relayWith(40);
    const secret = world.secretAt('main', relay);
    let [from, to, kills] = ['main', 'two', 0];
    for (let [calls, killed] = [FIRST, true]; killed; calls += STRIDE) {
      await world.plan(relay, to);
      const doomed = dyingAfter(calls, world);
      await doomed.mover(signal).catch(() => undefined);
      killed = doomed.died();
      kills += Number(killed);
      const answers = await Promise.all([from, to].map((name) => world.shownAt(name, relay)));
      expect(answers.filter(Boolean).length).toBeLessThan(2);

      expect(await world.runUntilEnded(relay)).toMatchObject({ state: 'done', events: ids.length, error: '' });
      expect([world.secretAt(to, relay), world.secretAt(from, relay)]).toEqual([secret, undefined]);
      [from, to] = [to, from];
    }
    expect(await world.idsAt(from, relay)).toEqual(ids);
    expect(kills).toBeGreaterThan(20 / STRIDE);
  },
  STRIDE === 1 ? 300_000 : 30_000,
);
