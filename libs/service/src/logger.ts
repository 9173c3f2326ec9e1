import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { currentRequestId } from './request-id.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `log.info({ relayId }, 'relay synced')`; children with `log.child({ … })`. */
export type Logger = PinoLogger;

/**
 * JSON lines on stdout: `time` (ISO 8601), `level` (its name), `service`, `requestId` when there is one, `msg` and what
 * the line adds. Keys that hold secrets are replaced by `[redacted]`, on the first two levels of an object.
 */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (name: string) => ({ level: name }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`]), censor: '[redacted]' },
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
    // A job's child logger is bound to its request already; the line must not carry the key twice.
    mixinMergeStrategy: (line: object, mixed: object) => ({ ...mixed, ...line }),
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A safety net only: code must not log these in the first place. */
const SECRET_KEYS = [
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'secret',
  'secretKey',
  'privateKey',
  'seed',
  'mnemonic',
  'macaroon',
  'preimage',
  'nwcUrl',
  'nwc_url',
  'apiKey',
  'databaseUrl',
  'redisUrl',
  'DATABASE_URL',
  'REDIS_URL',
];

interface LoggerOptions {
  service: string;
  level?: LogLevel;
  /** Where lines go; stdout by default. */
  destination?: DestinationStream;
}
