import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import { toZooidConfig } from '@caravel/provisioning-feature';
import { luckOf } from '@caravel/testing';
import { settings, startWorld } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';
import { troubledLife } from './testing/troubled-life.js';
import { watchedZooid } from './testing/watched-zooid.js';

const COUNT = Number(process.env['RELAYS'] ?? 100);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = 6;
const DAY_S = 86_400;

let world: World;
beforeAll(async () => {
  world = await startWorld({ reloadDelayMs: 5 });
});
afterAll(() => world.stop());

const signal = new AbortController().signal;
const configs = () => (world.zooid.ledger() as { relays: Record<string, Record<string, unknown>> }).relays;

it(
  `whatever zooid, tenants and owners do, in the end zooid has what the rows say, and was told no more than it needed (seed ${SEED})`,
  async () => {
    const luck = luckOf(SEED);
    const watched = watchedZooid(world.client);
    const options = { zooid: watched.zooid, liveWithinMs: 300 };
    const processes = [world.provisioner(options), world.provisioner(options)];
    const sweep = () => Promise.all(processes.map((process) => process.sweep()));
    const check = () => Promise.all(processes.map((process) => process.checkSweep()));
    const relays: Relay[] = [];
    await inParallel([...Array(COUNT).keys()], 4, async () => void relays.push(await world.createRelay()));
    const life = troubledLife(world, { luck, relays });

    /** Sweeps and checks until nothing is left to do. */
    const settle = async () => {
      life.calm();
      for (let round = 0; (await unsynced()) > 0; round += 1) {
        if (round > 200) throw new Error(`still ${await unsynced()} to be synced`);
        await sweep();
        world.clock.advance(30);
      }
    };
    const aDayOfChecks = async () => {
      world.clock.advance(DAY_S);
      for (let time = 0; time < 4; time += 1) {
        await check();
        world.clock.advance(5);
        await settle();
      }
    };

    const keys = new Map<string, unknown>();
    const leave = await occupy(relays[0]);
    for (let round = 0; round < ROUNDS; round += 1) {
      life.zooidTrouble();
      await life.tenantsChange();
      const bells = relays.filter(() => luck() < 0.1).map(({ id }) => processes[0]?.sync(id));
      await Promise.all([sweep(), ...bells]);
      world.clock.advance(5 + Math.floor(luck() * 60));
      life.calm();
      if (round === 1) await leave();
      if (round === 3) {
        await aDayOfChecks();
        expect(await life.editsNotAdopted()).toEqual([]);
        life.edits.clear();
        for (const [id, secret] of secrets()) keys.set(id, secret);
        world.zooid.restartEmpty();
      }
      await life.ownersEdit();
    }
    await settle();
    await aDayOfChecks();

    // Desired is actual, as far as zooid's files, and as far as what is served.
    const actual = configs();
    for (const { id } of relays) {
      const row = await world.findRelay(id);
      if (!row) throw new Error('no row');
      expect(row).toMatchObject({ syncError: '', appliedGeneration: row.generation });
      const { secret, ...config } = actual[id] ?? {};
      expect(config).toEqual(toZooidConfig(row, settings));
      expect(secret).toBe(keys.get(id));
      const shown = await world.client.relayInfo(relayHost(row), signal);
      expect(shown?.name).toBe(row.status === 'active' ? row.info_name : undefined);
    }
    expect(await life.editsNotAdopted()).toEqual([]);

    // Nothing was said that zooid had heard, unless nobody could know whether it had.
    expect(watched.total('empty')).toBe(0);
    expect(world.zooid.needlessSaves()).toBeLessThanOrEqual(watched.total('lost'));
    const calm = relays.filter(({ id }) => watched.of(id).lost === 0 && watched.of(id).posts === 1);
    for (const { id } of calm) expect(watched.of(id).patches).toBeLessThanOrEqual(life.changes.get(id) ?? 0);

    const { most, mostOfOne } = world.zooid.load();
    expect(mostOfOne).toBe(1);
    expect(most).toBeLessThanOrEqual(2 * 8);
    process.stdout.write(
      `convergence of ${COUNT} relays, seed ${SEED}: ${watched.total('posts')} POSTs, ${watched.total('patches')} PATCHes, ` +
        `${world.zooid.needlessSaves()} of them repeated after ${watched.total('lost')} lost answers, ${most} calls at once\n`,
    );
  },
  60_000 + COUNT * 1000,
);

async function unsynced(): Promise<number> {
  const sql = 'SELECT count(*)::int AS left FROM relay WHERE applied_generation < generation';
  return (await world.database.query<{ left: number }>(sql))[0]?.left ?? 0;
}

const secrets = (): Map<string, unknown> => new Map(Object.entries(configs()).map(([id, { secret }]) => [id, secret]));

/** Another relay is at its address: 409 to the POST, 404 to the PATCH. */
async function occupy(relay: Relay | undefined): Promise<() => Promise<void>> {
  if (!relay) throw new Error('no relay');
  const id = world.newId();
  const config = {
    host: relayHost(relay),
    schema: 'stranger',
    secret: '3'.repeat(64),
    info: { pubkey: relay.tenantPubkey },
  };
  await world.client.create(id, config, signal);
  return () => world.client.remove(id, signal);
}
