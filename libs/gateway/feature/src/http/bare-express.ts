import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express from 'express';
import type { Request, Response } from 'express';

/**
 * What Express adds to a request and its response (`ip`, `query`, `get`, `set`, `json`, …), without its router: the closures
 * which that makes for every request cost as much as all of a request's checks together.
 */
export function bareExpress({ trustedProxies, serve }: BareExpress): BareListener {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('trust proxy', trustedProxies.length > 0 ? [...trustedProxies] : false);
  const property = { app: { value: app } };
  const requests: object = Object.create(express.request, property) as object;
  const responses: object = Object.create(express.response, property) as object;

  const listener = (message: IncomingMessage, answer: ServerResponse): void => {
    const request = Object.setPrototypeOf(message, requests) as Request;
    const response = Object.setPrototypeOf(answer, responses) as Response;
    request.res = response;
    response.req = request;
    serve(request, response);
  };
  // Express compiles the setting to this function of an address and its distance.
  const trusts = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return Object.assign(listener, { isProxy: (address: string) => trusts(address, 0) });
}

/** `isProxy` tells the addresses that `trustedProxies` names, in whatever way it names them. */
export type BareListener = RequestListener & { isProxy: (address: string) => boolean };

interface BareExpress {
  /** Whose `X-Forwarded-*` is believed: addresses, CIDR ranges or express' names for them. */
  trustedProxies: readonly string[];
  /** Answers; nothing comes after it. */
  serve: (request: Request, response: Response) => void;
}
