import { signatureFields } from '@caravel/nostr';
import { field, httpUrl, postgresUrl, redisUrl, serviceConfig } from '@caravel/service';
import { z } from 'zod';

const KEY = 'a secret of 64 hex digits, here or in ROBOT_SECRET';

/**
 * The variables of relay-provisioner; docs/operations.md describes them. `ROBOT_SECRET` stands in for a `ZOOID_SECRET` that
 * isn't set; with one set, the robot's key need not be here.
 */
export const configSchema = z.preprocess(
  (env: Readonly<Record<string, unknown>>) => ({ ZOOID_SECRET: env['ROBOT_SECRET'], ...env }),
  serviceConfig(
    {
      DATABASE_URL: postgresUrl(),
      REDIS_URL: redisUrl().optional(),
      ...signatureFields,
      ZOOID_API_URL: httpUrl(),
      ZOOID_RELAY_URL: httpUrl().optional(),
      ZOOID_SECRET: field(KEY)
        .refine((text) => /^[0-9a-f]{64}$/i.test(text), KEY)
        .transform((text) => text.toLowerCase()),
      LIVEKIT_URL: field("LiveKit's address"),
      LIVEKIT_API_KEY: field("LiveKit's API key"),
      LIVEKIT_API_SECRET: field("LiveKit's API secret"),
      BLOSSOM_S3_ENDPOINT: httpUrl(),
      BLOSSOM_S3_REGION: field('an S3 region'),
      BLOSSOM_S3_BUCKET: field('the name of an S3 bucket'),
      BLOSSOM_S3_ACCESS_KEY: field('an S3 access key id'),
      BLOSSOM_S3_SECRET_KEY: field('an S3 secret access key'),
    },
    { opsPort: 9093 },
  ),
);
