import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { NostrEvent } from '../events.js';
import { matchesFilters, type Filter } from '../filter.js';

/** One client of a test relay. */
interface Client {
  /** JSON of the message, or the text as it is. */
  send: (message: unknown[] | string) => void;
  socket: WebSocket;
  subscriptions: Map<string, Filter[]>;
  authenticated: boolean;
}

/** What the relay does with a message; hostile ones do what they like. */
export interface Script {
  onConnect?: (client: Client) => void;
  onMessage?: (message: unknown[], client: Client, relay: TestRelay) => void;
}

export interface TestRelay {
  url: string;
  clients: Set<Client>;
  /** How many connections there were in all. */
  connections: () => number;
  received: unknown[][];
  close: () => Promise<void>;
}

/** A relay on a free loopback port that follows a script. */
export async function startTestRelay(script: Script = wellBehaved(), port = 0): Promise<TestRelay> {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  await once(server, 'listening');
  let connections = 0;
  const relay: TestRelay = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clients: new Set(),
    connections: () => connections,
    received: [],
    close: async () => {
      for (const { socket } of relay.clients) socket.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  server.on('connection', (socket) => {
    connections += 1;
    const send = (message: unknown[] | string): void => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    };
    const client: Client = { send, socket, subscriptions: new Map(), authenticated: false };
    relay.clients.add(client);
    socket.on('error', () => undefined);
    socket.on('close', () => relay.clients.delete(client));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as unknown[];
      relay.received.push(message);
      script.onMessage?.(message, client, relay);
    });
    script.onConnect?.(client);
  });
  return relay;
}

/** Stores, answers and passes on, as NIP-01 says; asks who is there (NIP-42) when `auth` is set. */
export function wellBehaved({ stored = [] as NostrEvent[], auth = false } = {}): Required<Script> {
  const mayPass = (client: Client) => !auth || client.authenticated;
  return {
    onConnect: (client) => {
      if (auth) client.send(['AUTH', 'challenge-1']);
    },
    onMessage([verb, first, ...rest], client, relay) {
      if (verb === 'AUTH') {
        client.authenticated = true;
        client.send(['OK', (first as NostrEvent).id, true, '']);
      } else if (verb === 'EVENT') {
        const event = first as NostrEvent;
        client.send(mayPass(client) ? ['OK', event.id, true, ''] : ['OK', event.id, false, 'auth-required: who?']);
        if (mayPass(client)) pass(event, relay);
      } else if (verb === 'REQ') {
        const id = String(first);
        if (!mayPass(client)) {
          client.send(['CLOSED', id, 'auth-required: who?']);
          return;
        }
        client.subscriptions.set(id, rest as Filter[]);
        for (const event of stored) if (matchesFilters(rest as Filter[], event)) client.send(['EVENT', id, event]);
        client.send(['EOSE', id]);
      } else if (verb === 'CLOSE') {
        client.subscriptions.delete(String(first));
      }
    },
  };

  function pass(event: NostrEvent, relay: TestRelay): void {
    stored.push(event);
    for (const client of relay.clients) {
      for (const [id, filters] of client.subscriptions)
        if (matchesFilters(filters, event)) client.send(['EVENT', id, event]);
    }
  }
}
