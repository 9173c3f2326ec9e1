import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startedStream } from '@caravel/service';
import type { Response } from 'express';
import type { TextDocument } from './text-document.js';

/**
 * Sends a document. The first piece is awaited before anything leaves, so that a failure at the start is still an answer;
 * one in the middle breaks the connection off, and the caller sees that something is missing.
 */
export async function sendDocument(response: Response, document: TextDocument): Promise<void> {
  const { contentType, headers, body, signal, onClose } = document;
  if (typeof body === 'string') {
    response.set({ ...headers, 'Content-Type': contentType }).send(body);
    return;
  }
  if (onClose) whenClosed(response, onClose);
  const pieces = await startedStream(body);
  response.set({ ...headers, 'Content-Type': contentType });
  try {
    await pipeline(Readable.from(pieces), response, { ...(signal && { signal }) });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function whenClosed(response: Response, onClose: () => void): void {
  if (response.closed) onClose();
  else response.once('close', onClose);
}

/** The caller hung up, or was: nobody is left to be told. */
const isGone = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ABORT_ERR');
