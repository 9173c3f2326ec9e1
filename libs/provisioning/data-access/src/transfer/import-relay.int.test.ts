import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { idMaker, relaySchema, systemClock } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { eventually } from '@caravel/testing';
import { importRelay } from './import-relay.js';
import type { ImportRelayOptions } from './import-relay.js';

const signer = secretSigner(generateSecret());
const event = (content: string) => signer.sign({ kind: 1, created_at: 1_700_000_000, tags: [], content });
const id = idMaker(systemClock)();
const relay = { id, schema: relaySchema(id), subdomain: 'team', zooid_domain: 'relays.localhost' };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'import-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});
const file = (name: string) => join(dir, name);
const read = (name: string) => readFileSync(file(name), 'utf8');

function run(lines: Iterable<string> | AsyncIterable<string>, changes: Partial<ImportRelayOptions> = {}) {
  const options = { command: 'cat >/dev/null', relay, env: { PATH: '/usr/bin:/bin' }, signal: never, ...changes };
  return importRelay(
    Readable.from(lines).map((line) => Buffer.from(String(line))),
    options,
  );
}
const never = new AbortController().signal;
const linesOf = (...events: object[]) => events.map((one) => `${JSON.stringify(one)}\n`);

it("gives the program the verified events of the relay, and says what was wrong with the others' lines", async () => {
  const [one, two] = [event('one'), event('two')];
  const command = `cat >'${file('got')}'; echo "$RELAY_ID $RELAY_SCHEMA $RELAY_HOST" >'${file('names')}'`;
  const forged = { ...two, content: 'three' };
  expect(await run([...linesOf(one, forged), 'x\n', ...linesOf(two)], { command })).toEqual({
    imported: 2,
    invalid: 2,
    problems: [
      { line: 2, event_id: two.id, message: 'the id is not the hash of the event' },
      { line: 3, event_id: '', message: 'this is not JSON' },
    ],
  });
  expect(
    read('got')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id),
  ).toEqual([one.id, two.id]);
  expect(read('names')).toBe(`${relay.id} ${relay.schema} team.relays.localhost\n`);
});

it('believes the program about how many were new', async () => {
  const command = 'cat >/dev/null; echo "Import complete: 1 imported, 1 skipped (duplicates)" >&2';
  expect(await run(linesOf(event('one'), event('two')), { command })).toMatchObject({ imported: 1, invalid: 0 });
});

it('describes the first hundred problems and counts all', async () => {
  const result = await run(Array.from({ length: 150 }, () => 'x\n'));
  expect([result.invalid, result.problems.length, result.problems.at(-1)?.line]).toEqual([150, 100, 100]);
});

it('tells the program nothing of our environment', async () => {
  await run([], { command: `env >'${file('env')}'; cat >/dev/null` });
  const names = read('env')
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
    'PATH',
    'RELAY_HOST',
    'RELAY_ID',
    'RELAY_SCHEMA',
  ]);
});

it('holds back whoever sends while the program does not read', async () => {
  let sent = 0;
  const line = linesOf(event('x'.repeat(30_000))).join('');
  const endless = async function* (): AsyncGenerator<string> {
    for (; sent < 2000; sent += 1) yield await Promise.resolve(line);
  };
  const stopping = new AbortController();
  const running = run(endless(), { command: `touch '${file('began')}'; sleep 60`, signal: stopping.signal });
  const ended = expect(running).rejects.toThrow('enough');
  await eventually(() => read('began') === '' && sent > 0);
  const before = await steady(() => sent);
  expect(before).toBeLessThan(50);
  stopping.abort(new Error('enough'));
  await ended;
});

/** The value once it has stopped changing. */
async function steady(value: () => number): Promise<number> {
  let [last, since] = [value(), performance.now()];
  await eventually(() => {
    if (value() !== last) [last, since] = [value(), performance.now()];
    return performance.now() - since > 200;
  });
  return last;
}

it.each([
  [
    'fails',
    'cat >/dev/null; echo "disk full: token 0123456789abcdef0123456789abcdef" >&2; exit 3',
    /failed \(3\): disk full: token \[hidden\]/,
  ],
  ['stops reading', 'exit 0', /did not read everything/],
  ['is killed', 'kill -9 $$', /was ended/],
])('says so when the program %s', async (_, command, words) => {
  const lines = Array.from({ length: 100 }, () => linesOf(event('x'.repeat(20_000))).join(''));
  await expect(run(lines, { command })).rejects.toMatchObject({
    code: 'service-unavailable',
    message: expect.stringMatching(words),
  });
});

it('ends the program without letting it take a broken file for a whole one', async () => {
  const broken = async function* (): AsyncGenerator<string> {
    yield await Promise.resolve(linesOf(event('one')).join(''));
    throw new Error('the sender is gone');
  };
  const command = `cat >/dev/null && touch '${file('finished')}'`;
  await expect(run(broken(), { command })).rejects.toThrow('the sender is gone');
  expect(() => read('finished')).toThrow();
});

it('is not there where the operator has not set it up, and says so', async () => {
  await expect(run([], { command: undefined })).rejects.toMatchObject({
    code: 'service-unavailable',
    message: expect.stringContaining('the operator has not set up'),
  });
});
