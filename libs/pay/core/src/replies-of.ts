import type { Output } from '@caravel/pay-protocol';
import type { Reply } from './pay-call.js';

/** What `work` says before its end, each at once, and then its end. Whoever stops reading stops nothing. */
export async function* repliesOf(work: (emit: (output: Output) => void) => Promise<Output>): AsyncGenerator<Reply> {
  const said: Output[] = [];
  let tell: () => void = () => undefined;
  const last = work((output) => {
    said.push(output);
    tell();
  });
  const ended = last.then(
    () => true,
    () => true,
  );
  for (let isEnded = false; !isEnded;) {
    const more = new Promise<false>((resolve) => {
      tell = () => {
        resolve(false);
      };
    });
    if (said.length === 0) isEnded = await Promise.race([ended, more]);
    for (let output = said.shift(); output; output = said.shift()) yield { output, isLast: false };
  }
  yield { output: await last, isLast: true };
}
