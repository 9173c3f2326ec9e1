import { manualClock } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { EventsPort, TenantEvent } from '../ports.js';
import { ALICE, BOB, id, invoice, pubkey } from '../testing/builders.js';
import { silentLog } from '../testing/fake-deps.js';
import { tenantStreams } from './tenant-streams.js';
import type { TenantStreams } from './tenant-streams.js';

const EVE = pubkey('e');
const clock = manualClock(1_800_000_000);
const log: TenantEvent[] = [];
let reads = 0;
let away = false;
let whileReading: Promise<void> | undefined;
const events: EventsPort = {
  after: async (_tenant, seq, { limit }) => {
    reads += 1;
    await whileReading;
    return log.filter((event) => event.seq > seq).slice(0, limit);
  },
  heads: (tenants) =>
    away
      ? Promise.reject(new Error('the database is away'))
      : Promise.resolve(new Map(tenants.map((tenant) => [tenant, log.length]))),
};
let heard: { onNotified: (tenantPubkey: string) => void; onListening: () => void };
let listening = true;
let streams: TenantStreams;
const opened: AsyncIterator<string>[] = [];

beforeEach(() => {
  log.length = 0;
  listening = true;
  whileReading = undefined;
  streams = tenantStreams({
    events,
    clock,
    log: silentLog,
    tickMs: 2,
    partingMs: 20,
    listen: (handlers) => {
      heard = handlers;
      return { isListening: () => listening, close: () => Promise.resolve() };
    },
  });
});
afterEach(async () => {
  await streams.close();
  for (const pieces of opened.splice(0)) await pieces.return?.();
});

const happen = () => log.push({ seq: log.length + 1, kind: 'invoice', row: invoice({ id: id(log.length + 1) }) });

async function connect({ after, caller = ALICE }: { after?: number; caller?: Pubkey } = {}) {
  const document = await streams.open({ tenantPubkey: ALICE, caller, after });
  if (typeof document.body === 'string') throw new Error('a stream was expected');
  const pieces = document.body[Symbol.asyncIterator]();
  opened.push(pieces);
  const next = async (): Promise<string> => {
    const piece = await pieces.next();
    return piece.done === true ? 'END' : piece.value;
  };
  return { document, next };
}
const idsOf = (piece: string) => [...piece.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));

it('begins now, says so with an id, and tells what happens from then on', async () => {
  happen();
  const { next } = await connect();
  expect(await next()).toMatch(/^retry: \d{4}\nid: 1\n\n$/);
  const piece = next();
  happen();
  heard.onNotified(ALICE);
  expect(await piece).toMatch(/^id: 2\nevent: invoice\ndata: \{"id":".*"\}?.*\}\n\n$/);
});

it('goes on after an id, page by page, and treats one of the future as now', async () => {
  for (let count = 0; count < 250; count += 1) happen();
  const { next } = await connect({ after: 30 });
  expect(idsOf(await next())).toEqual([30]);
  const rest = [await next(), await next(), await next()].map(idsOf);
  expect(rest.map((page) => page.length)).toEqual([100, 100, 20]);
  expect(rest.flat()).toEqual(Array.from({ length: 220 }, (_, place) => place + 31));
  expect(idsOf(await (await connect({ after: 999_999 })).next())).toEqual([250]);
});

it('finds what no notification told, sooner while it hears none', async () => {
  listening = false;
  const { next } = await connect();
  await next();
  happen();
  expect(idsOf(await next())).toEqual([1]);
  listening = true;
  happen();
  expect(idsOf(await next())).toEqual([2]);
  happen();
  heard.onListening();
  expect(idsOf(await next())).toEqual([3]);
});

it('says that it is alive every 15 seconds, and ends after 10 minutes with a word to come back', async () => {
  const { next } = await connect();
  await next();
  clock.advance(16);
  expect(await next()).toBe(': still here\n\n');
  clock.advance(584);
  expect(await next()).toMatch(/^: please connect again\nretry: \d{4}\n\n$/);
  expect(await next()).toBe('END');
});

it('a caller has five at once, over all tenants it may look at, and a place is free as soon as a connection ends', async () => {
  const documents = [];
  for (let count = 0; count < 5; count += 1) documents.push((await connect({ caller: EVE })).document);
  await expect(connect({ caller: EVE })).rejects.toMatchObject({ code: 'rate-limited' });
  await connect({ caller: BOB });
  documents[0]?.onClose?.();
  documents[0]?.onClose?.();
  await connect({ caller: EVE });
  await expect(connect({ caller: EVE })).rejects.toMatchObject({ code: 'rate-limited' });
  const many = await Promise.allSettled(Array.from({ length: 20 }, () => connect({ caller: BOB })));
  expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
});

it('a place is free again when the stream could not begin', async () => {
  away = true;
  for (let count = 0; count < 7; count += 1) await expect(connect()).rejects.toThrow('away');
  away = false;
  await expect(connect()).resolves.toBeDefined();
});

it('breaks off a reader that takes nothing for 30 seconds, whatever happens meanwhile, and reads nothing for it', async () => {
  const { document, next } = await connect();
  await next(); // pulled, and then never again
  happen();
  const before = reads;
  for (let count = 0; count < 50; count += 1) heard.onNotified(ALICE);
  expect(document.signal?.aborted).toBe(false);
  clock.advance(31);
  await new Promise((resolve) => document.signal?.addEventListener('abort', resolve));
  expect(reads).toBe(before);
});

it('when the process ends every stream ends with a word, and new ones are told to come again', async () => {
  const { next } = await connect();
  await next();
  await streams.close();
  expect(await next()).toContain('please connect again');
  expect(await next()).toBe('END');
  await expect(connect()).rejects.toMatchObject({ code: 'service-unavailable' });
});

it('the end of the process waits for a stream that is just reading, until its last word was taken', async () => {
  const { next } = await connect();
  await next();
  let read: () => void = () => undefined;
  whileReading = new Promise((resolve) => (read = resolve));
  heard.onNotified(ALICE);
  const word = next();
  let isOver = false;
  const closing = streams.close().then(() => {
    isOver = true;
  });
  read();
  expect(await word).toContain('please connect again');
  expect(isOver).toBe(false);
  expect(await next()).toBe('END');
  await closing;
});
