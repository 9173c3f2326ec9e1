import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchBounded } from './fetch-bounded.js';

describe('fetching a price', () => {
  const server = createServer((request, response) => {
    if (request.url === '/small') return response.end('{"price":1}');
    if (request.url === '/wrong') return response.writeHead(500).end('no');
    // Without an end, a little at a time or as fast as it can.
    const slow = request.url === '/slow';
    const write = (): void => {
      if (response.destroyed) return;
      response.write('x'.repeat(slow ? 1 : 16_384));
      setTimeout(write, slow ? 20 : 0);
    };
    write();
    return undefined;
  });
  const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('answers the text', async () => {
    expect(await fetchBounded(url('/small'), 5_000)).toBe('{"price":1}');
  });

  it('gives up an answer that has no end, be it fast or slow, and one that is none', async () => {
    await expect(fetchBounded(url('/fast'), 5_000)).rejects.toThrow('65536 bytes');
    await expect(fetchBounded(url('/slow'), 200)).rejects.toThrow();
    await expect(fetchBounded(url('/wrong'), 5_000)).rejects.toThrow('status 500');
  });
});
