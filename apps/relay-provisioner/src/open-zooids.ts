import type { Clock } from '@caravel/domain';
import { secretSigner } from '@caravel/nostr';
import { zooidClient } from '@caravel/provisioning-data-access';
import type { ZooidClient } from '@caravel/provisioning-data-access';
import {
  circuitBreaker,
  circuitGauge,
  clockSkewGauge,
  guardedZooid,
  zooidInstances,
} from '@caravel/provisioning-feature';
import type { Guarded, ZooidInstances, ZooidSettings } from '@caravel/provisioning-feature';
import type { Health, Logger, Metrics } from '@caravel/service';
import { listedZooids } from './config.js';
import type { Config } from './config.js';

/** What every relay's configuration takes from ours. */
export function zooidSettings(config: Config): ZooidSettings {
  return {
    s3: {
      endpoint: config.BLOSSOM_S3_ENDPOINT,
      region: config.BLOSSOM_S3_REGION,
      bucket: config.BLOSSOM_S3_BUCKET,
      accessKey: config.BLOSSOM_S3_ACCESS_KEY,
      secretKey: config.BLOSSOM_S3_SECRET_KEY,
    },
    livekit: {
      serverUrl: config.LIVEKIT_URL,
      apiKey: config.LIVEKIT_API_KEY,
      apiSecret: config.LIVEKIT_API_SECRET,
    },
  };
}

/** A client for each configured zooid, each behind a circuit breaker of its own. */
export function openZooids(
  config: Config,
  { clock, metrics, health, log }: Deps,
): ZooidInstances<ZooidClient & Guarded> {
  const { s3, livekit } = zooidSettings(config);
  const secrets = [s3.accessKey, s3.secretKey, livekit.apiKey, livekit.apiSecret];
  const signer = secretSigner(config.ZOOID_SECRET);
  const showSkew = clockSkewGauge(metrics);
  const showCircuit = circuitGauge({ metrics, log });
  return zooidInstances(
    listedZooids(config).map(({ apiUrl, relayUrl = new URL(apiUrl).origin, ...rules }) => {
      const onClockSkew = showSkew(rules.name);
      const breaker = circuitBreaker({ clock, onChange: showCircuit(rules.name) });
      health.detail(`zooid ${rules.name}`, () => ({ circuit: breaker.state() }));
      const client = zooidClient({ apiUrl, relayUrl, signer, secrets, clock, metrics, onClockSkew });
      return { ...{ ...rules, relayUrl }, zooid: guardedZooid(client, breaker) };
    }),
  );
}

interface Deps {
  clock: Clock;
  metrics: Metrics;
  health: Pick<Health, 'detail'>;
  log: Logger;
}
