import { exit } from 'node:process';
import type { Health } from './health.js';
import type { Logger } from './logger.js';
import type { OwnedThings } from './owned.js';
import { stopReasons } from './stop-reasons.js';

/**
 * The end of the process, whatever asks for it: closes what is owned, then exits. `log` is asked for each time, because
 * the logger with the configured level exists only later.
 */
export function processEnd({ closeAll, health, log, eachMs, totalMs }: ProcessEndOptions): ProcessEnd {
  let begun = false;

  const begin = async (code: number): Promise<void> => {
    if (begun) return;
    begun = true;
    health.enter('stopping');
    const clean = await closeAll({ log: log(), eachMs, totalMs });
    const actualCode = clean ? code : 1;
    log().info({ code: actualCode }, 'stopped');
    exit(actualCode);
  };
  stopReasons(({ name, error, impatient }) => {
    // Asked a second time: waiting any longer helps nobody. A failure while closing changes nothing.
    if (begun && impatient) exit(1);
    if (begun) return;
    if (error === undefined) log().info({ reason: name }, 'stopping');
    else log().fatal({ err: error, reason: name }, 'stopping after a fatal error');
    void begin(error === undefined ? 0 : 1);
  });
  return { begin, begun: () => begun };
}

export interface ProcessEnd {
  begin: (code: number) => Promise<void>;
  begun: () => boolean;
}

interface ProcessEndOptions extends Pick<OwnedThings, 'closeAll'> {
  health: Health;
  log: () => Logger;
  eachMs: number;
  totalMs: number;
}
