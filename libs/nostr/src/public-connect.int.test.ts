import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { publicConnect } from './public-connect.js';

/** Why a connection did not come about. */
async function refusal(connect: () => unknown): Promise<string> {
  try {
    const socket = (await connect()) as WebSocket;
    const [error] = (await once(socket, 'error')) as [Error];
    return error.message;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

const refused = expect.stringContaining('not at a public address') as string;

describe('publicConnect', () => {
  let server: WebSocketServer;
  let reached = 0;
  beforeAll(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', () => (reached += 1));
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
  });
  const port = () => (server.address() as AddressInfo).port;

  it.each(['ws://127.0.0.1:1', 'ws://localhost', 'ws://[::1]', 'ws://10.0.0.1', 'ws://169.254.169.254'])(
    'refuses %s before it connects',
    async (url) => {
      expect(await refusal(() => publicConnect()(url))).toContain('not at a public address');
    },
  );

  it('refuses a public name that resolves to a private address, also when only one of its addresses is private', async () => {
    const inside = [
      '127.0.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '::1',
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      'fe80::1%lo',
    ];
    for (const addresses of [
      ...inside.map((address) => [address]),
      ['9.9.9.9', '127.0.0.1'],
      ['127.0.0.1', '9.9.9.9'],
      [],
    ]) {
      const resolve = () =>
        Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
      expect(await refusal(() => publicConnect({ resolve })(`ws://relay.example:${port()}`))).toContain(
        'not at a public address',
      );
    }
    expect(reached).toBe(0);
  });

  it("reaches the operator's own relays wherever they are", async () => {
    const url = `ws://127.0.0.1:${port()}`;
    const socket = await publicConnect({ trusted: [url] })(`${url}/`);
    await once(socket, 'open');
    socket.terminate();
    expect(reached).toBe(1);
    reached = 0;
  });

  it('asks the resolver once per connect, so a name cannot change its mind after the check', async () => {
    const answers = ['9.9.9.9', '127.0.0.1'];
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: answers[asked - 1] ?? '127.0.0.1', family: 4 }]);
    };
    const socket = await publicConnect({ resolve })(`ws://relay.example:${port()}`);
    socket.on('error', () => undefined);
    await new Promise((resolveSoon) => setImmediate(resolveSoon));
    socket.terminate();
    expect(asked).toBe(1);
    expect(reached).toBe(0);
  });

  it('checks again at every connect, so a name that was public once is refused when it turns inward', async () => {
    const answers = ['9.9.9.9', '127.0.0.1', '::1'];
    const resolve = () => {
      const address = answers.shift() ?? '';
      return Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
    };
    const connect = publicConnect({ resolve });
    const first = await connect(`ws://relay.example:${port()}`);
    first.on('error', () => undefined);
    first.terminate();
    const again = () => refusal(() => connect(`ws://relay.example:${port()}`));
    expect([await again(), await again()]).toEqual([refused, refused]);
    expect(reached).toBe(0);
  });

  it('does not follow a redirect, which would lead past the check', async () => {
    const redirecting = createServer();
    redirecting.on('upgrade', (_request, socket) => {
      socket.end(`HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:${port()}\r\nContent-Length: 0\r\n\r\n`);
    });
    redirecting.listen(0, '127.0.0.1');
    await once(redirecting, 'listening');
    const url = `ws://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
    expect(await refusal(() => publicConnect({ trusted: [url] })(url))).toContain('302');
    expect(reached).toBe(0);
    redirecting.close();
  });
});
