import type { IncomingMessage } from 'node:http';
import { isUpload } from '@caravel/api-contract';
import type { Route } from './route.js';
import { routeFinder } from './route-finder.js';
import { targetOf } from './target-of.js';

/** Tells the requests whose bodies may take as long as they like. */
export function uploadRequests(routes: readonly Route[]): (request: IncomingMessage) => boolean {
  const { find } = routeFinder(routes.filter(isUpload));
  return ({ method = '', url = '' }) => {
    try {
      return find(method, targetOf(url).path) !== undefined;
    } catch {
      return false; // an address nobody can read is no upload's
    }
  };
}
