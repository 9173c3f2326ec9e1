import { errorOutput, parseInput, PayError, scrubText, verdictOf } from '@caravel/pay-protocol';
import type { Input, NewPayId, Output } from '@caravel/pay-protocol';
import { isOwn } from '../command/command.js';
import type { InputCommand, OwnCommand } from '../command/command.js';
import type { ParsedLine } from '../command/parse-line.js';
import { UsageError } from '../usage-error.js';
import type { Target } from '../target/target.js';
import type { Out } from './out.js';

/** Does one thing and says what came of it, each Output as it is there. Resolves with the exit code. */
export async function runCommand({ work, target, out, isDryRun, signal }: CommandRun): Promise<number> {
  if ('own' in work) {
    if (!isDryRun) return runOwn(work, { target, out, signal });
    await out.say({ code: 'dry_run', command: work.own, params: {}, trace: { duration_ms: 0 } });
    return 0;
  }
  if (isDryRun) {
    const output = await target.explain(work, signal);
    await out.say(output);
    return verdictOf([output]).exitCode;
  }
  const outputs: Output[] = [];
  for await (const output of target.handle(work, signal)) {
    outputs.push(output);
    await out.say(output);
  }
  return verdictOf(outputs).exitCode;
}

/** What a line asks for, understood before anything is opened. */
export function workOf({ command, ...line }: NamedLine): Input | OwnCommand {
  return isOwn(command) ? command : inputOf(command, line);
}

/** The one Input of a line. Throws a UsageError, which names fields and no values. */
function inputOf(command: InputCommand, { given, globals, newId }: Omit<NamedLine, 'command'>): Input {
  const id = globals.text('id') ?? newId('req_');
  try {
    return parseInput({ id, ...command.toInput(given) });
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof PayError)) throw error;
    throw new UsageError(error.message, error.hint);
  }
}

/** What failed before anybody was asked. */
export function failedOutput(error: unknown): Output {
  return { ...errorOutput(told(error)), trace: { duration_ms: 0 } };
}

/** A mistake of ours is told like any failure, without what may be a secret in it. */
function told(error: unknown): PayError {
  if (error instanceof PayError) return error;
  const message = error instanceof Error ? scrubText(error.message) : 'failed';
  return new PayError('internal_error', message, { cause: error });
}

async function runOwn({ own }: OwnCommand, { target, out, signal }: OwnRun): Promise<number> {
  const startedAt = performance.now();
  const trace = () => ({ duration_ms: Math.round(performance.now() - startedAt) });
  if (own === 'reconcile' && target.reconcile) {
    await out.say({ code: 'reconciled', ...(await target.reconcile(signal)), trace: trace() });
    return 0;
  }
  if (own === 'doctor' && target.doctor) {
    const found = await target.doctor(signal);
    await out.say({ code: 'doctor', ...found, trace: trace() });
    return found.checks.every(({ ok }) => ok) ? 0 : 1;
  }
  if (own === 'backup' || own === 'restore') {
    throw new UsageError(`\`${own}\` is not done inside of a session`, `afpay global ${own}`);
  }
  throw new PayError('not_implemented', `\`${own}\` is done on the machine of the wallets`, {
    hint: 'Run it there, without --rpc-endpoint',
  });
}

/** A line with a command, and who names requests. */
export type NamedLine = Required<ParsedLine> & { newId: NewPayId };

type OwnRun = Pick<CommandRun, 'target' | 'out' | 'signal'>;

interface CommandRun {
  work: Input | OwnCommand;
  target: Target;
  out: Out;
  isDryRun: boolean;
  signal: AbortSignal;
}
