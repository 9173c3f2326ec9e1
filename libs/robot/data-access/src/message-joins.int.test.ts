import { idMaker, manualClock, pubkeySchema, systemClock } from '@caravel/domain';
import { addMessages, openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { messageStore } from './message-store.js';
import type { ClaimedMessage, MessageStore } from './message-store.js';

const START_S = 1_790_000_000;
const DAY_MS = 86_400_000;
const alice = pubkeySchema.parse('a'.repeat(64));
const newId = idMaker(systemClock);
const at = (seconds: number) => new Date((START_S + seconds) * 1000);

describe('words of several facts', () => {
  let database: TestDatabase;
  let robots: Database[];
  let store: MessageStore;
  let other: MessageStore;
  const clock = manualClock(START_S);

  beforeAll(async () => {
    database = await createTestDatabase();
    robots = [1, 2].map(() => openDatabase(database.url('robot')));
    const [one, two] = robots.map(({ client }) => messageStore(client));
    if (!one || !two) throw new Error('two stores');
    [store, other] = [one, two];
  });
  beforeEach(() => database.query('TRUNCATE message, message_delivery'));
  afterAll(async () => {
    await Promise.all(robots.map((robot) => robot.close()));
    await database.drop();
  });

  const add = (count: number, template = 'invoice-due') =>
    addMessages(
      robots[0]?.client ?? fail(),
      Array.from({ length: count }, () => ({ tenantPubkey: alice, template, subject: newId(), params: {} })),
      { clock, newId },
    );
  const claim = async (of = store, seconds = 0): Promise<ClaimedMessage> => {
    const claimed = await of.claimNext(alice, { now: at(seconds), until: at(seconds + 60) });
    return claimed ?? fail();
  };
  const join = async (message: ClaimedMessage, of = store, seconds = 0) => {
    const now = at(seconds);
    const ids = (await of.waitingWith(message, { now, limit: 50 })).map(({ id }) => id);
    const fixed = await of.fixJoined(message, { ids, text: message.id, now, quietMs: DAY_MS });
    return { ids, fixed };
  };
  const fail = (): never => {
    throw new Error('nothing there');
  };

  it('are fixed by one of two that hold facts of a kind at the same instant, and the other has nothing to do', async () => {
    for (let round = 0; round < 20; round += 1) {
      await database.query('TRUNCATE message, message_delivery');
      await add(2);
      const [one, two] = [await claim(store), await claim(other)];
      const outcomes = await Promise.all([join(one, store), join(two, other)]);
      const kinds = outcomes.map(({ fixed }) => fixed.kind).sort();
      expect(kinds).toEqual(['interrupted', 'text']);
      const rows = await database.query('SELECT FROM message WHERE text IS NOT NULL AND joined_into IS NULL');
      expect(rows).toHaveLength(1);
      await expect(database.query('SELECT FROM message WHERE joined_into IS NOT NULL')).resolves.toHaveLength(1);
    }
  });

  it('are not fixed with a fact that ended, or was taken, meanwhile', async () => {
    await add(3);
    const first = await claim();
    const ids = (await store.waitingWith(first, { now: at(0), limit: 50 })).map(({ id }) => id);
    await database.query('UPDATE message SET cancelled_at = now() WHERE id = $1', [ids[0]]);
    const words = { ids, text: 'three', now: at(0), quietMs: DAY_MS };
    await expect(store.fixJoined(first, words)).resolves.toEqual({ kind: 'changed' });
    await expect(
      database.query('SELECT FROM message WHERE joined_into IS NOT NULL OR text IS NOT NULL'),
    ).resolves.toEqual([]);
    await expect(join(first)).resolves.toEqual({ ids: ids.slice(1), fixed: { kind: 'text', text: first.id } });
  });

  it('once fixed are the same for whoever asks again', async () => {
    await add(2);
    const first = await claim();
    await join(first);
    await add(1);
    const again = await claim(other, 60);
    await expect(
      other.fixJoined(again, { ids: [], text: 'else', now: at(60), quietMs: DAY_MS }),
    ).resolves.toMatchObject({
      kind: again.id === first.id ? 'text' : 'later',
    });
    await expect(store.fixJoined(first, { ids: [], text: 'else', now: at(60), quietMs: DAY_MS })).resolves.toEqual({
      kind: again.id === first.id ? 'interrupted' : 'text',
      ...(again.id !== first.id && { text: first.id }),
    });
  });

  it('wait while one of their kind is on its way or was sent within a day, and for no other kind', async () => {
    await add(1);
    const first = await claim();
    await join(first);
    await add(1);
    const second = await claim();
    await expect(join(second)).resolves.toEqual({ ids: [], fixed: { kind: 'later', until: at(61) } });
    await store.markSent(first, at(5));
    await expect(join(second)).resolves.toEqual({ ids: [], fixed: { kind: 'later', until: at(86_405) } });
    await store.postpone(second, at(86_405));
    await add(1, 'wallet-failed');
    await expect(join(await claim(store, 10))).resolves.toMatchObject({ fixed: { kind: 'text' } });
    const due = await claim(store, 86_405);
    expect(due).toMatchObject({ id: second.id, tries: 1 });
    await expect(join(due, store, 86_405)).resolves.toMatchObject({ fixed: { kind: 'text' } });
  });

  it('let go of what they took in before a crash and do not tell now', async () => {
    await add(3);
    const first = await claim();
    const { ids } = await join(first);
    await database.query('UPDATE message SET text = NULL WHERE id = $1', [first.id]);
    const again = await claim(store, 60);
    expect(again.id).toBe(first.id);
    const words = { ids: ids.slice(1), text: 'two', now: at(60), quietMs: DAY_MS };
    await expect(store.fixJoined(again, words)).resolves.toEqual({ kind: 'text', text: 'two' });
    const [released] = await database.query('SELECT joined_into, next_try_at FROM message WHERE id = $1', [ids[0]]);
    expect(released).toEqual({ joined_into: null, next_try_at: at(60) });
  });
});
