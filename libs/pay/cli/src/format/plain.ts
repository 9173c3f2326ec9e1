import { stringifyJson } from '@caravel/pay-protocol';
import { readable, ReadableEntries } from './readable.js';
import type { Readable } from './readable.js';

/** One line of `name=value` (logfmt): dots for depth, commas between the parts of a list, nothing for null. */
export function toPlain(value: object): string {
  return flat(readable(value), '')
    .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
    .map(([name, text]) => `${quoted(name)}=${quoted(text)}`)
    .join(' ');
}

function flat(value: Readable, name: string): [string, string][] {
  if (!(value instanceof ReadableEntries)) return [[name, partText(value)]];
  if (value.entries.length === 0 && name !== '') return [[name, '{}']];
  return value.entries.flatMap(([inner, each]) => flat(each, name === '' ? inner : `${name}.${inner}`));
}

function partText(value: Readable): string {
  if (Array.isArray(value)) return value.map(partText).join(',');
  if (value instanceof ReadableEntries) return stringifyJson(asObject(value));
  return value === null ? '' : String(value);
}

/** An object in a list has no name of its own; it is written as JSON. */
function asObject(value: Readable): unknown {
  if (Array.isArray(value)) return value.map(asObject);
  if (value instanceof ReadableEntries) {
    return Object.fromEntries(value.entries.map(([name, inner]) => [name, asObject(inner)]));
  }
  return typeof value === 'bigint' && value > BigInt(Number.MAX_SAFE_INTEGER) ? String(value) : value;
}

function quoted(text: string): string {
  if (!/[\s="\\]/.test(text)) return text;
  const escaped = text.replaceAll(/["\\\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign);
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
