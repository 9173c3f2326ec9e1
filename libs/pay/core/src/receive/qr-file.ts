import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestKey } from '@caravel/pay-provider';
import { renderSVG } from 'uqr';

/** Writes the QR code of a text, one file for each request; answers its path. Nothing a client says is part of the name. */
export async function writeQr(folder: string, { keyName, id }: RequestKey, text: string): Promise<string> {
  const name = createHash('sha256').update([keyName, id].join('\0')).digest('hex').slice(0, 32);
  const path = join(folder, `receive-${name}.svg`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.part`, renderSVG(text), { mode: 0o600 });
  await rename(`${path}.part`, path);
  return path;
}
