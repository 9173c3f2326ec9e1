import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { zooidUnderTest } from '@caravel/stand-ins';
import type { ZooidUnderTest } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { zooidClient } from './zooid-client.js';

const { ZOOID_URL: url, ZOOID_RELAY_URL: relayUrl, ZOOID_TEST_SECRET: secret } = process.env;
const newId = idMaker(systemClock);
const { signal } = new AbortController();

/** What provisioning relies on: true of the stand-in and of the zooid at ZOOID_URL. */
describe(`a zooid (${url ?? 'stand-in'})`, () => {
  let zooid: ZooidUnderTest;
  let id: Id;
  let host: string;
  const made: Id[] = [];

  beforeAll(async () => {
    zooid = await zooidUnderTest({ url, relayUrl, secret });
  });
  beforeEach(() => {
    id = newId();
    made.push(id);
    host = `${id}.relays.localhost`;
  });
  afterAll(async () => {
    for (const each of made) await client().remove(each, signal);
    await zooid.stop();
  });

  const client = () => zooidClient({ ...zooid, clock: systemClock });
  const owner = secretSigner(generateSecret()).pubkey;
  const info = { name: 'Team', icon: 'https://x.example/i.png', description: 'Ours', pubkey: owner };
  const config = () => ({
    host,
    schema: `r_${id.replaceAll('-', '_')}`,
    secret: generateSecret(),
    inactive: false,
    info,
    policy: { public_join: false, strip_signatures: false },
    groups: { enabled: true },
    management: { enabled: true },
  });
  const shown = () => client().relayInfo(host, signal);
  const shows = (name: string) => eventually(async () => (await shown())?.name === name);
  const isGone = () => eventually(async () => (await shown()) === null);

  it('serves what it was told to create, and says who the owner is', async () => {
    await expect(client().create(id, config(), signal)).resolves.toEqual({ kind: 'done' });
    await shows('Team');
    await expect(shown()).resolves.toMatchObject(info);
  });

  it('says conflict when the id exists, and when the host is another’s', async () => {
    await client().create(id, config(), signal);
    await expect(client().create(id, config(), signal)).resolves.toEqual({ kind: 'conflict' });
    const other = newId();
    const sameHost = { ...config(), schema: `r_${other.replaceAll('-', '_')}` };
    await expect(client().create(other, sameHost, signal)).resolves.toEqual({ kind: 'conflict' });
  });

  it('changes what a PATCH names and nothing else', async () => {
    await client().create(id, config(), signal);
    await shows('Team');
    await expect(client().patch(id, { info: { name: 'Team two' } }, signal)).resolves.toEqual({ kind: 'done' });
    await shows('Team two');
    await expect(shown()).resolves.toMatchObject({ ...info, name: 'Team two' });
  });

  it('does not serve a relay that is inactive, and serves it again', async () => {
    await client().create(id, config(), signal);
    await shows('Team');
    await client().patch(id, { inactive: true }, signal);
    await isGone();
    await client().patch(id, { inactive: false }, signal);
    await shows('Team');
  });

  it('says who the members are, also of an inactive relay, and null of one it does not know', async () => {
    await client().create(id, { ...config(), inactive: true }, signal);
    await expect(client().members(id, signal)).resolves.toEqual(expect.any(Array));
    await expect(client().members(newId(), signal)).resolves.toBeNull();
  });

  it('does not know what it was not told: PATCH says missing, DELETE is done', async () => {
    await expect(client().patch(id, { inactive: true }, signal)).resolves.toEqual({ kind: 'missing' });
    await expect(client().remove(id, signal)).resolves.toBeUndefined();
  });

  it('refuses a configuration it can’t use, with a reason', async () => {
    await expect(client().create(id, { ...config(), schema: 'not a schema!' }, signal)).resolves.toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/400|422/),
    });
    await expect(shown()).resolves.toBeNull();
  });

  it('forgets a relay when told to, and its name is free', async () => {
    await client().create(id, config(), signal);
    await shows('Team');
    await client().remove(id, signal);
    await isGone();
    await expect(client().create(id, config(), signal)).resolves.toEqual({ kind: 'done' });
    await shows('Team');
  });

  it('takes no orders from anybody else', async () => {
    const stranger = zooidClient({ ...zooid, signer: secretSigner(generateSecret()), clock: systemClock });
    await expect(stranger.create(id, config(), signal)).resolves.toMatchObject({ kind: 'refused' });
    await expect(shown()).resolves.toBeNull();
  });
});
