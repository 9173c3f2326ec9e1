import { join } from 'node:path';
import { writeQr } from '@caravel/pay-core';
import type { Input, OutputOf } from '@caravel/pay-protocol';

/** `--qr-svg-file` of a receipt elsewhere: the picture is for whoever asked, so it is written on this machine. */
export async function qrHere(info: OutputOf<'receive_info'>, input: Input, dataDir: string): Promise<typeof info> {
  const text = info.receive_info.invoice ?? info.receive_info.address;
  if (text === undefined || !('id' in input)) return info;
  const path = await writeQr(join(dataDir, 'qr-codes'), { keyName: 'local', id: input.id }, text);
  return { ...info, qr_svg_path: path };
}
