import type { Pubkey, Relay } from '@caravel/domain';
import type { GatewayPorts, RelayChange } from '../ports.js';
import { ALICE, BOB, pubkey, relay } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { updateRelay } from './update-relay.js';

/** A relay with so many members, and what was decided about it. */
function hosted(before: Relay, members: readonly Pubkey[] | 'no answer') {
  const decided: (RelayChange | null)[] = [];
  const asked: string[] = [];
  const deps = fakeDeps({
    relayCommands: {
      ...fakeDeps().relayCommands,
      change: (_target, decide) => {
        decided.push(decide(before, { churned: false, count: 1, freeCount: 0 }));
        return Promise.resolve(before);
      },
    },
    ask: ((call: { name: string }) => {
      asked.push(call.name);
      return members === 'no answer' ? Promise.reject(new Error('down')) : Promise.resolve({ members });
    }) as GatewayPorts['ask'],
  });
  const update = (body: Parameters<typeof updateRelay>[1]['body']) =>
    updateRelay(deps, { caller: { pubkey: ALICE, isAdmin: false }, relay: before, body });
  return { update, decided, asked };
}

const people = (count: number) => Array.from({ length: count }, () => pubkey('c'));
const running = relay({ appliedGeneration: 1 });

it('a plan is refused that allows fewer members than the relay has', async () => {
  const { update, decided } = hosted(running, people(11));
  await expect(update({ plan_id: 'free' })).rejects.toMatchObject({
    code: 'too-many-members',
    message: expect.stringMatching(/11 members.*allows 10/),
  });
  expect(decided).toEqual([]);
});

it('a plan is taken that has just enough room', async () => {
  const { update, decided } = hosted(running, people(10));
  await update({ plan_id: 'free' });
  expect(decided).toMatchObject([{ settings: { plan_id: 'free' } }]);
});

it('a provisioner that does not answer keeps nobody from a plan', async () => {
  const { update, decided, asked } = hosted(running, 'no answer');
  await update({ plan_id: 'free' });
  expect(asked).toEqual(['relay-members']);
  expect(decided).toHaveLength(1);
});

it.each<[string, Relay, object]>([
  ['the plan stays', running, { plan_id: 'basic', info_name: 'x' }],
  ['the new plan has no limit', running, { plan_id: 'growth' }],
  ['the relay was never up', relay({ appliedGeneration: 0 }), { plan_id: 'free' }],
])('nobody is asked for members when %s', async (_when, before, body) => {
  const { update, asked } = hosted(before, people(1000));
  await update(body);
  expect(asked).toEqual([]);
});

it('a relay is not given to somebody else', async () => {
  const { update, decided } = hosted(running, []);
  await expect(update({ tenant_pubkey: BOB })).rejects.toMatchObject({ code: 'forbidden' });
  expect(decided).toEqual([]);
});
