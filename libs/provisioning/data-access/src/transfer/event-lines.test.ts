import { generateSecret, nostrEventSchema, secretSigner } from '@caravel/nostr';
import { eventLines } from './event-lines.js';
import type { EventLine } from './event-lines.js';

const signer = secretSigner(generateSecret());
const event = (content = 'hi') => signer.sign({ kind: 1, created_at: 1_700_000_000, tags: [], content });
const passedOn = (one: unknown) => JSON.stringify(nostrEventSchema.parse(one));
const LIMIT = 4096;

async function read(bytes: Uint8Array, pieceBytes = bytes.length): Promise<EventLine[]> {
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  };
  const lines: EventLine[] = [];
  for await (const line of eventLines(asyncOf(pieces()), LIMIT)) lines.push(line);
  return lines;
}
async function* asyncOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
const problemsOf = (lines: EventLine[]) =>
  lines.map((line) => ('problem' in line ? [line.line, line.problem] : 'fine'));

it.each([1, 2, 7, 64, 100_000])(
  'reads the same lines in pieces of %d bytes, also with characters cut in two',
  async (size) => {
    const events = ['zwölf Äpfel 🍎', '', 'x'.repeat(500)].map(event);
    const text = events.map((one) => JSON.stringify(one)).join('\r\n');
    const lines = await read(Buffer.from(`\ufeff\n${text}\n\n`), size);
    expect(lines).toEqual(events.map((one, index) => ({ line: index + 2, event: passedOn(one) })));
  },
);

it('reads a last line that does not end', async () => {
  expect(await read(Buffer.from(JSON.stringify(event())))).toHaveLength(1);
});

it('passes on nothing but what NIP-01 names, said once', async () => {
  const one = event();
  const twice = JSON.stringify(one).replace('{', '{"kind":7,"extra":1,');
  expect(await read(Buffer.from(twice))).toEqual([{ line: 1, event: passedOn(one) }]);
});

it('says of every line what is wrong with it, and goes on', async () => {
  const one = event();
  const other = event('other');
  const lines = [
    'no json',
    '[]',
    JSON.stringify({ ...one, kind: 'one' }),
    JSON.stringify({ ...one, content: 'changed' }),
    JSON.stringify({ ...one, sig: other.sig }),
    JSON.stringify(event('x'.repeat(LIMIT))),
    JSON.stringify(one),
  ];
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.of(0xff, 0xfe)]);
  expect(problemsOf(await read(bytes, 1000))).toEqual([
    [1, { eventId: '', message: 'this is not JSON' }],
    [2, { eventId: '', message: 'this is not a Nostr event (NIP-01)' }],
    [3, { eventId: one.id, message: 'this is not a Nostr event (NIP-01)' }],
    [4, { eventId: one.id, message: 'the id is not the hash of the event' }],
    [5, { eventId: one.id, message: 'the signature is wrong' }],
    [6, { eventId: '', message: `longer than ${LIMIT} bytes` }],
    'fine',
    [8, { eventId: '', message: 'this is not JSON' }],
  ]);
});

it('holds no more than a line of what has no end', async () => {
  const endless = function* (): Generator<Uint8Array> {
    for (let count = 0; count < 1000; count += 1) yield Buffer.alloc(65_536, 'x');
  };
  const lines = [];
  for await (const line of eventLines(asyncOf(endless()), LIMIT)) lines.push(line);
  expect(problemsOf(lines)).toEqual([[1, { eventId: '', message: `longer than ${LIMIT} bytes` }]]);
});
