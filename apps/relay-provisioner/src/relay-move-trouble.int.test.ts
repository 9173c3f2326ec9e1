import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { relayHost } from '@caravel/domain';
import { startMoveWorld } from './testing/move-world.js';
import type { MoveWorld } from './testing/move-world.js';
import { postsOf } from './testing/two-zooids.js';

const signal = new AbortController().signal;
let world: MoveWorld;
beforeAll(async () => {
  world = await startMoveWorld();
});
beforeEach(() => {
  for (const zooid of Object.values(world.standIns)) {
    zooid.faults.set([]);
    zooid.calls.clear();
  }
});
afterAll(() => world.stop());

const callsOf = (name: string, method: string, id: string) =>
  world.standIns[name]?.calls.list().filter(({ subject }) => subject === `${method} /relay/${id}`) ?? [];

describe('what goes wrong before the switch is undone:', () => {
  it('a target that never answers; the relay is where it was, with everything, and says what the tenant wants now', async () => {
    const { relay, ids } = await world.relayWith(5);
    const secret = world.secretAt('main', relay);
    world.standIns['two']?.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503 }]);
    await world.plan(relay);
    await world.mover()(signal);
    expect(await world.shownAt('main', relay)).toBeNull();
    await world.world.changeRelay(relay, { info_name: 'Renamed meanwhile' });
    await world.syncs.sync(relay.id); // nobody but the move talks about it

    expect(await world.runUntilEnded(relay)).toMatchObject({
      state: 'undone',
      error: 'The relay server answered with an error (503).',
    });
    await world.syncs.sync(relay.id);
    expect(await world.shownAt('main', relay)).toMatchObject({ name: 'Renamed meanwhile' });
    expect([await world.idsAt('main', relay), world.secretAt('main', relay)]).toEqual([ids, secret]);
    expect([await world.shownAt('two', relay), world.secretAt('two', relay)]).toEqual([null, undefined]);
    expect(await world.row(relay)).toMatchObject({ instance: 'main', moving: false });
  });

  it('events that did not arrive although the import program said nothing', async () => {
    const { relay, ids } = await world.relayWith(5);
    const { write } = world.events;
    const lossy: typeof write = (lines, to) => write(withoutSecond(lines), to);
    await world.plan(relay);
    const mover = world.mover({ events: { ...world.events, write: lossy } });
    const { state, error } = await world.runUntilEnded(relay, mover);
    expect([state, error]).toEqual([
      'undone',
      expect.stringMatching(/^1 events did not arrive; the first is [0-9a-f]{64}\.$/),
    ]);
    await world.syncs.sync(relay.id);
    expect(await world.idsAt('main', relay)).toEqual(ids);
  });

  it('an import program that fails', async () => {
    const { relay, ids } = await world.relayWith(5);
    const write = () => Promise.reject(new Error('disk full'));
    await world.plan(relay);
    const mover = world.mover({ events: { ...world.events, write } });
    expect(await world.runUntilEnded(relay, mover)).toMatchObject({ state: 'undone' });
    await world.syncs.sync(relay.id);
    expect(await world.idsAt('main', relay)).toEqual(ids);
  });

  it('events of an earlier time at the target, which would be back although they were deleted', async () => {
    const { relay } = await world.relayWith(5);
    await world.plan(relay);
    await world.runUntilEnded(relay);
    // Left behind at the source; one that the relay has never heard of stands for one that was deleted since.
    const [old] = postsOf(1).events;
    appendFileSync(join(world.world.zooidDir, 'events', `${relay.schema}.ndjson`), `${JSON.stringify(old)}\n`);
    await world.plan(relay, 'main');
    expect(await world.runUntilEnded(relay)).toMatchObject({
      state: 'undone',
      error: `"main" has 1 events that the relay has no more, from an earlier time: remove ${relay.schema} there first.`,
    });
  });

  it('no import program: the source is not even closed', async () => {
    const { relay } = await world.relayWith(1);
    await world.plan(relay);
    const mover = world.mover({ events: { ...world.events, canWrite: false } });
    expect(await world.runUntilEnded(relay, mover)).toMatchObject({ state: 'undone', closedAt: null });
    expect(callsOf('main', 'PATCH', relay.id)).toEqual([]);
  });

  it('and what an operator takes back', async () => {
    const { relay, ids } = await world.relayWith(3);
    world.standIns['two']?.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503 }]);
    await world.plan(relay);
    await world.mover()(signal);
    expect(await world.moves.cancel(relay.id)).toBe(true);
    expect(await world.runUntilEnded(relay)).toMatchObject({ state: 'undone', error: 'It was cancelled.' });
    await world.syncs.sync(relay.id);
    expect(await world.idsAt('main', relay)).toEqual(ids);
    expect(await world.moves.cancel(relay.id)).toBe(false);
  });
});

it('a source that has lost its configuration gets it back for as long as it takes to read what is stored', async () => {
  const { relay, ids } = await world.relayWith(5);
  await world.zooids.of('main').zooid.remove(relay.id, signal);
  await world.plan(relay);
  expect(await world.runUntilEnded(relay)).toMatchObject({ state: 'done', events: ids.length });
  expect(await world.idsAt('two', relay)).toEqual(ids);
});

it('after the switch there is no way back, and a source that does not answer is told when it does', async () => {
  const { relay } = await world.relayWith(2);
  world.standIns['main']?.faults.set([{ match: 'DELETE /relay/', mode: 'fail', status: 503, times: 8 }]);
  await world.plan(relay);
  expect(await world.runUntilEnded(relay)).toMatchObject({ state: 'done' });
  expect(callsOf('main', 'DELETE', relay.id).map(({ status }) => status)).toEqual([...Array<number>(8).fill(503), 200]);
});

it('what the owner changed at zooid and what the tenant changed during the move are both in effect afterwards', async () => {
  const { relay } = await world.relayWith(2);
  await world.zooids.of('main').zooid.patch(relay.id, { info: { name: 'By the owner' } }, signal);
  world.world.zooid.restart();
  await world.plan(relay);
  world.standIns['two']?.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503, times: 1 }]);
  await world.mover()(signal);
  await world.world.changeRelay(relay, { info_description: 'By the tenant', policy_public_join: true });
  expect(await world.runUntilEnded(relay)).toMatchObject({ state: 'done' });
  const both = { name: 'By the owner', description: 'By the tenant' };
  expect(await world.shownAt('two', relay)).toMatchObject(both);
  expect(await world.world.findRelay(relay.id)).toMatchObject({
    info_name: 'By the owner',
    appliedGeneration: expect.any(Number),
  });
  const { relays } = world.standIns['two']?.ledger() as { relays: Record<string, unknown> };
  expect(relays[relay.id]).toMatchObject({ host: relayHost(relay), policy: { public_join: true } });
});

it('a stopped and a deleted relay move as well, are shown to nobody meanwhile, and come up at the new place', async () => {
  const stopped = await world.relayWith(3);
  const deleted = await world.relayWith(3);
  for (const { relay } of [stopped, deleted]) {
    await world.world.changeRelay(relay, {}, 'inactive');
    await world.syncs.sync(relay.id);
  }
  const { id, tenantPubkey: actor } = deleted.relay;
  await world.world.commands.remove({ id, actor }, () => undefined);
  for (const { relay } of [stopped, deleted]) {
    await world.plan(relay);
    expect(await world.runUntilEnded(relay)).toMatchObject({ state: 'done', events: 4 });
    expect([await world.shownAt('main', relay), await world.shownAt('two', relay)]).toEqual([null, null]);
  }
  await world.world.commands.restore({ id, actor }, () => ({ type: 'activate_relay', status: 'active' }));
  await world.world.changeRelay(stopped.relay, {}, 'active');
  for (const { relay, ids } of [stopped, deleted]) {
    await world.syncs.sync(relay.id);
    expect(await world.idsAt('two', relay)).toEqual(ids);
  }
});

it('while a relay moves, whoever asks for its members or events is told to come again', async () => {
  const { relay } = await world.relayWith(1);
  world.standIns['two']?.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503, times: 1 }]);
  await world.plan(relay);
  await world.mover()(signal);
  await expect(world.syncs.syncs.instanceOf(relay.id)).rejects.toMatchObject({ code: 'service-unavailable' });
  await world.runUntilEnded(relay);
  expect(await world.syncs.syncs.instanceOf(relay.id)).toBe('two');
});

async function* withoutSecond(lines: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number !== 2) yield line;
  }
}
