import type { api, tenantEventJson } from '@caravel/api-contract';
import type { z } from 'zod';

type Api = typeof api;

/** What a client calls by name: not what Stripe calls, and not the event stream, which `client.events` reads. */
export type CallName = Exclude<keyof Api, 'stripeWebhook' | 'streamTenantEvents'>;

/** Every call: what it takes and what it answers. */
export type Calls = { [Name in CallName]: { input: InputOf<Api[Name]>; answer: AnswerOf<Api[Name]> } };

/** What happens to a tenant, as the event stream tells it. */
export type TenantEventJson = Wire<z.output<typeof tenantEventJson>>;

/** The parts of the path, the body and the query in one object; what can be left out is optional. */
type InputOf<E> = Wire<PathOf<E> & QueryOf<E> & BodyOf<E>>;

type PathOf<E> = E extends { path: infer Path extends string } ? Record<ParamOf<Path>, string> : never;
type ParamOf<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? ParamOf<First> | ParamOf<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never;

type QueryOf<E> = E extends { query: infer Query extends z.ZodType } ? { query?: OrNumber<z.input<Query>> } : unknown;
type OrNumber<T> = { [Key in keyof T]: T[Key] | number };

type BodyOf<E> = E extends { bodyType: string }
  ? { body: RawBody }
  : E extends { body: infer Body extends z.ZodType }
    ? MaybeBody<z.input<Body>>
    : unknown;
type MaybeBody<T> = Partial<T> extends T ? { body?: T } : { body: T };

/** What is sent as it is. A stream can be sent once only, and not in strict mode, where its hash is signed first. */
export type RawBody = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;

/** JSON is taken out of its envelope; anything else (CSV, HTML, NDJSON) is left to the caller, to read or to stream. */
type AnswerOf<E> = E extends { answerType: string }
  ? Response
  : E extends { answer: infer Answer extends z.ZodType }
    ? Wire<z.output<Answer>>
    : never;

/** As it travels: brands are minted by schemas only, and a client believes its server. */
type Wire<T> = T extends z.core.$brand
  ? T extends string
    ? string
    : number
  : T extends RawBody
    ? T
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Key in keyof T]: Wire<T[Key]> }
        : T;
