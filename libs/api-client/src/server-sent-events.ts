/** One block of a stream of server-sent events. `data` is null where there is none, such as in a block that tells an id. */
export interface StreamBlock {
  id: string | null;
  event: string;
  data: string | null;
  retryMs: number | null;
}

/** The blocks of a stream, however it is cut into chunks (WHATWG HTML section 9.2.6). A block that is not finished is dropped. */
export async function* streamBlocks(chunks: AsyncIterable<string>): AsyncGenerator<StreamBlock> {
  let rest = '';
  let block = emptyBlock();
  for await (const chunk of chunks) {
    // A CR at the end of a chunk may be half of a CR LF, so it waits for what follows.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        readLine(block, line);
        continue;
      }
      yield block;
      block = emptyBlock();
    }
  }
}

function readLine(block: StreamBlock, line: string): void {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'id') block.id = value;
  if (name === 'event') block.event = value;
  if (name === 'data') block.data = block.data === null ? value : `${block.data}\n${value}`;
  if (name === 'retry' && /^\d+$/.test(value)) block.retryMs = Number(value);
}

const emptyBlock = (): StreamBlock => ({ id: null, event: 'message', data: null, retryMs: null });
