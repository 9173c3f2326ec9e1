import { nostrSecret, signatureFields } from '@caravel/nostr';
import { field, httpUrl, optionalList, port, postgresUrl, redisUrl, serviceConfig } from '@caravel/service';
import { MAIN_INSTANCE } from '@caravel/provisioning-feature';
import { z } from 'zod';
import { readZooidList } from './zooid-list.js';
import type { ListedZooid } from './zooid-list.js';

const KEY = 'a Nostr secret key: 64 hex digits or an nsec, here or in ROBOT_SECRET';

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
      ZOOID_INSTANCES: zooidInstancesField().optional(),
      ZOOID_API_URL: httpUrl().optional(),
      ZOOID_RELAY_URL: httpUrl().optional(),
      ZOOID_SECRET: nostrSecret(KEY),
      ZOOID_IMPORT_COMMAND: field('a command line').optional(),
      /** Streams of events for the gateway. */
      TRANSFER_HOST: field('an address to listen on').default('127.0.0.1'),
      TRANSFER_PORT: port().default(2893),
      DNS_SERVERS: optionalList(),
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
  ).refine((config) => config.ZOOID_API_URL !== undefined || config.ZOOID_INSTANCES !== undefined, {
    path: ['ZOOID_API_URL'],
    error: 'an http:// or https:// URL, or the list ZOOID_INSTANCES',
    // Together with what is wrong elsewhere.
    when: ({ value }) => typeof value === 'object' && value !== null,
  }),
);

/** The list, or the one zooid of `ZOOID_API_URL` as `main`. */
export function listedZooids(config: Config): ListedZooid[] {
  const { ZOOID_API_URL: apiUrl = '', ZOOID_RELAY_URL: relayUrl } = config;
  return (
    config.ZOOID_INSTANCES ?? [{ name: MAIN_INSTANCE, apiUrl, relayUrl, weight: 1, capacity: null, draining: false }]
  );
}

function zooidInstancesField() {
  return field('a list of zooids').transform((text, context) => {
    const read = readZooidList(text);
    if ('list' in read) return read.list;
    context.addIssue({ code: 'custom', message: read.problem });
    return z.NEVER;
  });
}

export type Config = z.output<typeof configSchema>;
