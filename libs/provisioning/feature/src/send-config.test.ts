import type { Id } from '@caravel/domain';
import { aRelay, someSettings } from './a-relay.test-data.js';
import type { JsonObject } from './json.js';
import type { ZooidAnswer } from './ports.js';
import { sendConfig } from './send-config.js';
import { toZooidConfig } from './zooid-config.js';
import { withoutSecrets } from './without-secrets.js';

const relay = aRelay();
const claim = { relayId: relay.id, until: new Date(0) };
const signal = new AbortController().signal;
const fingerprint = (text: string) => `#${text.length}`;
const stored = (changes = {}) => withoutSecrets(toZooidConfig(aRelay(changes), someSettings), fingerprint);
const done: ZooidAnswer = { kind: 'done' };
const conflict: ZooidAnswer = { kind: 'conflict' };
const missing: ZooidAnswer = { kind: 'missing' };
const refused: ZooidAnswer = { kind: 'refused', reason: 'The relay server refused (400)' };

/** Runs `sendConfig` against answers in order; an Error is a lost one. Tells every step. */
async function send(known: JsonObject | null, ...answers: (ZooidAnswer | Error)[]) {
  const steps: unknown[][] = [];
  const answer = (): Promise<ZooidAnswer> => {
    const next = answers.shift();
    return next === undefined || next instanceof Error
      ? Promise.reject(next ?? new Error('asked'))
      : Promise.resolve(next);
  };
  const step = (name: string) => (_: unknown, detail: unknown) => {
    steps.push([name, detail]);
    return Promise.resolve();
  };
  const call = (name: string) => (_: Id, body: JsonObject) => {
    steps.push([name, body]);
    return answer();
  };
  const deps = {
    syncs: { noteKnown: step('note'), secret: () => Promise.resolve('5'.repeat(64)) },
    zooid: { create: call('POST'), patch: call('PATCH') },
    settings: someSettings,
    fingerprint,
  };
  const row = { instance: 'main', waitingSince: null, pending: [], createdAt: new Date(0), everSynced: true };
  const result = await sendConfig(deps, { ...row, claim, relay, known }, signal).catch((error: unknown) => error);
  return { result, steps, names: steps.map(([name]) => name) };
}

it('posts everything with the secret while nothing is known', async () => {
  const { result, steps } = await send(null, done);
  expect(steps).toEqual([['POST', { ...toZooidConfig(relay, someSettings), secret: '5'.repeat(64) }]]);
  expect(result).toEqual({ config: stored(), called: true, told: ['name', 'icon', 'description'] });
});

it('makes no call when zooid has everything', async () => {
  expect(await send(stored())).toEqual({ result: { config: stored(), called: false, told: [] }, steps: [], names: [] });
});

it('writes down what becomes uncertain before it patches, and patches secrets with their real values', async () => {
  const { result, steps } = await send(stored({ livekit_enabled: false, info_name: 'Old' }), done);
  expect(result).toEqual({ config: stored(), called: true, told: ['name'] });
  expect(steps).toEqual([
    ['note', expect.objectContaining({ livekit: { server_url: null, api_key: null, api_secret: null } })],
    [
      'PATCH',
      {
        info: { name: 'Team' },
        livekit: { server_url: 'wss://live.example', api_key: 'live-key', api_secret: 'live-secret' },
      },
    ],
  ]);
});

it('sends a rotated key, and nothing else', async () => {
  const known = { ...stored(), livekit: { server_url: 'wss://live.example', api_key: '#8', api_secret: '#999' } };
  const { steps } = await send(known, done);
  expect(steps.at(-1)).toEqual(['PATCH', { livekit: { api_secret: 'live-secret' } }]);
});

it('leaves uncertain what a lost answer left uncertain', async () => {
  const known = stored({ info_name: 'Old' });
  const { result, steps, names } = await send(known, new Error('lost'));
  expect(names).toEqual(['note', 'PATCH']);
  expect(steps[0]?.[1]).toMatchObject({ info: { name: null, description: 'Where we talk' } });
  expect(result).toMatchObject({ message: 'lost' });
});

it('takes back the uncertainty when zooid refused', async () => {
  const known = stored({ info_name: 'Old' });
  const { result, steps } = await send(known, refused);
  expect(steps.at(-1)).toEqual(['note', known]);
  expect(result).toMatchObject({ code: 'service-unavailable', message: 'The relay server refused (400)' });
});

const used = /team\.relays\.example is used by another relay/;
it.each<Exchange>([
  { when: '409 on POST, PATCH works', known: null, answers: [conflict, done], steps: ['POST', 'PATCH'] },
  { when: '409 on POST, 404 on PATCH', known: null, answers: [conflict, missing], steps: ['POST', 'PATCH'], used },
  { when: '409 on both', known: null, answers: [conflict, conflict], steps: ['POST', 'PATCH'], used },
  {
    when: '409 on PATCH',
    known: stored({ subdomain: 'old' }),
    answers: [conflict],
    steps: ['note', 'PATCH', 'note'],
    used,
  },
  {
    when: '404 on PATCH, POST works',
    known: stored({ info_name: 'Old' }),
    answers: [missing, done],
    steps: ['note', 'PATCH', 'note', 'POST'],
  },
])('$when', async ({ known, answers, steps, used: message }) => {
  const { result, names } = await send(known, ...answers);
  expect(names).toEqual(steps);
  if (message) expect(result).toMatchObject({ message: expect.stringMatching(message) });
  else expect(result).toEqual({ config: stored(), called: true, told: ['name', 'icon', 'description'] });
});

interface Exchange {
  when: string;
  known: JsonObject | null;
  answers: ZooidAnswer[];
  steps: string[];
  used?: RegExp;
}
