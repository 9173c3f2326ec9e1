import { HIDDEN, redactForLog } from '@caravel/pay-protocol';
import { createLogger } from '@caravel/service';
import type { Logger, LogLevel } from '@caravel/service';

/**
 * A log in which nothing that looks like a secret is shown, wherever it came from: fields, texts of errors, their stacks. What
 * wrote the line did not need to know.
 */
export function scrubbedLog({ service, level, write }: ScrubbedLogOptions): Logger {
  return createLogger({
    service,
    level,
    destination: {
      write: (line) => {
        write(scrubbedLine(line));
      },
    },
  });
}

function scrubbedLine(line: string): string {
  try {
    return `${JSON.stringify(redactForLog(JSON.parse(line)))}\n`;
  } catch {
    return `${JSON.stringify({ level: 'error', msg: HIDDEN })}\n`;
  }
}

interface ScrubbedLogOptions {
  service: string;
  level: LogLevel;
  write: (line: string) => void;
}
