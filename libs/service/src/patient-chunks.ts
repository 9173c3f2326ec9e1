import type { Readable } from 'node:stream';

/**
 * What a peer sends, at the pace of whoever takes it. A peer that sends nothing for `silenceMs` although it is waited for is
 * cut off; time in which nobody takes anything does not count. Leaving in the middle keeps the connection, so that the
 * peer can still be told why.
 */
export async function* patientChunks(
  stream: Readable,
  { silenceMs }: { silenceMs: number },
): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const silence = setTimeout(() => stream.destroy(new Error('the sender has stopped sending')), silenceMs);
      const next = await chunks.next().finally(() => {
        clearTimeout(silence);
      });
      if (next.done === true) return;
      yield next.value as Uint8Array;
    }
  } finally {
    await chunks.return?.();
    stream.resume();
  }
}
