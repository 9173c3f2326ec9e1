import { AppError } from '@caravel/domain';
import type { Route } from './route.js';

/** A route and what its path's parameters are in this request. */
export interface FoundRoute<R> {
  route: R;
  params: Readonly<Record<string, string>>;
}

export interface RouteFinder<R> {
  /** Undefined when no route serves it. @throws AppError when a parameter can't be decoded. */
  find: (method: string, path: string) => FoundRoute<R> | undefined;
  /** What may be asked of a path; empty when it is unknown. */
  methods: (path: string) => string[];
}

/**
 * Finds routes the way Express does (`:name` is one segment, one slash may follow, HEAD is a GET), with one look-up instead
 * of a pass over all of them: whatever is asked costs the same.
 */
export function routeFinder<R extends Pick<Route, 'method' | 'path'>>(routes: readonly R[]): RouteFinder<R> {
  const fixed = new Map<string, FoundRoute<R>>();
  const shaped = new Map<string, Shaped<R>[]>();
  for (const route of routes) {
    const segments = route.path.split('/');
    if (!route.path.includes(':')) fixed.set(`${route.method} ${route.path}`, { route, params: {} });
    else {
      const key = `${route.method} ${segments.length}`;
      shaped.set(key, [...(shaped.get(key) ?? []), { route, segments }]);
    }
  }
  const find = (asked: string, target: string): FoundRoute<R> | undefined => {
    const method = asked === 'HEAD' ? 'GET' : asked;
    const path = target.length > 1 && target.endsWith('/') ? target.slice(0, -1) : target;
    const known = fixed.get(`${method} ${path}`);
    if (known) return known;
    const segments = path.split('/');
    const fitting = shaped.get(`${method} ${segments.length}`)?.find((each) => fits(each.segments, segments));
    return fitting && { route: fitting.route, params: paramsOf(fitting.segments, segments) };
  };
  const verbs = ['HEAD', ...new Set(routes.map(({ method }) => method))];
  return { find, methods: (path) => verbs.filter((method) => find(method, path)) };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]));
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segments[i] ?? '');
  }
  return params;
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new AppError('invalid-request', 'The address or the body could not be decoded.', { cause });
  }
}

interface Shaped<R> {
  route: R;
  segments: readonly string[];
}
