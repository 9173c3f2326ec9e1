import type { InstanceRules } from '@caravel/provisioning-feature';

/** One entry of `ZOOID_INSTANCES`. */
export interface ListedZooid extends InstanceRules {
  apiUrl: string;
  /** Where it serves relays, by Host header; the address of `apiUrl` when undefined. */
  relayUrl: string | undefined;
}

/**
 * Reads `name=apiUrl[;relay=URL][;capacity=N][;weight=N][;draining]`, entries separated by commas. Answers the first
 * thing that is wrong as text, naming entry and option: no part of it is secret.
 */
export function readZooidList(text: string): { list: ListedZooid[] } | { problem: string } {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const list: ListedZooid[] = [];
  for (const entry of entries) {
    const read = readEntry(entry);
    if ('problem' in read) return read;
    const twin = list.find(({ name, apiUrl }) => name === read.name || sameUrl(apiUrl, read.apiUrl));
    if (twin) return { problem: `"${read.name}" and "${twin.name}" to differ in name and address` };
    list.push(read);
  }
  return list.length > 0 ? { list } : { problem: `at least one ${SHAPE}` };
}

function readEntry(entry: string): ListedZooid | { problem: string } {
  const [head = '', ...options] = entry.split(';').map((part) => part.trim());
  const [name, apiUrl] = halves(head);
  if (!NAME.test(name)) return { problem: `a name of a–z, 0–9 and - in "${head}": ${SHAPE}` };
  if (!isHttpUrl(apiUrl)) return { problem: `an http:// or https:// URL after "${name}=": ${SHAPE}` };
  const read: ListedZooid = { name, apiUrl, relayUrl: undefined, weight: 1, capacity: null, draining: false };
  for (const option of options.filter((part) => part !== '')) {
    const problem = readOption(read, option);
    if (problem) return { problem: `${problem} at "${name}"` };
  }
  return read;
}

/** What is wrong, or undefined when the option has been written into `entry`. */
function readOption(entry: ListedZooid, option: string): string | undefined {
  const [key, value] = halves(option);
  switch (key) {
    case 'draining':
      entry.draining = true;
      return value === '' ? undefined : '"draining" without a value';
    case 'relay':
      entry.relayUrl = value;
      return isHttpUrl(value) ? undefined : 'an http:// or https:// URL for "relay"';
    case 'capacity':
    case 'weight':
      entry[key] = Number(value);
      return /^[1-9][0-9]{0,8}$/.test(value) ? undefined : `a whole number above 0 for "${key}"`;
    default:
      return `relay, capacity, weight or draining instead of "${key}"`;
  }
}

function halves(text: string): [before: string, after: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

const isHttpUrl = (text: string): boolean => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
const sameUrl = (a: string, b: string): boolean => new URL(a).href === new URL(b).href;

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
const SHAPE = 'name=apiUrl[;relay=URL][;capacity=N][;weight=N][;draining], separated by commas';
