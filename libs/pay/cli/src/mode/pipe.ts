import { createInterface } from 'node:readline';
import { PayError, readInput } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { AfpayDeps } from '../afpay-deps.js';
import type { Target } from '../target/target.js';
import { failedOutput } from './run-command.js';
import type { Out } from './out.js';

/**
 * JSON lines in, answers out. Requests run at the same time; the Outputs of one keep their order. Ends at the end of the input or
 * at `close`, after what is running has had `GRACE_MS`; payments are never broken off, only their answers no longer awaited.
 */
export async function pipe({ target, out, isDryRun, deps }: PipeRun): Promise<number> {
  const startedAt = performance.now();
  const leaving = new AbortController();
  const running = new Set<Promise<void>>();
  const lines = createInterface({ input: deps.stdin, crlfDelay: Infinity });
  let requests = 0;
  const stop = () => {
    lines.close();
  };
  deps.signal.addEventListener('abort', stop, { once: true });

  for await (const line of lines) {
    if (line.trim() === '') continue;
    const input = await readLine(line, out);
    if (input?.code === 'close') break;
    if (!input) continue;
    requests += 1;
    const one = answer(input, { target, out, isDryRun, signal: leaving.signal }).finally(() => running.delete(one));
    running.add(one);
  }
  lines.close();
  await settled(running, GRACE_MS);
  leaving.abort();
  const uptime_s = Math.round((performance.now() - startedAt) / 1000);
  await out.say({ code: 'close', message: 'shutdown', trace: { uptime_s, requests_total: requests } });
  return 0;
}

async function readLine(line: string, out: Out): Promise<Input | undefined> {
  try {
    return readInput(line);
  } catch (error) {
    if (!(error instanceof PayError)) throw error;
    await out.say(failedOutput(error));
    return undefined;
  }
}

async function answer(input: Input, { target, out, isDryRun, signal }: AnswerRun): Promise<void> {
  try {
    if (isDryRun) await out.say(await target.explain(input, signal));
    else for await (const output of target.handle(input, signal)) await out.say(output);
  } catch (error) {
    await out.say(brokenOutput(error, input));
  }
}

/** A mistake of ours ends its request and no other. */
function brokenOutput(error: unknown, input: Input): Output {
  return { ...failedOutput(error), ...('id' in input && { id: input.id }) };
}

function settled(running: ReadonlySet<Promise<void>>, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, graceMs);
    void Promise.allSettled(running).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const GRACE_MS = 5000;

interface AnswerRun {
  target: Target;
  out: Out;
  isDryRun: boolean;
  signal: AbortSignal;
}

interface PipeRun extends Omit<AnswerRun, 'signal'> {
  deps: Pick<AfpayDeps, 'stdin' | 'signal'>;
}
