/**
 * A stream of which the first piece is there, so that a failure at its start is thrown here and can still be told. Whoever
 * leaves the stream ends its source.
 */
export async function startedStream<Piece>(source: AsyncIterable<Piece>): Promise<AsyncGenerator<Piece>> {
  const pieces = source[Symbol.asyncIterator]();
  return rest(await pieces.next(), pieces);
}

async function* rest<Piece>(
  first: IteratorResult<Piece, unknown>,
  pieces: AsyncIterator<Piece>,
): AsyncGenerator<Piece> {
  try {
    for (let piece = first; piece.done !== true; piece = await pieces.next()) yield piece.value;
  } finally {
    await pieces.return?.();
  }
}
