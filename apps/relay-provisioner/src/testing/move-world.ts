import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { Move } from '@caravel/provisioning-data-access';
import type { RelayInfo } from '@caravel/provisioning-feature';
import { postsOf, startTwoZooids } from './two-zooids.js';
import type { TwoZooids } from './two-zooids.js';

export type MoveWorld = Awaited<ReturnType<typeof startMoveWorld>>;
const signal = new AbortController().signal;

/** Two zooids, relays with events at `main`, and what shows how a move went. */
export async function startMoveWorld() {
  const two = await startTwoZooids();
  const { world, moves, zooids } = two;
  const syncs = world.provisioner({ zooids });
  const moveOf = async (relay: Relay): Promise<Move | undefined> =>
    (await moves.list(100)).find(({ relayId }) => relayId === relay.id);
  return {
    ...two,
    ...{ moveOf, syncs },
    relayWith: (count: number) => relayWith(two, count),
    shownAt: (name: string, relay: Relay): Promise<RelayInfo | null> =>
      zooids.of(name).zooid.relayInfo(relayHost(relay), signal),
    membersAt: (name: string, relay: Relay) => zooids.of(name).zooid.members(relay.id, signal),
    row: async ({ id }: Relay): Promise<{ instance: string; moving: boolean; applied: string } | undefined> =>
      (
        await world.database.query<{ instance: string; moving: boolean; applied: string }>(
          'SELECT instance, moving, applied::text FROM relay_sync WHERE relay_id = $1',
          [id],
        )
      )[0],
    /** Moves and syncs until the last move of the relay has ended, however long it has to wait. */
    runUntilEnded: async (relay: Relay, mover = two.mover()): Promise<Move> => {
      for (let round = 0; round < 40; round += 1) {
        await mover(signal);
        await syncs.sync(relay.id);
        const move = await moveOf(relay);
        if (move?.finishedAt) return move;
        world.clock.advance(11);
      }
      throw new Error(JSON.stringify(await moveOf(relay)));
    },
  };
}

/** A synced relay at `main` that has so many posts, and a membership list. */
async function relayWith({ world, idsAt }: TwoZooids, count: number): Promise<{ relay: Relay; ids: string[] }> {
  const relay = await world.createRelay();
  await world.provisioner().sync(relay.id);
  const { events } = postsOf(count);
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  writeFileSync(join(world.zooidDir, 'events', `${relay.schema}.ndjson`), lines);
  world.zooid.restart();
  world.zooid.setMembers(relay.id, [relay.tenantPubkey]);
  return { relay, ids: await idsAt('main', relay) };
}
