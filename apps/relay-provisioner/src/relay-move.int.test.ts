import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { dyingAfter } from './testing/dying-mover.js';
import { postsOf, startTwoZooids } from './testing/two-zooids.js';
import type { TwoZooids } from './testing/two-zooids.js';

/** `KILLS=all`: at every call; else at every third, from one that changes. */
const STRIDE = process.env['KILLS'] === 'all' ? 1 : 3;
const FIRST = STRIDE === 1 ? 1 : 1 + (Date.now() % STRIDE);

const signal = new AbortController().signal;
let zooids: TwoZooids;
beforeAll(async () => {
  zooids = await startTwoZooids();
});
afterAll(() => zooids.stop());

/** A synced relay at `main` that has these events, a membership list among them. */
async function relayWith(count: number): Promise<{ relay: Relay; ids: string[] }> {
  const { world } = zooids;
  const relay = await world.createRelay();
  await world.provisioner().sync(relay.id);
  const { events } = postsOf(count);
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  writeFileSync(join(world.zooidDir, 'events', `${relay.schema}.ndjson`), lines);
  world.zooid.restart();
  world.zooid.setMembers(relay.id, [relay.tenantPubkey]);
  return { relay, ids: await zooids.idsAt('main', relay) };
}
const moveOf = async (relay: Relay) => (await zooids.moves.list(100)).find(({ relayId }) => relayId === relay.id);
const shownAt = (name: string, relay: Relay) => zooids.zooids.of(name).zooid.relayInfo(relayHost(relay), signal);
const syncs = () => zooids.world.provisioner({ zooids: zooids.zooids });
const instanceOf = async ({ id }: Relay) =>
  (
    await zooids.world.database.query<{ instance: string }>('SELECT instance FROM relay_sync WHERE relay_id = $1', [id])
  )[0]?.instance;

/** Moves and syncs until nothing is left to do. */
async function runUntilEnded(relay: Relay): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    await zooids.mover()(signal);
    await syncs().sync(relay.id);
    const { state } = (await moveOf(relay)) ?? {};
    if (state === 'done' || state === 'undone') return;
    zooids.world.clock.advance(11);
  }
  throw new Error(JSON.stringify(await moveOf(relay)));
}

it('a moved relay is who it was, has every event and member, answers at its new instance and nowhere else', async () => {
  const { relay, ids } = await relayWith(700);
  const secret = zooids.secretAt('main', relay);
  await zooids.plan(relay);
  await runUntilEnded(relay);

  expect(await moveOf(relay)).toMatchObject({ state: 'done', events: ids.length, error: '', tries: 0 });
  expect(ids).toHaveLength(701);
  expect(await zooids.idsAt('two', relay)).toEqual(ids);
  expect(zooids.secretAt('two', relay)).toBe(secret);
  expect(await shownAt('two', relay)).toMatchObject({ name: 'Team' });
  expect([await shownAt('main', relay), zooids.secretAt('main', relay)]).toEqual([null, undefined]);
  expect(await instanceOf(relay)).toBe('two');
  expect(await zooids.zooids.of('two').zooid.members(relay.id, signal)).toEqual([relay.tenantPubkey]);
});

it('killed after whatever it said to anybody, it goes on where it was, and never do two zooids answer for the relay', async () => {
  const { relay, ids } = await relayWith(40);
  const secret = zooids.secretAt('main', relay);
  let [from, to] = ['main', 'two'];
  let killed = true;
  for (let calls = FIRST; killed; calls += STRIDE) {
    await zooids.plan(relay, to);
    const doomed = dyingAfter(calls, zooids);
    await doomed.mover(signal).catch(() => undefined);
    killed = doomed.died();
    await expectOneAnswers(relay);
    await runUntilEnded(relay);
    expect(await moveOf(relay)).toMatchObject({ state: 'done', events: ids.length, error: '' });
    expect([zooids.secretAt(to, relay), zooids.secretAt(from, relay)]).toEqual([secret, undefined]);
    [from, to] = [to, from];
  }
  expect(await zooids.idsAt(from, relay)).toEqual(ids);
  expect((await zooids.moves.list(100)).filter(({ relayId }) => relayId === relay.id).length).toBeGreaterThan(
    20 / STRIDE,
  );
});

async function expectOneAnswers(relay: Relay): Promise<void> {
  const answers = await Promise.all(['main', 'two'].map((name) => shownAt(name, relay)));
  expect(answers.filter(Boolean).length).toBeLessThan(2);
}
