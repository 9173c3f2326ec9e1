import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrubText } from '@caravel/pay-protocol';
import { withoutSecrets } from '../mode/startup-log.js';
import { splitWords } from './split-words.js';

/** The lines of earlier sessions, in a file that only its owner reads. A line with a secret in it is never written. */
export interface HistoryFile {
  /** The oldest first. */
  lines: () => string[];
  add: (line: string) => void;
}

/** Where there is no data folder there is no file either: a session with another node leaves nothing here. */
export function historyFile(dataDir: string): HistoryFile {
  const path = join(dataDir, '.afpay_history');
  return {
    lines: () => {
      if (!existsSync(path)) return [];
      const kept = readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-MOST_LINES);
      writeFileSync(path, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 });
      chmodSync(path, 0o600);
      return kept;
    },
    add: (line) => {
      if (!existsSync(dataDir) || hasSecret(line)) return;
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
      chmodSync(path, 0o600);
    },
  };
}

/** By its flags, and by what looks like a secret wherever it stands. A line that can't be read may hold one. */
export function hasSecret(line: string): boolean {
  try {
    const words = splitWords(line);
    return scrubText(line) !== line || withoutSecrets(words).some((word, index) => word !== words[index]);
  } catch {
    return true;
  }
}

const MOST_LINES = 500;
