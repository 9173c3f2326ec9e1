import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { emptyProject } from './empty-project.js';
import { keyClient } from './key-client.js';
import { startTestSandbox } from './test-sandbox.js';
import type { TestSandbox } from './test-sandbox.js';

let started: TestSandbox | undefined;
const sandbox = () => {
  if (!started) throw new Error('the sandbox did not start');
  return started;
};
beforeAll(async () => {
  started = await startTestSandbox({ args: ['--queue', 'postgres'] });
}, 90_000);
afterAll(() => started?.stop(), 30_000);

const client = (secret = generateSecret()) => keyClient(sandbox().state().serverUrl, secret);
const relay = (name: string) => ({ body: { subdomain: `${name}-${generateSecret().slice(0, 8)}`, plan_id: 'free' } });

it('a command that is sent while the gateway dies is carried out once', async () => {
  const alice = client();
  await alice.createTenant();
  const killed = sandbox().killService('api-gateway');
  const made = await Promise.all([alice.createRelay(relay('one')), alice.createRelay(relay('two'))]);
  await killed;
  const relays = await alice.listTenantRelays({ pubkey: alice.pubkey });
  expect(relays.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
}, 60_000);

it('the same command under the same key answers the same, also from another process', async () => {
  const secret = generateSecret();
  const [here, there] = [client(secret), client(secret)];
  await here.createTenant();
  const wanted = relay('same');
  const first = await here.createRelay(wanted, { idempotencyKey: 'mine' });
  expect(await there.createRelay(wanted, { idempotencyKey: 'mine' })).toEqual(first);
  await expect(there.createRelay(relay('other'), { idempotencyKey: 'mine' })).rejects.toMatchObject({
    code: 'idempotency-mismatch',
    status: 422,
    requestId: expect.any(String),
  });
}, 30_000);

it('pages come one after the other, with each tenant once', async () => {
  const admin = client(sandbox().state().adminSecret);
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => client().createTenant()));
  const seen = [];
  for await (const page of admin.pages('listTenants', { query: { limit: 2 } })) {
    expect(page.length).toBeLessThanOrEqual(2);
    seen.push(...page.map(({ pubkey }) => pubkey));
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(made.map(({ pubkey }) => pubkey)));
}, 30_000);

it('events come each once and in order, also over the death of the gateway', async () => {
  const alice = client();
  await alice.createTenant();
  const types: string[] = [];
  const ids: number[] = [];
  for await (const { id, type, data } of alice.events({ pubkey: alice.pubkey, lastEventId: 0 })) {
    ids.push(id);
    if (type !== 'activity') continue;
    types.push(data.activity_type);
    if (types.length === 1) {
      await sandbox().killService('api-gateway');
      await alice.createRelay(relay('events'));
    }
    if (data.activity_type === 'create_relay') break;
  }
  expect(types).toEqual(['create_tenant', 'create_relay']);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
}, 60_000);

it('a strict server takes every request, also the same one many times at once', async () => {
  const strict = await startTestSandbox({ args: ['--queue', 'postgres'], env: { NIP98_MODE: 'strict' } });
  try {
    const alice = keyClient(strict.state().serverUrl, generateSecret(), { mode: 'strict' });
    await alice.createTenant();
    const { body } = relay('strict');
    expect(await alice.createRelay({ body: { ...body, info_name: 'Räksmörgås 🎉' } })).toMatchObject({
      info_name: 'Räksmörgås 🎉',
    });
    const query = { limit: 1 };
    const lists = await Promise.all([1, 2, 3, 4, 5].map(() => alice.listTenantRelays({ pubkey: alice.pubkey, query })));
    expect(lists.map((list) => list.length)).toEqual([1, 1, 1, 1, 1]);
    for await (const { id } of alice.events({ pubkey: alice.pubkey, lastEventId: 0 })) if (id === 2) break;
    await expect(keyClient(strict.state().serverUrl, generateSecret()).getIdentity()).rejects.toMatchObject({
      status: 401,
    });
  } finally {
    await strict.stop();
  }
}, 90_000);

it('the packed client works in an empty project: its types compile and the examples of its README run', () => {
  const project = emptyProject();
  try {
    const installed = join(project.folder, 'node_modules/@caravel/api-client');
    expect(readdirSync(installed).sort()).toEqual([
      'LICENSE',
      'README.md',
      'check.js',
      'index.js',
      'package.json',
      'types',
    ]);
    for (const file of ['index.js', 'check.js']) {
      expect(readFileSync(join(installed, file), 'utf8')).not.toMatch(
        /node:|\bBuffer\b|\bprocess\b|@caravel\/(?!api-client)/,
      );
    }

    const readme = readFileSync(join(installed, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
    expect(examples.length).toBeGreaterThanOrEqual(6);
    const { serverUrl } = sandbox().state();
    project.write('examples.ts', examples.join('\n').replaceAll('https://api.example.com', serverUrl));
    project.write('window.d.ts', "interface Window { nostr: import('@caravel/api-client').Signer }");
    project.compile();

    const secret = generateSecret();
    const { pubkey } = secretSigner(secret);
    const said = project.runAs(secret, 'examples.js');
    expect(said).toContain(`is coming up for ${pubkey}\nsubdomain-reserved `);
    expect(said).toMatch(/^\d+ activity \{\n.*create_relay/ms);
    expect(said).toMatch(/^number,id,tenant_pubkey.*is_admin: false/ms);
  } finally {
    project.remove();
  }
}, 120_000);
