import { HIDDEN, PayError } from '@caravel/pay-protocol';
import type { Call, ProviderWallet } from '@caravel/pay-provider';
import { httpExchange, signalWithin } from '@caravel/service';
import type { HttpAnswer } from '@caravel/service';
import type { z } from 'zod';
import { cleanReason } from './outcomes.js';
import type { Timeouts } from './timeouts.js';

/** Of what is asked for; payments answer within `payMs`, everything else within `askMs`. */
export interface HttpAsk {
  method: 'GET' | 'POST';
  /** Begins with a slash; what is in it is encoded already. */
  path: string;
  body?: HttpBody | undefined;
  isPayment?: boolean;
}

export interface HttpBody {
  type: 'application/json' | 'application/x-www-form-urlencoded';
  text: string;
}

/** One question to a wallet's HTTP endpoint. Rejects on silence, on a broken answer and on one over 4 MiB. */
export async function askHttp(target: HttpTarget, ask: HttpAsk, call: Call): Promise<HttpAnswer> {
  const { endpoint, headers, secret, timeouts } = target;
  const { method, path, body, isPayment = false } = ask;
  const answer = await httpExchange({
    url: `${endpoint}${path}`,
    method,
    headers: { accept: 'application/json', ...headers, ...(body && { 'content-type': body.type }) },
    body: body?.text,
    signal: signalWithin(call.signal, isPayment ? timeouts.payMs : timeouts.askMs),
    maxBytes: MAX_ANSWER_BYTES,
  });
  // What a backend says of a failure is told on, and one that repeats the credential must not make us tell it.
  return { ...answer, body: answer.body.replaceAll(secret, HIDDEN) };
}

/** The same, for whatever moves no money: a 2xx answer in the form of `schema`, or `network_error`. */
export async function askJson<Answer>(target: HttpTarget, ask: JsonAsk<Answer>, call: Call): Promise<Answer> {
  const answer = await reachable(target, askHttp(target, ask, call));
  if (!isOk(answer)) throw refused(target, answer);
  return inForm(target, ask.schema, jsonOf(answer));
}

/** What is asked about may not be there: then it is undefined. */
export async function findJson<Answer>(
  target: HttpTarget,
  { path, schema }: Omit<JsonAsk<Answer>, 'method' | 'body'>,
  call: Call,
): Promise<Answer | undefined> {
  const answer = await reachable(target, askHttp(target, { method: 'GET', path }, call));
  if (answer.status === 404) return undefined;
  if (!isOk(answer)) throw refused(target, answer);
  return inForm(target, schema, jsonOf(answer));
}

function inForm<Answer>({ name }: HttpTarget, schema: z.ZodType<Answer>, value: unknown): Answer {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PayError('network_error', `${name} answered something that is not its form`);
}

/** Silence as a `network_error`; the cause stays for the operator. */
export async function reachable({ name }: HttpTarget, answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await answer;
  } catch (cause) {
    throw new PayError('network_error', `${name} did not answer`, { cause });
  }
}

export function refused({ name }: HttpTarget, { status, body }: HttpAnswer): PayError {
  if (status === 401 || status === 403) {
    return new PayError('network_error', `${name} does not accept the credential`, { retryable: false });
  }
  return new PayError('network_error', `${name} answered ${status}: ${cleanReason(detailOf(body))}`);
}

export const isOk = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

/** Undefined for what is no JSON. */
export function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** `http://host:port`, completed with a scheme where there is none. Throws `invalid_amount` for what is no endpoint. */
export function readEndpoint(text: string): string {
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new PayError('invalid_amount', 'the endpoint is not an http(s) address without a password in it');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Of a Lightning wallet the endpoint is kept as `mint_url`, which is where `wallet_config` shows it. */
export function endpointOf({ settings }: ProviderWallet): string {
  const { mint_url: endpoint } = settings;
  if (typeof endpoint === 'string') return endpoint;
  throw new PayError('internal_error', 'this wallet has no endpoint');
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** LNbits says why in `detail`, phoenixd in plain text. */
function detailOf(body: string): string {
  const match = /"detail"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body.slice(0, 2000));
  return match?.[1] ?? body;
}

/** How many payments are listed at a time; each comes with its invoice, a kilobyte or two. */
export const PAGE_SIZE = 500;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface JsonAsk<Answer> extends HttpAsk {
  schema: z.ZodType<Answer>;
}

/** A wallet's endpoint, with its credential. */
export interface HttpTarget {
  /** How errors call it. */
  name: string;
  endpoint: string;
  /** Carries the secret. */
  headers: Readonly<Record<string, string>>;
  secret: string;
  timeouts: Timeouts;
  nowMs: () => number;
}

export type TargetOf = (wallet: ProviderWallet) => HttpTarget;
