import type { Input, OutputOf } from '@caravel/pay-protocol';

/** What was understood, where nobody is asked: no store is there, or it is another node's. */
export function dryRunOf(input: Input, more: Readonly<Record<string, unknown>> = {}): OutputOf<'dry_run'> {
  const id = 'id' in input ? { id: input.id } : {};
  return { code: 'dry_run', ...id, command: input.code, params: input, ...more, trace: { duration_ms: 0 } };
}
