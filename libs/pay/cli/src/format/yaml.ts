import { readable, ReadableEntries } from './readable.js';
import type { Readable } from './readable.js';

/** A document that begins with `---`: two spaces a level, every text in double quotes. */
export function toYaml(value: object): string {
  return `---\n${block(readable(value), '').join('\n')}\n`;
}

function block(value: Readable, indent: string): string[] {
  if (value instanceof ReadableEntries) {
    return value.entries.flatMap(([name, inner]) => field(`${indent}${keyText(name)}:`, inner, indent));
  }
  if (Array.isArray(value)) return value.flatMap((inner) => item(inner, indent));
  return [`${indent}${scalar(value)}`];
}

function field(head: string, value: Readable, indent: string): string[] {
  const inline = inlineText(value);
  return inline === undefined ? [head, ...block(value, `${indent}  `)] : [`${head} ${inline}`];
}

function item(value: Readable, indent: string): string[] {
  const inline = inlineText(value);
  return inline === undefined ? [`${indent}-`, ...block(value, `${indent}  `)] : [`${indent}- ${inline}`];
}

/** What stands behind its name; undefined for what needs lines of its own. */
function inlineText(value: Readable): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined;
  if (value instanceof ReadableEntries) return value.entries.length === 0 ? '{}' : undefined;
  return scalar(value);
}

function scalar(value: Exclude<Readable, Readable[] | ReadableEntries>): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** A JSON text is one in YAML too; what YAML counts as a line's end or does not print is written by its number. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Names that somebody gave (of a memo) may be anything. */
const keyText = (name: string): string =>
  /^[A-Za-z_][\w.-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name) ? name : quoted(name);
