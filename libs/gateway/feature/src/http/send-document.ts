import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { TextDocument } from './text-document.js';

/**
 * Sends a document. The first piece is awaited before anything leaves, so that a failure at the start is still an answer;
 * one in the middle breaks the connection off, and the caller sees that something is missing.
 */
export async function sendDocument(response: Response, { contentType, headers, body }: TextDocument): Promise<void> {
  if (typeof body === 'string') {
    response.set({ ...headers, 'Content-Type': contentType }).send(body);
    return;
  }
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  response.set({ ...headers, 'Content-Type': contentType });
  try {
    await pipeline(Readable.from(rest(first, pieces)), response);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function* rest(first: IteratorResult<string, unknown>, pieces: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let piece = first; piece.done !== true; piece = await pieces.next()) yield piece.value;
  } finally {
    await pieces.return?.();
  }
}

/** The caller hung up: nobody is left to be told. */
const isGone = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
