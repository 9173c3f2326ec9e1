import { isSecret } from '@caravel/nostr';
import { z } from 'zod';

const flag = z.boolean().optional();
const text = z.string().optional();

/** The JSON zooid reads; keys it does not know are kept and have no meaning, as there. */
const configSchema = z.looseObject({
  host: text,
  schema: text,
  secret: text,
  inactive: flag,
  info: z.looseObject({ name: text, icon: text, description: text, pubkey: text }).optional(),
  policy: z
    .looseObject({ public_read: flag, public_write: flag, public_join: flag, strip_signatures: flag })
    .optional(),
  groups: z.looseObject({ enabled: flag }).optional(),
  management: z.looseObject({ enabled: flag }).optional(),
  push: z.looseObject({ enabled: flag }).optional(),
  blossom: z
    .looseObject({
      enabled: flag,
      adapter: text,
      authenticated_read: flag,
      s3: z
        .looseObject({
          endpoint: text,
          region: text,
          bucket: text,
          access_key: text,
          secret_key: text,
          key_prefix: text,
        })
        .optional(),
    })
    .optional(),
  livekit: z.looseObject({ server_url: text, api_key: text, api_secret: text }).optional(),
  roles: z
    .record(z.string(), z.looseObject({ pubkeys: z.array(z.string()).optional(), can_invite: flag, can_manage: flag }))
    .optional(),
});
type RawConfig = z.infer<typeof configSchema>;

/** A configuration that passed every check, with its secret at full length. */
export type ZooidConfig = RawConfig & {
  host: string;
  schema: string;
  secret: string;
  info: NonNullable<RawConfig['info']> & { pubkey: string };
};

/** The checks of the real one, in its order; the first that fails is the answer (400). */
export function checkConfig(value: unknown): { config: ZooidConfig } | { error: string } {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success)
    return { error: `invalid config: ${parsed.error.issues[0]?.path.join('.') ?? ''} has a wrong type` };
  const { host, schema, secret, info, blossom } = parsed.data;
  const { pubkey } = info ?? {};
  if (!host) return { error: 'host is required' };
  if (!schema) return { error: 'schema is required' };
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) return { error: 'schema is not a valid name' };
  if (!secret || !/^[0-9a-f]+$/i.test(secret)) return { error: 'secret must be hex' };
  const fullSecret = secret.padStart(64, '0');
  if (!isSecret(fullSecret)) return { error: 'secret is not a key' };
  if (!pubkey || !/^[0-9a-f]{64}$/.test(pubkey)) return { error: 'info.pubkey must be 64 hex characters' };
  const error = blossomError(blossom);
  return error === undefined
    ? { config: { ...parsed.data, host, schema, secret: fullSecret, info: { ...info, pubkey } } }
    : { error };
}

/** An unknown adapter ends the real process for all tenants; here it is refused. */
function blossomError(blossom: RawConfig['blossom']): string | undefined {
  if (!blossom?.adapter || blossom.adapter === 'local') return undefined;
  if (blossom.adapter !== 's3') return 'blossom.adapter is neither local nor s3';
  const missing = (['region', 'bucket', 'access_key', 'secret_key'] as const).find((key) => !blossom.s3?.[key]);
  return missing && `blossom.s3.${missing} is required`;
}
