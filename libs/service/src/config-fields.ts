import { z } from 'zod';

/** Every field says in its error what it expects, so that `loadConfig` can tell an operator without showing a value. */
const text = (expected: string) => z.string({ error: expected });

function parsed<Value>(expected: string, parse: (value: string) => Value | undefined) {
  return text(expected).transform((value, context) => {
    const result = parse(value.trim());
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** Any text; `expected` tells what it is: `field('a folder')`. */
export function field(expected: string) {
  return parsed(expected, (value) => value);
}

const split = (value: string) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Comma-separated, trimmed, empties dropped, at least one entry. */
export function list(expected = 'a comma-separated list with at least one entry') {
  return parsed(expected, (value) => (split(value).length > 0 ? split(value) : undefined));
}

/** Like `list`, but none is fine: `[]`. */
export function optionalList() {
  return parsed('a comma-separated list', split).default([]);
}

/** 0 lets the system pick a free port. */
export function port() {
  return parsed('a port (0–65535)', (value) => wholeNumber(value, { min: 0, max: 65_535 }));
}

export function positiveInt() {
  return parsed('a whole number above 0', (value) => wholeNumber(value, { min: 1, max: Number.MAX_SAFE_INTEGER }));
}

/** `true`, `1`, `yes`, `on` or their opposites; false when unset. */
export function flag() {
  return parsed('true or false', (value) => FLAGS.get(value.toLowerCase())).default(false);
}

/** An absolute http(s) URL, returned as it was written: a trailing slash may matter to whoever compares it. */
export function httpUrl() {
  return parsed('an http:// or https:// URL', (value) => url(value, ['http:', 'https:']));
}

export function httpUrlList() {
  return urlList('http:// or https:// URLs, separated by commas', ['http:', 'https:']);
}

/** Addresses of Nostr relays, at least one. */
export function wsUrlList() {
  return urlList('ws:// or wss:// URLs, separated by commas', ['ws:', 'wss:']);
}

/** 32 bytes as 64 hex digits, returned in lower case. */
export function hexSecret() {
  return parsed('a secret of 64 hex digits', (value) =>
    /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined,
  );
}

export function postgresUrl() {
  return parsed(POSTGRES, (value) => url(value, ['postgres:', 'postgresql:']));
}

export function redisUrl() {
  return parsed('a redis:// or rediss:// URL', (value) => url(value, ['redis:', 'rediss:']));
}

/** Deployments of the predecessor come with `sqlite:…`; the text has to help them too. */
const POSTGRES = 'an address of PostgreSQL; this version needs PostgreSQL: postgresql://user@host:port/database';

const FLAGS = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

function wholeNumber(value: string, { min, max }: { min: number; max: number }): number | undefined {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  return number >= min && number <= max ? number : undefined;
}

function url(value: string, protocols: readonly string[]): string | undefined {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol) ? value : undefined;
}

function urlList(expected: string, protocols: readonly string[]) {
  return parsed(expected, (value) => {
    const urls = split(value).map((entry) => url(entry, protocols));
    const valid = urls.filter((entry) => entry !== undefined);
    return valid.length > 0 && valid.length === urls.length ? valid : undefined;
  });
}
