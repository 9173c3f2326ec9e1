import { relayHost } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { eventually } from '@caravel/testing';
import type { World } from './provisioner-world.js';

/**
 * What happens to relays in a life: their tenants change them, their owners change them at zooid, and zooid fails, is silent,
 * answers late or not at all, goes dark, or has another relay at an address.
 */
export function troubledLife(world: World, { luck, relays }: { luck: () => number; relays: Relay[] }) {
  const changes = new Map<Id, number>();
  /** What owners set that nobody has changed since. */
  const edits = new Map<string, { id: Id; field: Field; value: string }>();
  let serial = 0;
  const some = (share: number): Relay[] => relays.filter(() => luck() < share);
  const pick = <T>(choices: readonly T[]): T | undefined => choices[Math.floor(luck() * choices.length)];

  return {
    changes,
    edits,

    /** A tenth of the tenants change something. */
    tenantsChange: async (): Promise<void> => {
      for (const relay of some(0.1)) {
        const change = pick(CHANGES)?.(`v${(serial += 1)}`) ?? {};
        await world.changeRelay(relay, change.settings ?? {}, change.status);
        changes.set(relay.id, (changes.get(relay.id) ?? 0) + 1);
        for (const field of FIELDS) {
          if (change.settings && `info_${field}` in change.settings) edits.delete(`${relay.id} ${field}`);
        }
      }
    },

    /** Owners of synced, active relays use their relay's own management. Until zooid shows it. */
    ownersEdit: async (): Promise<void> => {
      const synced = await world.database.query<{ id: Id }>(
        "SELECT id FROM relay WHERE status = 'active' AND applied_generation = generation",
      );
      const ids = new Set(synced.map(({ id }) => id));
      for (const { id } of some(0.05).filter((relay) => ids.has(relay.id))) {
        const field = pick(FIELDS) ?? 'name';
        const value = `${field === 'icon' ? 'https://x.example/' : 'by hand '}${(serial += 1)}`;
        if (await editByOwner(world, id, { field, value })) edits.set(`${id} ${field}`, { id, field, value });
      }
    },

    /** Trouble for single relays, and at times for all. */
    zooidTrouble: (): void => {
      const single = some(0.1).map(({ id }) => ({
        match: `/relay/${id}`,
        times: 1,
        ...(pick(TROUBLES) ?? TROUBLES[0]),
      }));
      const all =
        luck() < 0.4 ? [{ match: '/relay/', mode: pick(['hang', 'fail'] as const) ?? 'fail', times: 30 }] : [];
      world.zooid.faults.set([...single, ...all]);
      world.zooid.darken(luck() < 0.5 ? Math.ceil(relays.length / 100) : 0);
    },

    calm: (): void => {
      world.zooid.faults.set([]);
      world.zooid.darken(0);
    },

    /** Values that owners set and that their relays' rows do not have. */
    editsNotAdopted: async () => {
      const missing = [];
      for (const { id, field, value } of edits.values()) {
        const row = await world.findRelay(id);
        if (row?.[`info_${field}`] !== value) missing.push({ id, field, value, row: row?.[`info_${field}`] });
      }
      return missing;
    },
  };
}

/** False where the relay is not served: dark, or lost and not found out yet. */
async function editByOwner(world: World, id: Id, { field, value }: { field: Field; value: string }): Promise<boolean> {
  const relay = await world.findRelay(id);
  const look = () => (relay ? world.client.relayInfo(relayHost(relay), signal) : null);
  if (!(await look())) return false;
  world.zooid.editInfo(id, { [field]: value });
  await eventually(async () => (await look())?.[field] === value);
  return true;
}

const signal = new AbortController().signal;
const FIELDS = ['name', 'icon', 'description'] as const;
type Field = (typeof FIELDS)[number];

type Change = (text: string) => { settings?: Parameters<World['changeRelay']>[1]; status?: 'active' | 'inactive' };
const CHANGES: readonly Change[] = [
  (text) => ({ settings: { info_name: text } }),
  (text) => ({ settings: { info_description: text } }),
  (text) => ({ settings: { subdomain: `sub-${text}` } }),
  () => ({ settings: { policy_public_join: true, livekit_enabled: false } }),
  () => ({ settings: { policy_public_join: false, livekit_enabled: true } }),
  () => ({ settings: { plan_id: 'growth' } }),
  () => ({ status: 'inactive' }),
  () => ({ status: 'active' }),
];

/** Late ones are done at once: zooid carries nothing out after we have turned to something else. */
const TROUBLES = [
  { mode: 'fail', status: 500 },
  { mode: 'fail', status: 503, done: true },
  { mode: 'fail', status: 429 },
  { mode: 'hang' },
  { mode: 'drop-answer' },
  { mode: 'late', ms: 100 },
  { mode: 'late', ms: 600, done: true },
] as const;
