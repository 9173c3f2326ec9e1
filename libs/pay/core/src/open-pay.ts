import { effectOf, errorOutput } from '@caravel/pay-protocol';
import type { Input, InputCode, InputOf, Output } from '@caravel/pay-protocol';
import type { Load } from './control/about.js';
import { checkText } from './control/check-text.js';
import { forViewer } from './control/for-viewer.js';
import { permit } from './control/permit.js';
import { toldError } from './control/told-error.js';
import { audit } from './control/audit.js';
import { openParts } from './open-parts.js';
import type { CoreDeps, ExplainedPay, PayCall, Reply } from './pay-call.js';
import { repliesOf } from './replies-of.js';
import type { Handlers, StreamHandle } from './stream-handle.js';

/**
 * The pay network of one node. Whatever is asked is answered: a failure is an Output, and what nobody expected is `internal_error`
 * with its cause in the log alone. The store, the providers and the rates stay their owner's to close.
 */
export function openPay(deps: CoreDeps): ExplainedPay {
  const { clock, log } = deps;
  const load: Load = { requests: 0, inFlight: 0 };
  const { handlers, requests, explain, reconcile, close } = openParts(deps, load);

  const answer = async (input: Input, call: PayCall, emit: (output: Output) => void): Promise<Output> => {
    try {
      checkText(input);
      permit(input, call.caller);
      const work = () => perform(handlers, input, { call, emit });
      return await (isKept(input) ? requests.once(input, call, work) : work());
    } catch (error) {
      return errorOutput(toldError(error, log));
    }
  };

  return {
    handle: async function* (input, call): AsyncGenerator<Reply> {
      const startedMs = clock.now().getTime();
      load.requests += 1;
      load.inFlight += 1;
      try {
        for await (const { output: told, isLast } of repliesOf((emit) => answer(input, call, emit))) {
          const output = call.caller.role === 'viewer' ? forViewer(told) : told;
          const durationMs = clock.now().getTime() - startedMs;
          if (isLast) audit(log, { input, output, durationMs, keyName: call.caller.keyName });
          yield { output: finished(output, input, durationMs), isLast };
        }
      } finally {
        load.inFlight -= 1;
      }
    },
    explain: async (input, call) => {
      try {
        return await explain(input, call);
      } catch (error) {
        return finished(errorOutput(toldError(error, log)), input, 0);
      }
    },
    reconcile,
    close,
  };
}

function perform<Code extends InputCode>(
  handlers: Handlers,
  input: InputOf<Code> & { code: Code },
  { call, emit }: { call: PayCall; emit: (output: Output) => void },
): Promise<Output> {
  const code: Code = input.code;
  const handle: StreamHandle<Code> = handlers[code];
  return handle(input, call, emit);
}

/** Those that are done once for their id. The others that change something see to it themselves. */
const isKept = (input: Input): input is Input & { id: string } =>
  effectOf(input) === 'change' && 'id' in input && !BY_THEMSELVES.has(input.code);
const BY_THEMSELVES: ReadonlySet<InputCode> = new Set([
  'receive',
  'receive_claim',
  'payment_status',
  'payment_resolve',
  'approve',
  'deny',
]);

/** With the id it was asked under, and how long it took. */
function finished(output: Output, input: Input, durationMs: number): Output {
  if (NO_TRACE.has(output.code)) return output;
  const trace = { duration_ms: Math.max(durationMs, 0) };
  return { ...output, ...('id' in input && { id: input.id }), trace } as Output;
}
const NO_TRACE: ReadonlySet<Output['code']> = new Set(['config', 'version', 'close', 'log']);
