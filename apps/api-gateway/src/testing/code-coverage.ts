import { routes } from '@caravel/gateway-feature';
import { apiClient } from './api.js';
import type { Api } from './api.js';

/** Codes that come with a route's policy or method, or that every route or command has: tests of their own show them. */
const GENERAL = [
  ...['unauthorized', 'not-found', 'invalid-request', 'payload-too-large'],
  ...['rate-limited', 'service-unavailable', 'idempotency-busy', 'idempotency-mismatch'],
];

/** Where the codes of a route are shown that `routes.int.test.ts` does not show. */
const SHOWN_BY = {
  'relay-changes': /^DELETE \/relays|\/preview |\/reactivate (relay-limit|subdomain-exists)$/,
  'tenant-deletion': /^DELETE \/tenants/,
  transfers: /\/(export|import) /,
};
type TestFile = keyof typeof SHOWN_BY | 'routes';

/** An API that notes which code of which route was answered. */
export function codeCoverage(url: string): { api: Api; unseen: (file: TestFile) => string[] } {
  const seen = new Set<string>();
  const request = apiClient(url);
  return {
    api: async (call, options) => {
      const answer = await request(call, options);
      seen.add(`${routeOf(call)} ${answer.body.code ?? ''}`);
      return answer;
    },
    /** What a route declares of its own, is shown by this file, and was not answered. That each succeeds, the matrix shows. */
    unseen: (file) =>
      routes
        .flatMap(({ method, path, errors }) =>
          errors.filter((code) => !isGeneral(code, path)).map((code) => `${method} ${path} ${code}`),
        )
        .filter((name) => fileOf(name) === file && !seen.has(name)),
  };
}

const isGeneral = (code: string, path: string): boolean =>
  GENERAL.includes(code) || (code === 'forbidden' && path.includes(':pubkey'));

function fileOf(name: string): TestFile {
  const found = Object.entries(SHOWN_BY).find(([, pattern]) => pattern.test(name));
  return found ? (found[0] as TestFile) : 'routes';
}

function routeOf(call: string): string {
  const target = call.split('?')[0] ?? '';
  const route = routes.find(({ method, path }) =>
    new RegExp(`^${method} ${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(target),
  );
  return route ? `${route.method} ${route.path}` : call;
}
