import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idMaker, manualClock, RELAY_DEFAULTS } from '@caravel/domain';
import type { Clock, Id, NewId, Pubkey, Relay, RelaySettings, RelayStatus } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { openDatabase, relayCommands, relayStore, tenantStore } from '@caravel/platform-data-access';
import type { Database, PrismaClient } from '@caravel/platform-data-access';
import { provisioningStore, relaySecretBox, removalStore, zooidClient } from '@caravel/provisioning-data-access';
import type { ZooidClient } from '@caravel/provisioning-data-access';
import {
  checkRelays,
  circuitBreaker,
  gate,
  guardedZooid,
  oneZooid,
  removeRelays,
  sweepRelays,
  syncRelay,
} from '@caravel/provisioning-feature';
import type { SyncRelayDeps } from '@caravel/provisioning-feature';
import { createLogger } from '@caravel/service';
import type { Logger } from '@caravel/service';
import { startZooid } from '@caravel/stand-ins';
import { createTestDatabase } from '@caravel/testing';
import type { Role } from '@caravel/testing';

export const ZOOID_SECRET = 'c0ffee'.padStart(64, '1');
/** Texts that must never be seen outside of a call to zooid. */
export const OPERATOR_SECRETS = [
  'AKIAEXAMPLEACCESS',
  's3-secret-key',
  'livekit-api-key',
  'livekit-api-secret',
] as const;

export const settings = {
  s3: {
    endpoint: 'https://s3.example',
    region: 'eu',
    bucket: 'media',
    accessKey: OPERATOR_SECRETS[0],
    secretKey: OPERATOR_SECRETS[1],
  },
  livekit: { serverUrl: 'wss://live.example', apiKey: OPERATOR_SECRETS[2], apiSecret: OPERATOR_SECRETS[3] },
};

export type World = Awaited<ReturnType<typeof startWorld>>;

/**
 * PostgreSQL, a zooid, a gateway that writes relays under its own role, and any number of provisioners under theirs. Time
 * stands still for all of them until it is moved.
 */
export async function startWorld({ reloadDelayMs }: { reloadDelayMs?: number } = {}) {
  const clock = manualClock(1_800_000_000);
  const newId = idMaker(clock);
  const database = await createTestDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'zooid-'));
  const signer = secretSigner(ZOOID_SECRET);
  const zooid = await startZooid({ dir, whitelist: [signer.pubkey], clock, reloadDelayMs });
  const opened: Database[] = [];
  const open = (role: Role): PrismaClient => {
    const db = openDatabase(database.url(role), { max: 4 });
    opened.push(db);
    return db.client;
  };
  const logLines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => logLines.push(line) } });
  const zooidClientAt = (apiUrl: string) =>
    zooidClient({ apiUrl, signer, clock, secrets: OPERATOR_SECRETS, timeoutMs: 400 });
  const client = zooidClientAt(zooid.url);
  const rung: string[] = [];
  const parts = { clock, newId, log, open, client, rung };

  return {
    ...{ open, zooidDir: dir },
    ...{ clock, newId, database, zooid, zooidClientAt, client, rung, logLines, log },
    ...gatewayOf(parts),
    provisioner: (changes: Changes = {}) => provisionerOf(parts, changes),
    syncRow: async (id: Id): Promise<SyncRow | undefined> => {
      const columns =
        'sync_error, failures, applied::text, sealed_secret, claimed_until, first_synced_at, next_sync_at';
      const sql = `SELECT ${columns} FROM relay LEFT JOIN relay_sync ON relay_id = id WHERE id = $1`;
      return (await database.query<SyncRow>(sql, [id]))[0];
    },
    activities: async (id: Id): Promise<string[]> => {
      const sql = 'SELECT type FROM activity WHERE resource_id = $1 ORDER BY seq';
      return (await database.query<{ type: string }>(sql, [id])).map(({ type }) => type);
    },
    /** POST and PATCH of this relay so far, `call` as `METHOD status`. */
    managementCalls: (relay: Relay) =>
      zooid.calls
        .list()
        .filter(({ subject }) => new RegExp(`^(POST|PATCH) /relay/${relay.id}$`).test(subject))
        .map(({ subject, status, body }) => ({
          call: `${subject.slice(0, subject.indexOf(' '))} ${String(status)}`,
          body: JSON.parse(String(body)) as Record<string, unknown>,
        })),
    stop: async () => {
      await zooid.stop();
      await Promise.all(opened.map((db) => db.close()));
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A process of its own, as far as the database can tell. */
function provisionerOf({ open, client, clock, newId, log, rung }: Parts, { zooid, ...changes }: Changes) {
  const secretBox = relaySecretBox(ZOOID_SECRET);
  const syncs = provisioningStore(open('provisioner'), { clock, newId, secretBox });
  const bells: SyncRelayDeps['bells'] = {
    ring: (bell) => {
      rung.push(bell.name);
      return Promise.resolve();
    },
  };
  const { fingerprint } = secretBox;
  const removals = removalStore(open('provisioner'), { clock });
  const breaker = circuitBreaker({ clock });
  const zooids = oneZooid(guardedZooid(zooid ?? client, breaker), '');
  const sync = syncRelay({ syncs, zooids, bells, settings, fingerprint, clock, ...changes });
  const signal = new AbortController().signal;
  const through = gate(8);
  const check = checkRelays({ checks: syncs, zooids, gate: through, log, clock });
  return {
    syncs,
    breaker,
    handle: sync,
    sync: (relayId: Id) => through(() => sync({ relayId }, { log, signal })),
    sweep: () => sweepRelays({ syncs, sync, zooids, gate: through, log })(signal),
    checkSweep: () => check(signal),
    removalSweep: () => removeRelays({ removals, places: syncs, zooids, log })(signal),
  };
}

function gatewayOf({ open, clock, newId }: Parts) {
  const client = open('gateway');
  const commands = relayCommands(client, { clock, newId });
  const tenants = tenantStore(client, { clock, newId });
  return {
    commands,
    tenants,
    createRelay: async (changes: Partial<RelaySettings> = {}, owner?: Pubkey): Promise<Relay> => {
      const tenantPubkey = owner ?? secretSigner(generateSecret()).pubkey;
      await tenants.ensure({ pubkey: tenantPubkey });
      const relay = { tenantPubkey, actor: tenantPubkey, settings: { ...relaySettings(newId()), ...changes } };
      return commands.create(relay, () => undefined);
    },
    changeRelay: (relay: Relay, changes: Partial<RelaySettings>, status?: RelayStatus): Promise<Relay> =>
      commands.change({ id: relay.id, actor: relay.tenantPubkey }, () => ({
        type: 'update_relay',
        settings: changes,
        ...(status && { status }),
      })),
    findRelay: (id: Id) => relayStore(client).find(id),
  };
}

/** What a provisioner does differently; `zooid` instead of the one zooid. */
type Changes = Partial<SyncRelayDeps> & { zooid?: ZooidClient };

interface Parts {
  clock: Clock;
  newId: NewId;
  log: Logger;
  open: (role: Role) => PrismaClient;
  client: ZooidClient;
  rung: string[];
}

function relaySettings(id: Id): RelaySettings {
  return {
    ...RELAY_DEFAULTS,
    subdomain: `team-${id.slice(-12)}`,
    zooid_domain: 'relays.localhost',
    plan_id: 'basic',
    info_name: 'Team',
    info_icon: 'https://example.com/icon.png',
    info_description: 'Where we talk',
    blossom_enabled: true,
    livekit_enabled: true,
  };
}

export interface SyncRow {
  sync_error: string;
  failures: number;
  applied: string | null;
  sealed_secret: string | null;
  claimed_until: Date | null;
  first_synced_at: Date | null;
  next_sync_at: Date | null;
}
