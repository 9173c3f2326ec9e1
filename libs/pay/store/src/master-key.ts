import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PayError } from '@caravel/pay-protocol';

/**
 * The key that seals seeds and credentials: given as 64 hex digits, or kept in a file (mode 0600, outside of the data folder)
 * that is made at first use. Two processes that start at once end with the same key. Throws a PayError `invalid_config` when
 * others may read the file or it holds something else.
 */
export function masterKey({ hex, file }: { hex?: string | undefined; file: string }): Uint8Array {
  if (hex !== undefined) return keyOf(hex, 'AFPAY_MASTER_KEY');
  const kept = readKey(file) ?? makeKey(file);
  return keyOf(kept, file);
}

function readKey(file: string): string | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      throw new PayError('invalid_config', `others may read ${file}`, { hint: `chmod 600 ${file}` });
    }
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A link is made or not: whoever comes second takes the first one's key, and nobody ever reads half a file. */
function makeKey(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}

function keyOf(hex: string, where: string): Uint8Array {
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, 'hex');
  throw new PayError('invalid_config', `${where} does not hold a master key: 64 hex digits`);
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
