import { effectOf, scrubText } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { Logger } from '@caravel/service';

/** One line for each Input: who asked for what, and what came of it. What it was about is in the store. */
export function audit(log: Logger, { input, output, keyName, durationMs }: Asked): void {
  const line = {
    event: effectOf(input) === 'pay' ? 'pay' : 'wallet',
    input: input.code,
    keyName,
    ...('id' in input && { id: scrubText(input.id) }),
    answer: output.code,
    ...(output.code === 'error' && { errorCode: output.error_code }),
    durationMs,
  };
  if (effectOf(input) === 'read') log.debug(line, 'asked');
  else log.info(line, 'asked');
}

interface Asked {
  input: Input;
  output: Output;
  keyName: string;
  durationMs: number;
}
