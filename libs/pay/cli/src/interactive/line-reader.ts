import { createInterface } from 'node:readline';
import type { AfpayDeps } from '../afpay-deps.js';

/** Lines of a person, one after the other: whoever asks next gets the next one. */
export interface LineReader {
  /** Undefined at the end of the input. */
  next: (prompt: string) => Promise<string | undefined>;
  /** Ctrl-C while nothing is read; null: it is as if nobody listened. */
  onInterrupt: (listener: (() => void) | null) => void;
  close: () => void;
}

export function lineReader({ stdin, stdout, complete, history }: LineReaderOptions): LineReader {
  const terminal = stdin.isTTY === true && stdout.isTTY === true;
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal,
    completer: complete,
    // readline wants the newest first.
    history: history.toReversed(),
    historySize: 500,
    removeHistoryDuplicates: true,
  });
  const waiting: string[] = [];
  let isOver = false;
  let interrupt: (() => void) | null = null;
  let take: ((line: string | undefined) => void) | undefined;
  lines.on('line', (line) => {
    if (!take) waiting.push(line);
    else take(line);
    take = undefined;
  });
  lines.on('close', () => {
    isOver = true;
    take?.(undefined);
  });
  lines.on('SIGINT', () => {
    if (interrupt) interrupt();
    else lines.close();
  });
  return {
    next: (prompt) => {
      const line = waiting.shift();
      if (line !== undefined || isOver) return Promise.resolve(line);
      lines.setPrompt(prompt);
      lines.prompt();
      return new Promise((resolve) => (take = resolve));
    },
    onInterrupt: (listener) => (interrupt = listener),
    close: () => {
      lines.close();
    },
  };
}

interface LineReaderOptions extends Pick<AfpayDeps, 'stdin' | 'stdout'> {
  complete: (line: string) => [string[], string];
  /** The oldest first. */
  history: readonly string[];
}
