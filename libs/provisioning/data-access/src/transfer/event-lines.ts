import { eventId, isValidEvent, nostrEventSchema } from '@caravel/nostr';
import type { UnsignedEvent } from '@caravel/nostr';

/**
 * Reads NDJSON, however its bytes are cut: of each line either the event as it may be passed on (id and signature verified,
 * nothing but NIP-01's fields), or what is wrong with it. Empty lines are nobody's mistake. One line of at most
 * `maxLineBytes` is held.
 */
export async function* eventLines(chunks: AsyncIterable<Uint8Array>, maxLineBytes: number): AsyncGenerator<EventLine> {
  let number = 0;
  for await (const bytes of linesOf(chunks, maxLineBytes)) {
    number += 1;
    if (bytes === 'too long') {
      yield { line: number, problem: { eventId: '', message: `longer than ${maxLineBytes} bytes` } };
      continue;
    }
    const read = readLine(bytes);
    if (read) yield { line: number, ...read };
  }
}

/** The lines without their ends; a line over the limit is dropped while it comes in. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Buffer | 'too long'> {
  let [parts, size]: [Uint8Array[], number] = [[], 0];
  const take = (part: Uint8Array): void => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else parts = [];
  };
  const end = (): Buffer | 'too long' => {
    const line = size <= maxBytes ? Buffer.concat(parts) : 'too long';
    [parts, size] = [[], 0];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      yield end();
      start = at + 1;
    }
    // A copy: whoever sends may use the same memory for the next chunk.
    take(Uint8Array.prototype.slice.call(chunk, start));
  }
  if (size > 0) yield end();
}

function readLine(bytes: Buffer): ReadLine | null {
  let value: unknown;
  try {
    const text = utf8.decode(bytes);
    if (text.trim() === '') return null;
    value = JSON.parse(text);
  } catch {
    return { problem: { eventId: '', message: 'this is not JSON' } };
  }
  const event: (UnsignedEvent & { id: string }) | undefined = nostrEventSchema.safeParse(value).data;
  if (!event) return { problem: { eventId: claimedId(value), message: 'this is not a Nostr event (NIP-01)' } };
  const { id } = event;
  if (isValidEvent(event)) return { event: JSON.stringify(event) };
  const message = eventId(event) === id ? 'the signature is wrong' : 'the id is not the hash of the event';
  return { problem: { eventId: id, message } };
}

/** What the line says of itself, if it looks like an id. */
function claimedId(value: unknown): string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id) ? id : '';
}

/** A byte order mark is taken off. */
const utf8 = new TextDecoder('utf-8', { fatal: true });
const NEWLINE = 10;

/** `event`: its JSON. Lines count from 1. */
export type EventLine = { line: number } & ReadLine;
type ReadLine = { event: string } | { problem: { eventId: string; message: string } };
