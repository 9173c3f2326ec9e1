import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { api } from '@caravel/api-contract';
import { z } from 'zod';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const get = async (path: string) => {
  const response = await fetch(gateway.url + path);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const PAGES = ['/docs', '/docs/page.js', '/docs/page.css', '/docs/swagger-ui.js', '/docs/swagger-ui.css'];

it('/openapi.json is docs/openapi.json', async () => {
  const committed = await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
  const { status, headers, text } = await get('/openapi.json');
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(JSON.parse(text)).toEqual(JSON.parse(committed));
});

it('the page and all that it names come from here, and its policy forbids everything else', async () => {
  const { text } = await get('/docs');
  const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  expect(
    named
      .filter((address) => address !== 'data:,')
      .map((address) => `/${address}`)
      .sort(),
  ).toEqual([...PAGES.slice(1), '/openapi.json', '/openapi.json'].sort());
  for (const path of PAGES) {
    const { status, headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect([path, status, policy.split('; ')[0]]).toEqual([path, 200, "default-src 'none'"]);
    expect(policy).not.toMatch(/https?:|\*|unsafe/);
  }
  // A stylesheet or script of ours that names a host would be refused by the policy; it names none.
  for (const path of ['/docs', '/docs/page.js', '/docs/page.css'])
    expect((await get(path)).text).not.toMatch(/https?:/);
});

const netEvent = z.object({ params: z.object({ url: z.string().optional() }).optional() });
const chromium = ['chromium', 'chromium-headless-shell', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path));
if (!chromium) process.stdout.write('SKIPPED: the documentation in a browser, because there is no /usr/bin/chromium\n');

(chromium ? it : it.skip)(
  'a browser shows every endpoint, asks no other host and meets no forbidden thing',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'caravel-docs-'));
    const netLog = join(folder, 'net.json');
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
    const { stdout, stderr } = await promisify(execFile)(
      chromium ?? '',
      [
        ...flags,
        `--user-data-dir=${folder}`,
        `--log-net-log=${netLog}`,
        '--enable-logging=stderr',
        '--virtual-time-budget=20000',
        '--dump-dom',
        `${gateway.url}/docs`,
      ],
      { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    );
    const shown = new Set([...stdout.matchAll(/id="operations-(?!tag-)[^"]*-(\w+)"/g)].map(([, name]) => name));
    expect([...shown].sort()).toEqual(Object.keys(api).sort());
    expect(stderr).not.toMatch(/CONSOLE.*(Content Security Policy|Refused|Uncaught)/);

    const asked = JSON.parse(await readFile(netLog, 'utf8')) as unknown;
    const { events } = z.object({ events: z.array(netEvent) }).parse(asked);
    const addresses = events.map(({ params }) => params?.url ?? '').filter((url) => /^(http|ws)s?:/.test(url));
    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter((url) => new URL(url).origin !== gateway.url)).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  },
  90_000,
);
