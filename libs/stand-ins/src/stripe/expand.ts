import { invalidRequest } from './stripe-error.js';

/** Puts whole objects in the place of ids (https://docs.stripe.com/expand), `a.b` or `data.a` for what is deeper. */
export function expand(answer: unknown, paths: readonly string[], find: (id: string) => unknown): unknown {
  return paths.reduce((object, path) => expandAt(object, path.split('.'), { path, find }), answer);
}

function expandAt(value: unknown, parts: readonly string[], search: Search): unknown {
  if (Array.isArray(value)) return value.map((each) => expandAt(each, parts, search));
  const whole = typeof value === 'string' ? search.find(value) : value;
  const [head, ...rest] = parts;
  if (whole === undefined) throw cannotExpand(search.path);
  if (head === undefined || whole === null) return whole;
  if (typeof whole !== 'object' || !(head in whole)) throw cannotExpand(search.path);
  return { ...whole, [head]: expandAt(Reflect.get(whole, head), rest, search) };
}

const cannotExpand = (path: string) => invalidRequest(400, `This property cannot be expanded (${path}).`);

interface Search {
  path: string;
  find: (id: string) => unknown;
}
