import type { Pay, PayCall, Reply } from '@caravel/pay-core';
import { errorOutput, isLocalOnly, PayError } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';

/** A core that answers what it is told to, and remembers what it was asked; it permits as the real one does. */
export function fakePay(handle: FakeHandle) {
  const calls: { input: Input; call: PayCall }[] = [];
  const pay: Pick<Pay, 'handle'> = {
    handle: async function* (input, call) {
      calls.push({ input, call });
      const id = 'id' in input ? input.id : undefined;
      if (!isLocalOnly(input)) yield* handle(input, call);
      else yield { output: errorOutput(new PayError('permission_denied', 'only there'), id), isLast: true };
    },
  };
  return { pay, calls };
}

/** All of them at once. */
export function replies(outputsOf: (input: Input) => readonly Output[]): FakeHandle {
  return async function* (input) {
    await Promise.resolve();
    const outputs = outputsOf(input);
    for (const [index, output] of outputs.entries()) yield { output, isLast: index === outputs.length - 1 };
  };
}

export type FakeHandle = (input: Input, call: PayCall) => AsyncGenerator<Reply, void, undefined>;
