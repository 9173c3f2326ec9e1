export { coalesce } from './coalesce.js';
export {
  field,
  flag,
  hexSecret,
  httpUrl,
  httpUrlList,
  list,
  optionalList,
  port,
  positiveInt,
  postgresUrl,
  redisUrl,
  wsUrlList,
} from './config-fields.js';
export { fetchBounded } from './fetch-bounded.js';
export { createHealth } from './health.js';
export type { Health, ReadyCheck } from './health.js';
export { httpExchange } from './http-exchange.js';
export type { HttpAnswer, HttpQuestion } from './http-exchange.js';
export { inParallel } from './in-parallel.js';
export { ConfigError, loadConfig } from './load-config.js';
export type { ConfigProblem, Environment } from './load-config.js';
export { createLogger, LOG_LEVELS } from './logger.js';
export type { Logger, LogLevel } from './logger.js';
export { createMetrics } from './metrics.js';
export type { Metrics } from './metrics.js';
export type { Closable, Own } from './owned.js';
export { patientChunks } from './patient-chunks.js';
export { currentRequestId, withRequestId } from './request-id.js';
export type { OpsPage } from './ops-server.js';
export { runService } from './run-service.js';
export type { ServiceContext, ServiceOptions } from './run-service.js';
export { serviceConfig } from './service-config.js';
export type { ServiceConfig } from './service-config.js';
export { startedStream } from './started-stream.js';
export { signalWithin } from './signal-within.js';
export { DeadlineError, withDeadline } from './with-deadline.js';
