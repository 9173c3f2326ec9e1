import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { relayHost } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { NostrEvent } from '@caravel/nostr';
import { exportRelay, moveStore, relaySecretBox } from '@caravel/provisioning-data-access';
import type { Move } from '@caravel/provisioning-data-access';
import { moveRelays, zooidInstances } from '@caravel/provisioning-feature';
import type { MoveRelaysDeps } from '@caravel/provisioning-feature';
import { startZooid } from '@caravel/stand-ins';
import type { ZooidStandIn } from '@caravel/stand-ins';
import { relayEvents } from '../relay-events.js';
import { settings, startWorld, ZOOID_SECRET } from './provisioner-world.js';

export type TwoZooids = Awaited<ReturnType<typeof startTwoZooids>>;

/** A world with the instances `main` and `two`, and an import program that writes into the folder of either. */
export async function startTwoZooids() {
  const world = await startWorld();
  const { clock, newId, log } = world;
  const dir = mkdtempSync(join(tmpdir(), 'zooid-two-'));
  const two = await startZooid({ dir, whitelist: [secretSigner(ZOOID_SECRET).pubkey], clock });
  const standIns: Record<string, ZooidStandIn> = { main: world.zooid, two };
  const dirs = { main: world.zooidDir, two: dir };
  const zooids = zooidInstances(
    Object.entries(standIns).map(([name, { url }]) => ({
      ...{ name, weight: 1, capacity: null, draining: false },
      ...{ relayUrl: url, zooid: world.zooidClientAt(url) },
    })),
  );
  const secretBox = relaySecretBox(ZOOID_SECRET);
  const moves = moveStore(world.open('provisioner'), { clock, newId, secretBox, leaseMs: 10_000 });
  const command = `test -n "$ZOOID_INSTANCE" && cat >> "$(eval echo \\$DIR_$ZOOID_INSTANCE)/events/$RELAY_SCHEMA.ndjson"`;
  const env = { PATH: '/usr/bin:/bin', DIR_main: dirs.main, DIR_two: dirs.two };
  const events = relayEvents({ command, env, clock });
  const signal = new AbortController().signal;

  return {
    ...{ world, zooids, moves, standIns, events },
    /** A provisioner of its own that moves relays, until nothing is left to do now. */
    mover: (changes: Partial<MoveRelaysDeps> = {}) => {
      const deps: MoveRelaysDeps = {
        ...{ moves, zooids, events, settings, clock, log, patienceMs: 2000 },
        bells: { ring: () => Promise.resolve() },
        ...changes,
      };
      return moveRelays(deps);
    },
    plan: (relay: Relay, target = 'two'): Promise<Move> =>
      moves.plan({ relayId: relay.id, target: { name: target, capacity: null } }),
    /** What the relay's own key reads there, under whatever name. */
    idsAt: async (name: string, relay: Relay, host = relayHost(relay)): Promise<string[]> => {
      const [url, secret] = [standIns[name]?.url ?? '', secretAt(standIns[name], relay.id) ?? generateSecret()];
      const ids: string[] = [];
      const read = exportRelay({ url, host, signer: secretSigner(secret), clock, signal });
      for await (const { id } of read) ids.push(id);
      return ids.sort();
    },
    secretAt: (name: string, relay: Relay) => secretAt(standIns[name], relay.id),
    stop: async () => {
      await two.stop();
      rmSync(dir, { recursive: true, force: true });
      await world.stop();
    },
  };
}

function secretAt(zooid: ZooidStandIn | undefined, id: Id): string | undefined {
  return (zooid?.ledger() as { relays: Record<string, { secret: string }> } | undefined)?.relays[id]?.secret;
}

/** So many posts of the relay's owner, one a second; every third second has two. */
export function postsOf(count: number): { signer: ReturnType<typeof secretSigner>; events: NostrEvent[] } {
  const signer = secretSigner(generateSecret());
  const events = Array.from({ length: count }, (_, index) =>
    signer.sign({
      kind: 1,
      created_at: 1_700_000_000 + index - (index % 3 ? 0 : 1),
      tags: [],
      content: `post ${index}`,
    }),
  );
  return { signer, events };
}
