import type { Writable } from 'node:stream';
import type { Output } from '@caravel/pay-protocol';
import type { Given } from '../command/given.js';
import { formatOutput } from '../format/format-output.js';
import type { OutputFormat } from '../format/format-output.js';
import type { OwnOutput } from '../format/own-output.js';

/** Where answers go. Whoever reads slowly is waited for; whoever has gone away is no error. */
export interface Out {
  say: (output: Output | OwnOutput) => Promise<void>;
  text: (text: string) => Promise<void>;
  format: OutputFormat;
}

/** `--output`, when it was said. */
export function formatOf(globals: Given): OutputFormat | undefined {
  const said = globals.text('output')?.toLowerCase();
  return said === 'json' || said === 'yaml' || said === 'plain' ? said : undefined;
}

export function outTo(stream: Writable, format: OutputFormat): Out {
  let isGone = false;
  stream.on('error', () => {
    isGone = true;
  });
  const text = (words: string): Promise<void> =>
    new Promise((resolve) => {
      if (isGone) resolve();
      else
        stream.write(words, () => {
          resolve();
        });
    });
  const out: Out = { format, text, say: (output) => text(formatOutput(output, out.format)) };
  return out;
}
