import { POLICIES } from '@caravel/api-contract';
import type { Route } from './route.js';

/** Refuses to serve a route that nobody decided about: without policy, owned by nobody, or defined twice. */
export function checkRoutes(routes: readonly Route[]): void {
  const names = new Set<string>();
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    if (names.has(name)) throw new Error(`${name} is defined twice`);
    names.add(name);
    if (!POLICIES.includes(route.policy)) throw new Error(`${name} has no policy`);
    if (OWNED.includes(route.policy) !== (route.ownedBy !== null)) {
      throw new Error(`${name}: policy ${route.policy} and how its tenant is found don't fit`);
    }
    if (route.idempotency && (route.policy === 'public' || route.method === 'GET' || route.answerType)) {
      throw new Error(`${name}: only signed commands that answer JSON take an Idempotency-Key`);
    }
  }
}

const OWNED: readonly string[] = ['adminOrTenant', 'sameTenantOnly'];
