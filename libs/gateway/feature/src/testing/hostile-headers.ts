import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import type { HttpAuthReason, NostrEvent } from '@caravel/nostr';

/** A header that must not sign anybody in, in no mode. */
export interface HostileHeader {
  name: string;
  reason: HttpAuthReason;
  /** What arrives; `undefined` is no header. */
  header: string | undefined;
}

const signer = secretSigner(generateSecret());
const victim = secretSigner(generateSecret());
/** Somewhere in everything that is sent, to be looked for in logs and answers. */
export const CANARY = 'canary-5f1e';

/** A header that is taken: for `url`, now, by a GET. */
export const validHeader = (url: string, nowS: number): string => makeHttpAuth({ signer, url, nowS, method: 'GET' });

/** Everything below is made from an event that would be taken as it is. */
export function hostileHeaders(url: string, nowS: number): HostileHeader[] {
  const tags = [
    ['u', url],
    ['method', 'GET'],
  ];
  const template = { kind: 27_235, created_at: nowS, tags, content: CANARY };
  const event = signer.sign(template);
  return [...notAHeader(event), ...notAnEvent(event), ...notSigned(event), ...notOurs(url, template)];
}

type Template = Parameters<typeof signer.sign>[0];
type Rows = readonly (readonly [name: string, reason: HttpAuthReason, header: string | undefined])[];

const base64 = (data: string | Uint8Array): string => Buffer.from(data).toString('base64');
const nostr = (value: unknown): string => `Nostr ${base64(typeof value === 'string' ? value : JSON.stringify(value))}`;
const named = (rows: Rows): HostileHeader[] => rows.map(([name, reason, header]) => ({ name, reason, header }));
const flip = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);

function notAHeader(event: NostrEvent): HostileHeader[] {
  const valid = base64(JSON.stringify(event)).replaceAll('=', '');
  const padded = valid + '='.repeat((4 - (valid.length % 4)) % 4);
  // One space of JSON more makes the length one that needs padding.
  const needsPadding = base64(JSON.stringify(event) + ' '.repeat((4 - (JSON.stringify(event).length % 3)) % 3));
  return named([
    ['no header', 'missing', undefined],
    ['an empty header', 'missing', ''],
    ['only the scheme', 'scheme', 'Nostr'],
    ['only the event', 'scheme', padded],
    ['the scheme Bearer', 'scheme', `Bearer ${padded}`],
    ['the scheme Basic', 'scheme', `Basic ${base64(`user:${CANARY}`)}`],
    ['a scheme that only begins like ours', 'scheme', `Nostrich ${padded}`],
    ['no space after the scheme', 'scheme', `Nostr${padded}`],
    ['two spaces', 'scheme', `Nostr  ${padded}`],
    ['a tab for a space', 'scheme', `Nostr\t${padded}`],
    ['something after the event', 'scheme', `Nostr ${padded} ${padded}`],
    ['two headers in one', 'scheme', `Nostr ${padded}, Nostr ${padded}`],
    ['JSON without base64', 'base64', `Nostr ${JSON.stringify(event)}`],
    ['the URL alphabet', 'base64', `Nostr ${base64('{"a":"???>>>"}').replaceAll('/', '_').replaceAll('+', '-')}`],
    ['base64 that lost its padding', 'base64', `Nostr ${needsPadding.replaceAll('=', '')}`],
    ['base64 with padding to spare', 'base64', `Nostr ${padded}====`],
    ['padding alone', 'base64', 'Nostr ===='],
    ['bits that base64 has no use for', 'base64', 'Nostr e31='],
    ['a comma within base64', 'base64', `Nostr ${padded.slice(0, 40)},${padded.slice(40)}`],
    ['more than 16 KiB', 'too-long', nostr({ ...event, content: CANARY.repeat(2_000) })],
  ]);
}

function notAnEvent(event: NostrEvent): HostileHeader[] {
  return named([
    ['bytes that are no UTF-8', 'json', `Nostr ${base64(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]))}`],
    ['a byte order mark', 'json', nostr(`\ufeff${JSON.stringify(event)}`)],
    ['text', 'json', nostr(CANARY)],
    ['half an event', 'json', nostr(JSON.stringify(event).slice(0, -20))],
    ['two events', 'json', nostr(JSON.stringify(event).repeat(2))],
    ['null', 'json', nostr('null')],
    ['a number', 'json', nostr('27235')],
    ['an event in a string', 'json', nostr(JSON.stringify(JSON.stringify(event)))],
    ['an event in an array', 'kind', nostr([event])],
    ['an empty object', 'kind', nostr({})],
    ['brackets without end', 'json', nostr('['.repeat(8_000))],
    ['brackets within brackets', 'kind', nostr('['.repeat(4_000) + ']'.repeat(4_000))],
    ['an event as a prototype', 'kind', nostr(`{"__proto__":${JSON.stringify(event)}}`)],
    ['a kind as text', 'kind', nostr({ ...event, kind: '27235' })],
    ['a kind with a fraction', 'kind', nostr({ ...event, kind: 27_235.5 })],
    ['another kind, well signed', 'kind', nostr(signer.sign({ ...event, kind: 22_242 }))],
    ['a time as text', 'event', nostr({ ...event, created_at: String(event.created_at) })],
    ['a time with a fraction', 'event', nostr({ ...event, created_at: event.created_at + 0.5 })],
    ['a time before all times', 'event', nostr({ ...event, created_at: -1 })],
    [
      'a time beyond all numbers',
      'event',
      nostr(JSON.stringify(event).replace(/"created_at":\d+/, '"created_at":1e400')),
    ],
    ['tags that are an object', 'event', nostr({ ...event, tags: { u: 'x' } })],
    ['tags that are null', 'event', nostr({ ...event, tags: null })],
    ['a tag that is text', 'event', nostr({ ...event, tags: ['u'] })],
    ['a tag with a number', 'event', nostr({ ...event, tags: [...event.tags, ['x', 1]] })],
    ['no content', 'event', nostr({ ...event, content: undefined })],
    ['content that is an object', 'event', nostr({ ...event, content: { toString: CANARY } })],
  ]);
}

function notSigned(event: NostrEvent): HostileHeader[] {
  const another = signer.sign({ ...event, content: 'another' });
  return named([
    ['no id', 'event', nostr({ ...event, id: undefined })],
    ['an id of another event', 'event', nostr({ ...event, id: another.id })],
    ['an id in capitals', 'event', nostr({ ...event, id: event.id.toUpperCase() })],
    ['no signature', 'event', nostr({ ...event, sig: undefined })],
    ['an empty signature', 'event', nostr({ ...event, sig: '' })],
    ['a signature of zeros', 'event', nostr({ ...event, sig: '0'.repeat(128) })],
    ['a signature with one bit changed', 'event', nostr({ ...event, sig: flip(event.sig) })],
    ['a signature of another event', 'event', nostr({ ...event, sig: another.sig })],
    ['a signature that is too long', 'event', nostr({ ...event, sig: `${event.sig}00` })],
    ["somebody else's key", 'event', nostr({ ...event, pubkey: victim.pubkey })],
    [
      "somebody else's key, named twice",
      'event',
      nostr(`${JSON.stringify(event).slice(0, -1)},"pubkey":"${victim.pubkey}"}`),
    ],
    ['a key in capitals', 'event', nostr({ ...event, pubkey: event.pubkey.toUpperCase() })],
    ['a key off the curve', 'event', nostr({ ...event, pubkey: '5'.padStart(64, '0') })],
    ['a key of zeros', 'event', nostr({ ...event, pubkey: '0'.repeat(64) })],
    ['content changed after signing', 'event', nostr({ ...event, content: `${CANARY}!` })],
    ['a tag added after signing', 'event', nostr({ ...event, tags: [...event.tags, ['x']] })],
    ['a time changed after signing', 'event', nostr({ ...event, created_at: event.created_at + 1 })],
    ['a mark that it was verified', 'event', nostr({ ...event, sig: flip(event.sig), verified: true })],
  ]);
}

function notOurs(url: string, template: Template): HostileHeader[] {
  const method = ['method', 'GET'];
  const signedFor = (...tags: string[][]) => nostr(signer.sign({ ...template, tags: [...tags, method] }));
  const { host, pathname } = new URL(url);
  return named([
    ['no URL', 'url', signedFor()],
    ['a URL tag without a URL', 'url', signedFor(['u'])],
    ['an empty URL', 'url', signedFor(['u', ''])],
    ['another server', 'url', signedFor(['u', 'https://evil.example'])],
    ['our name in front of theirs', 'url', signedFor(['u', `https://${host}.evil.example${pathname}`])],
    ['our name as a user of theirs', 'url', signedFor(['u', `https://${host}@evil.example${pathname}`])],
    ['http for https', 'url', signedFor(['u', url.replace('https:', 'http:')])],
    ['capitals in the name', 'url', signedFor(['u', url.replace(host, host.toUpperCase())])],
    ['the port, spelled out', 'url', signedFor(['u', url.replace(host, `${host}:443`)])],
    ['a fragment', 'url', signedFor(['u', `${url}#x`])],
    ['a space after the URL', 'url', signedFor(['u', `${url} `])],
    ['another path of ours', 'url', signedFor(['u', `https://${host}/other`])],
    ['our URL first and theirs last', 'url', signedFor(['u', url], ['u', 'https://evil.example'])],
    ['a tag U', 'url', signedFor(['U', url])],
  ]);
}
