import { AppError } from '@caravel/domain';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON of a body; a request without one means `{}`. Throws `invalid-request`. */
export function parseJsonBody(raw: Uint8Array): unknown {
  if (raw.length === 0) return {};
  try {
    const text = utf8.decode(raw);
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid-request', 'The body is not valid JSON.', { cause: error });
  }
}
