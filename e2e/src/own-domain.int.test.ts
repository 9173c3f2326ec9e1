import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { startZooid } from '@caravel/stand-ins';
import type { ZooidStandIn } from '@caravel/stand-ins';
import { createTestDatabase, eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { WebSocket } from 'ws';
import { startServiceProcess } from './service-process.js';
import type { ServiceProcess } from './service-process.js';

const NGINX = '/usr/sbin/nginx';
const withNginx = existsSync(NGINX) ? describe : describe.skip;
if (!existsSync(NGINX))
  process.stdout.write(`SKIPPED: relays behind docs/proxy/nginx.conf, because there is no ${NGINX}\n`);

withNginx('behind docs/proxy/nginx.conf', () => {
  const dir = mkdtempSync(join(tmpdir(), 'own-domain-'));
  const owner = secretSigner(generateSecret());
  const SERVER_URL = 'http://domain.test';
  let database: TestDatabase;
  let zooid: ZooidStandIn;
  let gateway: ServiceProcess;
  let nginx: ChildProcess;
  let port: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    zooid = await startZooid({ dir, whitelist: [] });
    const config = { host: 'team.relays.example', schema: 'r_team', secret: generateSecret() };
    mkdirSync(join(dir, 'config'), { recursive: true });
    const info = { name: 'Team', pubkey: owner.pubkey };
    writeFileSync(join(dir, 'config', 'team.json'), JSON.stringify({ ...config, info }));
    zooid.restart();
    gateway = await startServiceProcess('api-gateway', {
      DATABASE_URL: database.url('gateway'),
      SERVER_URL,
      SERVER_PORT: '0',
      SERVER_ADMIN_PUBKEYS: owner.pubkey,
      SERVER_ALLOW_ORIGINS: 'https://app.example',
      APP_URL: 'https://app.example',
      RELAY_DOMAIN: 'relays.example',
    });
    const url = said(/"url":"(http[^"]+)"[^\n]*"listening/);
    const authorization = makeHttpAuth({ signer: owner, url: SERVER_URL, nowS: Math.floor(Date.now() / 1000) });
    for (const [path, body] of [
      ['/tenants', {}],
      ['/relays', { subdomain: 'team', plan_id: 'basic', custom_domain: 'chat.example.com' }],
      ['/relays', { subdomain: 'other', plan_id: 'basic', custom_domain: 'not-yet.example.com' }],
    ] as const) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(body),
      });
      expect(answer.ok).toBe(true);
    }
    await database.query("UPDATE relay SET custom_domain_verified = true WHERE subdomain = 'team'");
    port = await freePort();
    nginx = spawn(NGINX, ['-c', proxyConfig(), '-g', 'daemon off;'], { stdio: 'inherit' });
    await eventually(() => nip11('nobody.example'));
  }, 60_000);
  afterAll(async () => {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
    await gateway.stop();
    await zooid.stop();
    await database.drop();
    rmSync(dir, { recursive: true, force: true });
  });

  const said = (pattern: RegExp): string => pattern.exec(gateway.said())?.[1] ?? '';

  /** The file as it is, but for what a machine decides: addresses, certificates and folders. */
  function proxyConfig(): string {
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${dir}/${name};`,
    );
    const config = readFileSync(new URL('../../docs/proxy/nginx.conf', import.meta.url), 'utf8')
      .replaceAll(/^\s*ssl_certificate.*$/gm, '')
      .replaceAll(/listen 443 ssl/g, `listen 127.0.0.1:${port}`)
      .replaceAll('127.0.0.1:9091', new URL(said(/"opsUrl":"(http[^"]+)"/)).host)
      .replaceAll('127.0.0.1:3334', new URL(zooid.url).host)
      .replace('events {}', `pid ${dir}/pid;\nerror_log ${dir}/error.log;\nevents {}`)
      .replace('http {', `http {\naccess_log off;\n${folders.join('\n')}`);
    const file = join(dir, 'nginx.conf');
    writeFileSync(file, config);
    return file;
  }

  async function nip11(host: string): Promise<{ status: number; body: string }> {
    const headers = { host, accept: 'application/nostr+json' };
    const [answer] = (await once(httpRequest(`http://127.0.0.1:${port}/`, { headers }).end(), 'response')) as [
      IncomingMessage,
    ];
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  }

  it.each(['team.relays.example', 'chat.example.com', 'CHAT.example.com'])('%s is the relay', async (host) => {
    const { status, body } = await nip11(host);
    expect([status, (JSON.parse(body) as { name: string }).name]).toEqual([200, 'Team']);
  });

  it.each(['not-yet.example.com', 'nobody.relays.example', 'example.com'])('%s is nobody', async (host) => {
    expect((await nip11(host)).status).toBe(404);
  });

  it('clients speak to the relay under its own domain', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host: 'chat.example.com' } });
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect((JSON.parse(data.toString()) as string[])[0]).toBe('AUTH');
    socket.terminate();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
