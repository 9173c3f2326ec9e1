import { AppError } from '@caravel/domain';
import type { Zooid, ZooidAnswer } from '../ports.js';
import { settles } from '../settles.js';

/** Throws what an operator can act on unless the instance did what it was asked. */
export function expectDone(answer: ZooidAnswer, instance: string): void {
  if (answer.kind === 'done') return;
  const why = answer.kind === 'refused' ? answer.reason : 'Its host or schema is used by another relay.';
  throw new AppError('service-unavailable', `"${instance}" did not take the relay. ${why}`);
}

/** Whether the relay is served under one name and not under the other. */
export async function isShown(zooid: Pick<Zooid, 'relayInfo'>, { hidden, shown, signal }: Names): Promise<boolean> {
  return (await zooid.relayInfo(shown, signal)) !== null && (await zooid.relayInfo(hidden, signal)) === null;
}

/** Throws unless it soon is. */
export async function expectShown(zooid: Pick<Zooid, 'relayInfo'>, names: Names): Promise<void> {
  const { signal, patienceMs = 10_000 } = names;
  if (await settles((end) => isShown(zooid, { ...names, signal: end }), { patienceMs, signal })) return;
  signal.throwIfAborted();
  throw new AppError('service-unavailable', 'zooid accepted the configuration, but does not show it.');
}

interface Names {
  hidden: string;
  shown: string;
  signal: AbortSignal;
  patienceMs?: number | undefined;
}
