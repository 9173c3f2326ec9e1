import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { startWorld } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

const DAY_S = 86_400;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  world.zooid.faults.set([]);
  world.zooid.calls.clear();
});
afterAll(() => world.stop());

const deletes = ({ id }: Relay) =>
  world.zooid.calls.list().flatMap(({ subject, status }) => (subject === `DELETE /relay/${id}` ? [status] : []));
const isAtZooid = ({ id }: Relay) => Object.hasOwn((world.zooid.ledger() as { relays: object }).relays, id);
const removedAt = async ({ id }: Relay) =>
  (await world.database.query<{ removed_at: Date | null }>('SELECT removed_at FROM relay WHERE id = $1', [id]))[0]
    ?.removed_at;

/** A relay that ran, was stopped at zooid, and then deleted. */
async function deletedRelay(): Promise<Relay> {
  const relay = await world.createRelay();
  await world.provisioner().sweep();
  const stopped = await world.changeRelay(relay, {}, 'inactive');
  await world.provisioner().sweep();
  await world.commands.remove({ id: relay.id, actor: relay.tenantPubkey }, () => undefined);
  return stopped;
}

it('what was deleted stays at zooid for 30 days, then zooid is told once, and nothing secret is kept', async () => {
  const relay = await deletedRelay();
  const { removalSweep } = world.provisioner();
  world.clock.advance(30 * DAY_S - 1);
  await removalSweep();
  expect([deletes(relay), isAtZooid(relay)]).toEqual([[], true]);

  world.clock.advance(3601);
  await removalSweep();
  await removalSweep();
  expect([deletes(relay), isAtZooid(relay)]).toEqual([[200], false]);
  expect(await removedAt(relay)).toEqual(world.clock.now());
  expect(await world.client.relayInfo(relayHost(relay), new AbortController().signal)).toBeNull();
  expect(await world.syncRow(relay.id)).toMatchObject({ applied: null, sealed_secret: null });
});

it('a DELETE that failed, or whose answer was lost, is tried again by the next sweep', async () => {
  const relay = await deletedRelay();
  const { removalSweep } = world.provisioner();
  world.clock.advance(31 * DAY_S);
  world.zooid.faults.set([{ match: 'DELETE /relay/', mode: 'fail', status: 503, times: 1 }]);
  await removalSweep();
  expect([await removedAt(relay), isAtZooid(relay)]).toEqual([null, true]);
  world.zooid.faults.set([{ match: 'DELETE /relay/', mode: 'drop-answer', times: 1 }]);
  await removalSweep();
  expect([await removedAt(relay), isAtZooid(relay)]).toEqual([null, false]);
  await removalSweep(); // zooid does not know it any more
  expect(await removedAt(relay)).toEqual(world.clock.now());
});

it('its name is its owner’s for 30 days, and anybody’s afterwards', async () => {
  const relay = await deletedRelay();
  const name = { subdomain: relay.subdomain };
  const stranger = secretSigner(generateSecret()).pubkey;
  world.clock.advance(30 * DAY_S - 1);
  await expect(world.createRelay(name, stranger)).rejects.toMatchObject({ code: 'subdomain-exists' });
  world.clock.advance(1);
  expect(await world.createRelay(name, stranger)).toMatchObject(name);
});

it('the relays of an account that was deleted go the same way, and come back with nobody', async () => {
  const relay = await world.createRelay();
  await world.provisioner().sweep();
  await world.changeRelay(relay, {}, 'inactive');
  await world.provisioner().sweep();
  const { id, tenantPubkey } = relay;
  await world.tenants.remove({ pubkey: tenantPubkey, actor: tenantPubkey }, () => undefined);
  await expect(
    world.commands.restore({ id, actor: tenantPubkey }, () => ({ type: 'activate_relay', status: 'active' })),
  ).rejects.toMatchObject({ code: 'not-found' });
  world.clock.advance(31 * DAY_S);
  await world.provisioner().removalSweep();
  expect([deletes(relay), isAtZooid(relay)]).toEqual([[200], false]);
});
