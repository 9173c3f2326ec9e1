import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { PayError } from '@caravel/pay-protocol';

/** A path inside of an archive: relative, with slashes, never upwards. Throws a PayError `invalid_request`. */
export function checkPath(path: string): string {
  const parts = path.split('/');
  const isSafe = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0:]/.test(part));
  if (!isSafe || path.length > 4096)
    throw new PayError('invalid_request', 'the archive has an entry with an unsafe path');
  return path;
}

/**
 * Where an entry is written below a folder, whose folders are made. Throws a PayError `invalid_request` when a link is on the way or in its
 * place: what is written would land elsewhere.
 */
export function placeBelow(root: string, path: string): string {
  const target = join(root, ...checkPath(path).split('/'));
  for (let at = target; at.length > root.length && at !== root; at = dirname(at)) {
    const found = lstatSync(at, { throwIfNoEntry: false });
    const isRight = at === target ? (found?.isFile() ?? true) : (found?.isDirectory() ?? true);
    if (!isRight) throw new PayError('invalid_request', `a link or a special file is in the way below ${root}${sep}`);
  }
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  return target;
}
