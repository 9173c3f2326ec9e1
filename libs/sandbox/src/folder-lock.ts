import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './sandbox-parts.js';

/**
 * One sandbox per data folder: two would share, or stop, each other's database. Throws while another one runs there; a lock left
 * behind by kill -9 is taken over.
 */
export function lockFolder(dir: string): Part {
  const file = join(dir, 'sandbox.lock');
  if (!claim(file)) {
    const pid = Number(readFileSync(file, 'utf8'));
    if (isNode(pid)) {
      throw new Error(
        `another sandbox runs in ${dir} (process ${pid}). Stop it with Ctrl-C, or use --dir for another folder.`,
      );
    }
    rmSync(file, { force: true });
    claim(file);
  }
  return {
    stop: () => {
      rmSync(file, { force: true });
      return Promise.resolve();
    },
  };
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** A process id outlives its process and may be somebody else's by now. */
function isNode(pid: number): boolean {
  if (!(pid > 1)) return false;
  return spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout.includes('node');
}
