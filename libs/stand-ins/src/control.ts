import type { IncomingMessage } from 'node:http';

import { z } from 'zod';

import { faultSchema } from './faults.js';
import { listenHttp, type ListenAt, pathOf, readBody, sendJson } from './http-server.js';
import type { StandIn } from './stand-in.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
const faultsSchema = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]);

/**
 * One HTTP server through which other processes steer the stand-ins; each has `controlUrl = <url>/<name>`:
 * - `GET|PUT|DELETE controlUrl/faults`: the list (or one fault); PUT replaces all, `[]` and DELETE clear.
 * - `GET <url>/addresses`: `{name: {url, controlUrl}}` of all.
 * - `GET|DELETE controlUrl/calls`, `GET controlUrl/ledger`.
 * - `POST controlUrl/actions/NAME`: does what the stand-in offers under that name, argument and answer in JSON.
 * Errors are `{error}`: 400 for what can't be read, 404 for unknown names.
 */
export async function startControl(standIns: Record<string, StandIn>, at: ListenAt = {}): Promise<Control> {
  const listener = await listenHttp(async (request, response) => {
    const [, name = '', topic = '', action = ''] = pathOf(request).split('/');
    if (name === 'addresses') {
      sendJson(response, 200, addresses());
      return;
    }
    const standIn = standIns[name];
    const route = standIn && routes(standIn)[`${request.method ?? ''} ${topic}`];
    if (!route) {
      sendJson(response, 404, { error: 'no such stand-in or topic' });
      return;
    }
    try {
      sendJson(response, 200, (await route(await readJson(request), action)) ?? {});
    } catch (error) {
      sendJson(response, 400, { error: error instanceof Error ? error.message : 'refused' });
    }
  }, at);
  const url = `http://${listener.address}`;
  const addresses = () =>
    Object.fromEntries(
      Object.entries(standIns).map(([name, { url: at }]) => [name, { url: at, controlUrl: `${url}/${name}` }]),
    );
  return { url, controlUrl: (name) => `${url}/${name}`, stop: listener.close };
}

function routes({ faults, calls, ledger, actions }: StandIn): Record<string, Route> {
  return {
    'GET faults': () => faults.list(),
    'PUT faults': (body) => {
      faults.set(faultsSchema.parse(body));
    },
    'DELETE faults': () => {
      faults.set([]);
    },
    'GET calls': () => calls.list(),
    'DELETE calls': () => {
      calls.clear();
    },
    'GET ledger': () => ledger(),
    'POST actions': (body, name) => {
      const action = actions[name];
      if (!action) throw new Error(`no such action; there are: ${Object.keys(actions).join(', ') || 'none'}`);
      return action(body);
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, BODY_LIMIT_BYTES);
  return text ? JSON.parse(text) : undefined;
}

type Route = (body: unknown, name: string) => unknown;

export interface Control {
  url: string;
  controlUrl: (name: string) => string;
  stop: () => Promise<void>;
}
