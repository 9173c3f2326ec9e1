/** A stream that is read by counts of bytes instead of as it happens to come. */
export interface ByteSource {
  /** So many bytes, or fewer at the end. */
  upTo: (count: number) => Promise<Buffer>;
  /** Whether nothing follows. */
  isOver: () => Promise<boolean>;
}

export function byteSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let isDone = false;
  const fill = async (count: number): Promise<void> => {
    const parts = [held];
    let length = held.length;
    while (length < count && !isDone) {
      const next = await chunks.next();
      if (next.done) isDone = true;
      else {
        parts.push(Buffer.from(next.value));
        length += next.value.length;
      }
    }
    held = parts.length === 1 ? held : Buffer.concat(parts);
  };
  return {
    upTo: async (count) => {
      await fill(count);
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    isOver: async () => {
      await fill(1);
      return held.length === 0;
    },
  };
}
