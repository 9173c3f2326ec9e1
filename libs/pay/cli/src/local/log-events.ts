import { parseJson, redactForLog } from '@caravel/pay-protocol';
import type { OutputOf } from '@caravel/pay-protocol';
import { createLogger } from '@caravel/service';
import type { Logger } from '@caravel/service';
import { z } from 'zod';

/** What a node logs, as Outputs for whoever asked to be told: an event is told when its name begins with a filter. */
export interface LogEvents {
  log: Logger;
  /** `all` and `*` are everything; none is silence. */
  setFilters: (filters: readonly string[]) => void;
}

export function logEvents(tell: (event: OutputOf<'log'>) => void): LogEvents {
  let filters: readonly string[] = [];
  const isWanted = (event: string) =>
    filters.some((filter) => filter === 'all' || filter === '*' || event.toLowerCase().startsWith(filter));
  const write = (line: string) => {
    const { event: named, audit, alert, id, msg, level, time, err, ...more } = lineSchema.parse(parseJson(line));
    const event = named ?? audit ?? alert ?? level;
    if (!isWanted(event)) return;
    const error = err?.message;
    const told = redactForLog({ ...more, service: undefined, ...(error !== undefined && { error }) }) as Record<
      string,
      unknown
    >;
    tell({
      ...told,
      code: 'log',
      event,
      ...(id !== undefined && { request_id: id }),
      message: msg,
      level,
      at_rfc3339: time,
    });
  };
  const log = createLogger({ service: 'afpay', level: 'silent', destination: { write } });
  return {
    log,
    setFilters: (next) => {
      filters = next.map((filter) => filter.trim().toLowerCase()).filter((filter) => filter !== '');
      log.level = filters.length > 0 ? 'debug' : 'silent';
    },
  };
}

const lineSchema = z.looseObject({
  event: z.string().optional(),
  id: z.string().optional(),
  /** What was asked, or done by hand; what somebody should look at. */
  audit: z.string().optional(),
  alert: z.string().optional(),
  msg: z.string().default(''),
  level: z.string(),
  time: z.string().optional(),
  err: z.looseObject({ message: z.string() }).optional(),
});
