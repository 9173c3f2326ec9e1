import { idMaker, manualClock } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { InstanceRules } from '@caravel/provisioning-feature';
import { startMoveWorld } from '../testing/move-world.js';
import type { MoveWorld } from '../testing/move-world.js';
import { moveCommand } from './move-command.js';

const signal = new AbortController().signal;
let world: MoveWorld;
beforeAll(async () => {
  world = await startMoveWorld();
});
afterAll(() => world.stop());

const rules = (changes: Record<string, Partial<InstanceRules>> = {}): InstanceRules[] =>
  ['main', 'two'].map((name) => ({ name, weight: 1, capacity: null, draining: false, ...changes[name] }));

/** What the command says and answers, while a provisioner works as it would. */
async function run(line: string, { instances = rules(), canWrite = true } = {}) {
  const said: string[] = [];
  const { clock } = world.world;
  const opened = { moves: world.moves, instances, canWrite, close: () => Promise.resolve() };
  const say = (text: string) => void said.push(text);
  const ended = new AbortController();
  const work = (async () => {
    while (!ended.signal.aborted) {
      await world.mover()(signal);
      await world.syncs.sweep();
      clock.advance(1);
    }
  })();
  const code = await moveCommand(line.split(' '), { open: () => opened, clock, say, pollMs: 5 });
  ended.abort();
  await work;
  return { code, said, text: said.join('\n') };
}
const placeOf = async (relay: Relay) => (await world.row(relay))?.instance;

it('moves a relay and shows how far it is, to the end', async () => {
  const { relay } = await world.relayWith(30);
  const { code, said, text } = await run(`--relay ${relay.id} --to two`);
  expect([code, await placeOf(relay)]).toEqual([0, 'two']);
  expect(said[0]).toBe(`The move of ${relay.id} from "main" to "two" is planned.`);
  expect(said.at(-1)).toMatch(/main → two {2}done {7}31 events {2}away \d+\.\d s$/);
  expect((await run('--list')).text).toContain(relay.id);
  expect(text).not.toMatch(/undone|failures/);
});

it('empties an instance that takes no more relays, one relay after the other, and refuses one that still does', async () => {
  const relays = [(await world.relayWith(3)).relay, (await world.relayWith(4)).relay];
  expect(await run('--drain main')).toMatchObject({
    code: 1,
    said: ['"main" is not draining: add ;draining to it in ZOOID_INSTANCES.'],
  });
  const draining = rules({ main: { draining: true } });
  const { code, said } = await run('--drain main', { instances: draining });
  expect([code, said[0]]).toEqual([0, '2 moves are planned, 0 relays stay at "main".']);
  expect(await Promise.all(relays.map(placeOf))).toEqual(['two', 'two']);
  expect((await run('--instances', { instances: draining })).said).toEqual([
    'instance  relays  capacity  weight',
    'main      0       –         1       draining',
    'two       3       –         1',
  ]);
});

it('leaves what fits nowhere, and says so', async () => {
  const { relay } = await world.relayWith(1);
  const instances = rules({ main: { draining: true }, two: { capacity: 1 } });
  expect(await run('--drain main', { instances })).toMatchObject({
    code: 1,
    said: ['0 moves are planned, 1 relays stay at "main".', `  ${relay.id}: "two" is full (1 relays).`],
  });
});

it('shows relays at an instance that nobody configured', async () => {
  const { said } = await run('--instances', { instances: rules().slice(0, 1) });
  expect(said.at(-1)).toMatch(/^two +3 +– +– +NOT IN ZOOID_INSTANCES$/);
});

it('says why it can’t, and does nothing', async () => {
  const { relay } = await world.relayWith(1);
  const id = idMaker(manualClock(1_800_000_000))();
  for (const [line, options, says] of [
    [`--relay ${relay.id} --to three`, {}, 'ZOOID_INSTANCES has no "three"; it has: main, two.'],
    [`--relay ${relay.id} --to main`, {}, 'The relay is at "main" already.'],
    [`--relay ${relay.id} --to two`, { instances: rules({ two: { draining: true } }) }, '"two" is draining'],
    [`--relay ${relay.id} --to two`, { canWrite: false }, 'Relays move only where ZOOID_IMPORT_COMMAND is set'],
    [`--relay ${id} --to two`, {}, 'There is no such relay.'],
    ['--relay 17 --to two', {}, '"17" is no relay\'s id.'],
    [`--cancel ${relay.id}`, {}, 'No move of that relay can be undone any more.'],
  ] as const) {
    const { code, text } = await run(line, options);
    expect([line, code, text]).toEqual([line, 1, expect.stringContaining(says)]);
  }
  expect(await placeOf(relay)).toBe('main');
});

it('teaches whoever asks, and whoever asks for nothing that it can do', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, text: expect.stringContaining('--relay ID --to INSTANCE') });
  for (const line of ['--relay 1', '--to two', '--list --instances', '--nonsense', '--drain'])
    expect(await run(line)).toMatchObject({ code: 2, text: expect.stringContaining('Moves relays') });
});
