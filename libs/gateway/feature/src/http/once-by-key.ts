import { AppError } from '@caravel/domain';
import { DeadlineError, withDeadline } from '@caravel/service';
import type { CarriedOut } from '../idempotency-port.js';
import { carryOutElsewhere, carryOutHere } from './carry-out.js';
import { keyedCommand } from './idempotency-command.js';
import type { Route } from './route.js';

/**
 * Makes routes that carry a command out once under one `Idempotency-Key`. Repeats that come while the first one runs in this
 * process share its outcome, whatever it is, and take no connection; those in another replica wait on the row of its key.
 * Whoever has waited for `answerMs` (longer than any call to another service takes) gets `service-unavailable`; a repeat waits
 * for `repeatMs`, which is less than clients wait, so that it need not come back, and gets `idempotency-busy`.
 */
export function onceByKey({ answerMs = 12_000, repeatMs = 5000 } = {}): (route: Route) => Route {
  const running = new Map<string, Run>();
  const once = (route: Route): Route['run'] => {
    const carryOut = route.elsewhere === true || route.idempotency === 'secret' ? carryOutElsewhere : carryOutHere;
    return async (call, deps) => {
      const command = keyedCommand(route, call);
      if (!command) return route.run(call, deps);
      const { requestHash, ...named } = command;
      const name = JSON.stringify(named);
      for (let first = running.get(name); first; first = running.get(name)) {
        const isRepeat = first.requestHash === requestHash;
        // Another request under this key: only its end says whether the key is its, or free.
        const ended = isRepeat ? first.outcome : first.outcome.catch(() => null);
        const known = await withDeadline(ended, { timeoutMs: repeatMs, what: 'the first request' }).catch(comeBack);
        if (isRepeat && known) return resultOf({ ...known, replayed: true });
      }
      const outcome = carryOut(command, { route, call, deps }).finally(() => running.delete(name));
      running.set(name, { requestHash, outcome });
      return resultOf(await withDeadline(outcome, { timeoutMs: answerMs, what: 'the command' }).catch(repeatIt));
    };
  };
  return (route) => (route.idempotency ? { ...route, run: once(route) } : route);
}

function resultOf({ kept: { status, answer }, replayed }: CarriedOut) {
  const data: unknown = JSON.parse(answer);
  return { data, nextCursor: null, ...(replayed && { replayedStatus: status }) };
}

function comeBack(error: unknown): never {
  if (!(error instanceof DeadlineError)) throw error;
  const text = 'The first request with this Idempotency-Key is still running. Please try again in a second.';
  throw new AppError('idempotency-busy', text, { cause: error, retryable: true });
}

function repeatIt(error: unknown): never {
  if (!(error instanceof DeadlineError)) throw error;
  const text = 'This takes too long. Send it again with the same Idempotency-Key: it is done once.';
  throw new AppError('service-unavailable', text, { cause: error });
}

interface Run {
  requestHash: string;
  outcome: Promise<CarriedOut>;
}
