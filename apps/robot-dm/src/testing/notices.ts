import { unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { generateSecret, messagingRelayListEvent, relayPool, secretSigner, unwrapMessage } from '@caravel/nostr';
import type { NostrEvent, Signer } from '@caravel/nostr';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import type { RobotSetup } from './robot-setup.js';

export interface NoticesTold {
  /** Tenants that read exactly one message, and the one meant for them. */
  readOnce: number;
  /** Tenants that read none, or more than one. */
  others: number;
  /** Messages that needed more than one try. */
  triedAgain: number;
  /** Gift wraps at both relays. */
  wraps: number;
  seconds: number;
}

const { signal } = new AbortController();

/**
 * Tells `count` tenants one thing each, through two relays: a third of them read at one relay only, a third at the other, a third at
 * both. Once a quarter is told the first relay goes away, and comes back with what it had when one in fifty has failed.
 */
export async function tellNotices(setup: RobotSetup, count: number): Promise<NoticesTold> {
  const policy = { gateGiftWraps: false };
  const tenants = Array.from({ length: count }, () => secretSigner(generateSecret()));
  let one = await startRelay({ policy });
  const other = await startRelay({ policy });
  const indexer = await startRelay({ events: listsOf(tenants, [one.url, other.url]) });
  await addNotices(setup, tenants);

  const startedAt = performance.now();
  const robot = setup.robot({ indexers: [indexer.url], fallback: [one.url, other.url] });
  const sweeping = robot.sweep(signal);
  await eventually(() => one.events().length >= count / 4, { timeoutMs: PATIENCE_MS });
  const kept = one.events();
  await one.stop();
  await eventually(async () => (await countOf(setup, 'error IS NOT NULL')) >= count / 50, { timeoutMs: PATIENCE_MS });
  one = await startRelay({ policy, at: { port: Number(new URL(one.url).port) }, events: kept });
  await sweeping;
  for (let at = await nextTry(setup); at; at = await nextTry(setup)) {
    setup.clock.set(unixSeconds(at));
    await robot.sweep(signal);
  }
  const seconds = (performance.now() - startedAt) / 1000;

  const relays = [one, other];
  const messages = await readAll(tenants, relays);
  const readOnce = tenants.filter(({ pubkey }) => messages.get(pubkey)?.size === 1).length;
  const wraps = one.events().length + other.events().length;
  await Promise.all([...relays, indexer].map((relay) => relay.stop()));
  return { readOnce, others: count - readOnce, triedAgain: await countOf(setup, 'tries > 1'), wraps, seconds };
}

const PATIENCE_MS = 600_000;

function listsOf(tenants: readonly Signer[], relays: readonly string[]): NostrEvent[] {
  return tenants.flatMap((tenant, n) => {
    const url = relays[n % 3]; // every third has no list, and is told at both
    return url === undefined ? [] : [tenant.sign(messagingRelayListEvent([url], 1_700_000_000))];
  });
}

async function addNotices({ testDatabase, clock, newId }: RobotSetup, tenants: readonly Signer[]): Promise<void> {
  const ids = tenants.map(() => newId());
  await testDatabase.query(
    `INSERT INTO message (id, tenant_pubkey, template, subject, params, created_at, next_try_at)
     SELECT id, pubkey, 'invoice-due', id, jsonb_build_object('invoice_id', id, 'amount_cents', 500), $3, $3
     FROM unnest($1::text[], $2::text[]) AS told (id, pubkey)`,
    [ids, tenants.map(({ pubkey }) => pubkey), clock.now()],
  );
}

async function countOf({ testDatabase }: RobotSetup, condition: string): Promise<number> {
  const [row] = await testDatabase.query<{ count: number }>(`SELECT count(*)::int FROM message WHERE ${condition}`);
  return row?.count ?? 0;
}

async function nextTry({ testDatabase }: RobotSetup): Promise<Date | null> {
  const [row] = await testDatabase.query<{ at: Date | null }>('SELECT min(next_try_at) AS at FROM message');
  return row?.at ?? null;
}

/** What each tenant's client shows: the distinct rumors addressed to it, read from both relays like any client does. */
async function readAll(tenants: readonly Signer[], relays: readonly RelayStandIn[]): Promise<Map<Pubkey, Set<string>>> {
  const pool = relayPool();
  const shown = new Map<Pubkey, Set<string>>();
  for (let from = 0; from < tenants.length; from += PAGE) {
    const readers = new Map(tenants.slice(from, from + PAGE).map((tenant) => [tenant.pubkey as string, tenant]));
    const filter = { kinds: [1059], '#p': [...readers.keys()] };
    const urls = relays.map(({ url }) => url);
    for (const wrap of await pool.query(urls, [filter], { timeoutMs: PATIENCE_MS })) {
      const reader = readers.get(wrap.tags[0]?.[1] ?? '');
      if (!reader) throw new Error('a wrap for somebody else');
      const rumors = shown.get(reader.pubkey) ?? new Set();
      shown.set(reader.pubkey, rumors.add(unwrapMessage(reader, wrap).id));
    }
  }
  pool.close();
  return shown;
}

/** So few that a relay's answer is never cut at 500 events. */
const PAGE = 100;
