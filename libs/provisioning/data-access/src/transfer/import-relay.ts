import { AppError } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { relayHost } from '@caravel/domain';
import { cleanText } from '../clean-text.js';
import { ZooidError } from '../zooid-error.js';
import { eventLines } from './event-lines.js';
import { runProgram } from './run-program.js';

/**
 * Gives events (NDJSON) to zooid's own import program, because zooid itself refuses events of other authors than the one
 * who is signed in. Each line is verified first; what is wrong is counted and the first hundred of it described. Reads no
 * faster than the program does, and holds a line at a time. Repeating it is harmless: zooid skips what it has.
 * @throws AppError `service-unavailable` without a program; ZooidError when it fails; the reason of `signal`.
 */
export async function importRelay(
  events: AsyncIterable<Uint8Array>,
  options: ImportRelayOptions,
): Promise<ImportResult> {
  const { command, relay, env, signal, maxLineBytes = MAX_LINE_BYTES } = options;
  if (command === undefined) throw noProgram();
  const program = runProgram(command, { env: { ...env, ...variablesOf(relay) }, signal });
  const problems: ImportProblem[] = [];
  let [handed, invalid, reads] = [0, 0, true];
  try {
    for await (const { line, ...read } of eventLines(events, maxLineBytes)) {
      signal.throwIfAborted();
      if ('event' in read) {
        reads = await program.write(`${read.event}\n`);
        if (!reads) break;
        handed += 1;
      } else {
        invalid += 1;
        const { eventId, message } = read.problem;
        if (problems.length < MAX_PROBLEMS) problems.push({ line, event_id: eventId, message });
      }
    }
  } catch (error) {
    await program.abandon();
    throw error;
  }
  const { code, printed } = await program.end();
  signal.throwIfAborted();
  if (code !== 0 || !reads) throw failed(code, printed);
  return { imported: importedOf(printed) ?? handed, invalid, problems };
}

/** By which the operator's command line knows whose events come. */
function variablesOf(relay: Pick<Relay, 'id' | 'schema' | 'subdomain' | 'zooid_domain'>): Record<string, string> {
  return { RELAY_ID: relay.id, RELAY_SCHEMA: relay.schema, RELAY_HOST: relayHost(relay) };
}

/** zooid's program says how many were new: "12 imported, 3 skipped". */
function importedOf(printed: string): number | undefined {
  const [, number] = [...printed.matchAll(/\b(\d{1,15}) imported\b/g)].at(-1) ?? [];
  return number === undefined ? undefined : Number(number);
}

const noProgram = () =>
  new AppError(
    'service-unavailable',
    'This server cannot import events: relays take events only from their own authors, and the operator has not set up ' +
      "zooid's import program. Please ask the operator.",
    { retryable: false },
  );

function failed(code: number | null, printed: string): ZooidError {
  const how = code === null ? 'was ended' : code === 0 ? 'did not read everything' : `failed (${code})`;
  const detail = cleanText(printed.slice(-LAST_WORDS_CHARS));
  const said = detail && `: ${detail}`;
  return new ZooidError(`The relay server's import program ${how}${said}. Part of it may have been imported.`, {
    detail,
  });
}

const MAX_PROBLEMS = 100;
const LAST_WORDS_CHARS = 400;
/** What zooid's program reads as one line. */
const MAX_LINE_BYTES = 65_535;

/** As the API answers it. */
export interface ImportResult {
  /** What the program says was new; without a word from it, what it was given. */
  imported: number;
  invalid: number;
  problems: ImportProblem[];
}

export interface ImportProblem {
  /** From 1. */
  line: number;
  /** '' when the line has none. */
  event_id: string;
  message: string;
}

export interface ImportRelayOptions {
  /** `ZOOID_IMPORT_COMMAND`: a shell's command line; it finds RELAY_ID, RELAY_SCHEMA and RELAY_HOST in its environment. */
  command: string | undefined;
  relay: Pick<Relay, 'id' | 'schema' | 'subdomain' | 'zooid_domain'>;
  /** What else the program may know; nothing of ours by itself. */
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
  maxLineBytes?: number | undefined;
}
