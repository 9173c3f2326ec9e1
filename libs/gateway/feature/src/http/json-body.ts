import { AppError } from '@caravel/domain';

/** The JSON of a body; a request without one means `{}`. Throws `invalid-request`. */
export function parseJsonBody(raw: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid-request', 'The body is not valid JSON.', { cause: error });
  }
}
