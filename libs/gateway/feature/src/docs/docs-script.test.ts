import { createContext, runInContext } from 'node:vm';
import { systemClock, unixSeconds } from '@caravel/domain';
import { checkHttpAuth, generateSecret, secretSigner } from '@caravel/nostr';
import type { EventTemplate, HttpAuthResult } from '@caravel/nostr';
import { DOCS_SCRIPT } from './docs-script.js';

const ORIGIN = 'https://api.example';
const signer = secretSigner(generateSecret());

interface PageRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

/** The page in a browser with a key, at a server that wants to be signed for in one mode. */
function openPage(mode: 'session' | 'strict') {
  let click: () => void = () => undefined;
  let intercept: (request: PageRequest) => Promise<PageRequest> = (request) => Promise.resolve(request);
  const told = { textContent: '' };
  const check = (
    header: string | undefined,
    { method, url, body = '' }: Omit<PageRequest, 'headers'>,
  ): HttpAuthResult => {
    const parts = { serverUrls: [ORIGIN], nowS: unixSeconds(systemClock.now()) };
    if (mode === 'session') return checkHttpAuth(header, { ...parts, mode });
    const target = url.slice(ORIGIN.length);
    return checkHttpAuth(header, { ...parts, mode, method, target, body: Buffer.from(body) });
  };
  const nostr = { signEvent: (event: EventTemplate) => Promise.resolve(signer.sign(event)) };
  const button = { addEventListener: (_event: string, listener: () => void) => (click = listener) };
  const page = {
    window: { nostr },
    location: { origin: ORIGIN, href: `${ORIGIN}/docs` },
    document: { getElementById: (id: string) => (id === 'signed' ? told : button) },
    SwaggerUIBundle: ({ requestInterceptor }: { requestInterceptor: typeof intercept }) => {
      intercept = requestInterceptor;
    },
    fetch: (path: string, { headers }: { headers: Record<string, string> }) => {
      const result = check(headers['Authorization'], { method: 'GET', url: `${ORIGIN}/${path}` });
      const answer = { data: { pubkey: result.ok ? result.pubkey : '' } };
      return Promise.resolve({ ok: result.ok, json: () => Promise.resolve(answer) });
    },
    ...{ btoa, crypto, TextEncoder, URL },
  };
  runInContext(DOCS_SCRIPT, createContext(page));
  return {
    told,
    check,
    click: () => {
      click();
    },
    call: (request: PageRequest) => intercept(request),
  };
}

async function signedIn(mode: 'session' | 'strict') {
  const page = openPage(mode);
  page.click();
  while (page.told.textContent === '') await new Promise((resolve) => setImmediate(resolve));
  expect(page.told.textContent).toBe(`Signed in as ${signer.pubkey}`);
  return page;
}
const post = (): PageRequest => ({ url: `${ORIGIN}/relays?a=1`, method: 'POST', headers: {}, body: '{"a":"ä"}' });

it('signs once for many calls of a server that takes that', async () => {
  const { call } = await signedIn('session');
  const [first, second] = [await call(post()), await call(post())];
  expect(second.headers).toEqual(first.headers);
});

it('signs each call of a strict server, so that the same one twice in a second is two events', async () => {
  const { call, check } = await signedIn('strict');
  const calls = [await call(post()), await call(post())];
  const results = calls.map((each) => check(each.headers['Authorization'], each));
  const ids = results.map((result) => (result.ok ? result.event.id : result.reason));
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
  expect(new Set(ids).size).toBe(2);
});

it('signs nothing before somebody signed in', async () => {
  const { call } = openPage('session');
  expect((await call(post())).headers).toEqual({});
});
