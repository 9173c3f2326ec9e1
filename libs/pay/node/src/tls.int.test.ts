import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClient } from './node/open-client.js';
import { RPC_SECRET, startTestNode } from './testing/start-test-node.js';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './testing/test-certificate.js';

const statusOf = (url: string, options: RequestOptions): Promise<number | string> =>
  new Promise((resolve) => {
    get(url, { ...options, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', ({ message }) => {
      resolve(message);
    });
  });

describe('both doors over TLS', () => {
  let folder = '';
  let caFile = '';
  let keyFile = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pay-tls-'));
    [caFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(caFile, TEST_CERTIFICATE);
    writeFileSync(keyFile, TEST_CERTIFICATE_KEY, { mode: 0o600 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const tls = () => `[tls]\ncert_file = "${caFile}"\nkey_file = "${keyFile}"\n`;
  const clientOf = (node: { doors: { rpcAddress?: string | undefined } }, files: object) => {
    const endpoint = node.doors.rpcAddress ?? '';
    return openClient({ name: 'x', endpoint, secret: RPC_SECRET, protocol: 'v2', tls: files }, Date.now);
  };

  it('answer who believes their certificate, and nobody in plain text', async () => {
    const node = await startTestNode({ toml: tls() });
    const url = `${node.doors.restUrl ?? ''}/healthz`;
    expect(url).toMatch(/^https:/);
    expect(await statusOf(url, { ca: TEST_CERTIFICATE })).toBe(200);
    expect(await statusOf(url, {})).toContain('self-signed certificate');
    await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();
    const client = await clientOf(node, { caFile });
    expect(await client.call({ code: 'version' })).toMatchObject([{ code: 'version' }]);
    client.close();
    await node.drop();
  });

  it('with a CA for clients let in only those it vouches for', async () => {
    const node = await startTestNode({ toml: `${tls()}client_ca_file = "${caFile}"\n` });
    const url = `${node.doors.restUrl ?? ''}/healthz`;
    const own = { ca: TEST_CERTIFICATE, cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY };
    expect(await statusOf(url, own)).toBe(200);
    expect(await statusOf(url, { ca: TEST_CERTIFICATE })).not.toBe(200);
    const stranger = await clientOf(node, { caFile });
    await expect(stranger.call({ code: 'version' }, { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'connect_error',
    });
    stranger.close();
    const friend = await clientOf(node, { caFile, certFile: caFile, keyFile });
    expect(await friend.call({ code: 'version' })).toMatchObject([{ code: 'version' }]);
    friend.close();
    await node.drop();
  });
});
