import type { Input, Output } from '@caravel/pay-protocol';
import type { Out } from '../mode/out.js';
import type { Target } from '../target/target.js';

/**
 * Asks a person before money leaves, with what it costs now. Anything but a yes is a no. Without a quote the person decides all the
 * same, and is told why there is none.
 */
export async function confirmPayment(input: Input, { target, out, ask, signal }: Confirmation): Promise<boolean> {
  if (input.code === 'cashu_send') {
    const { value, token } = input.amount;
    return isYes(await ask(`Make a cashu token of ${value} ${token}? [y/N] `));
  }
  if (input.code !== 'send') return true;
  const { id, to, wallet, network, onchain_memo, mints } = input;
  const quoted = await lastOf(
    target.handle({ code: 'send_quote', id: `${id}_quote`, to, wallet, network, onchain_memo, mints }, signal),
  );
  if (quoted?.code === 'send_quote') {
    const { amount, fee_estimate: fee, fee_bound: bound } = quoted;
    const most = bound.value === fee.value ? '' : `, at most ${bound.value} ${bound.token}`;
    await out.text(
      `Pays ${amount.value} ${amount.token} from ${quoted.wallet}; fee ${fee.value} ${fee.token}${most}\n`,
    );
    return isYes(await ask('Pay? [y/N] '));
  }
  if (quoted) await out.say(quoted);
  return isYes(await ask('There is no quote. Pay all the same? [y/N] '));
}

async function lastOf(outputs: AsyncIterable<Output>): Promise<Output | undefined> {
  let last: Output | undefined;
  for await (const output of outputs) if (output.code !== 'log') last = output;
  return last;
}

const isYes = (answer: string | undefined): boolean => /^y(?:es)?$/i.test(answer?.trim() ?? '');

interface Confirmation {
  target: Target;
  out: Out;
  /** Undefined: nobody answers any more. */
  ask: (question: string) => Promise<string | undefined>;
  signal: AbortSignal;
}
