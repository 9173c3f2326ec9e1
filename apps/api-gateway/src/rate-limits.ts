import { rateLimit, rateWindows, RATE_WINDOW_MS, redisCounts } from '@caravel/gateway-feature';
import type { RateLimit, SharedCounts } from '@caravel/gateway-feature';
import { rateCountStore } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import { openRedis, startSweep } from '@caravel/queue';
import type { ServiceContext } from '@caravel/service';
import type { GatewayConfig } from './config.js';

type Context = Pick<ServiceContext<GatewayConfig>, 'config' | 'own' | 'log' | 'clock' | 'metrics'>;

/** The limits of requests, which all gateways count together: in Redis when there is one, else in PostgreSQL. */
export function rateLimits(context: Context, db: PrismaClient): RateLimit {
  const { config, own, log, metrics } = context;
  const limits = {
    perIp: config.RATE_LIMIT_IP_PER_MINUTE,
    perPubkey: config.RATE_LIMIT_PUBKEY_PER_MINUTE,
    perAdmin: config.RATE_LIMIT_ADMIN_PER_MINUTE,
  };
  const shared = config.REDIS_URL === undefined ? inPostgres(context, db) : inRedis(context, config.REDIS_URL);
  return rateLimit({ limits, windows: own(rateWindows({ ...context, shared })), log, metrics });
}

function inRedis({ own, log, clock }: Context, redisUrl: string): SharedCounts {
  const redis = openRedis(redisUrl, { log, clock });
  own(() => {
    redis.disconnect();
  });
  return redisCounts(redis);
}

function inPostgres({ own, log, clock }: Context, db: PrismaClient): SharedCounts {
  const counts = rateCountStore(db, { windowMs: RATE_WINDOW_MS });
  own(startSweep({ name: 'rate limits', everyMs: 60_000, run: counts.sweep }, { log, clock }));
  return counts;
}
