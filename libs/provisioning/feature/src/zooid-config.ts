import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { JsonObject } from './json.js';

/** What the operator's configuration adds to every relay's. */
export interface ZooidSettings {
  s3: { endpoint: string; region: string; bucket: string; accessKey: string; secretKey: string };
  livekit: { serverUrl: string; apiKey: string; apiSecret: string };
}

/**
 * The configuration zooid shall have for a relay, without the relay's own secret. Always the same fields, so that a patch
 * never has to delete one: what is off has empty strings, and zooid's local store instead of S3 (it checks S3's fields
 * whenever that adapter is named). Keys go to zooid only for relays that use them. `blossom.authenticated_read` stays
 * zooid's own (off): clients show pictures without signing in, and whoever has a file's hash has been shown it.
 */
export function toZooidConfig(relay: Relay, settings: ZooidSettings): JsonObject {
  return {
    host: relayHost(relay),
    schema: relay.schema,
    inactive: relay.status !== 'active',
    info: {
      name: relay.info_name,
      icon: relay.info_icon,
      pubkey: relay.tenantPubkey,
      description: relay.info_description,
    },
    policy: {
      public_join: relay.policy_public_join,
      strip_signatures: relay.policy_strip_signatures,
      public_read: relay.policy_public_read,
      public_write: relay.policy_public_write,
    },
    groups: { enabled: relay.groups_enabled },
    management: { enabled: relay.management_enabled },
    push: { enabled: relay.push_enabled },
    blossom: blossom(relay, settings),
    livekit: livekit(relay, settings),
    roles: { member: { can_invite: relay.members_can_invite } },
  };
}

function blossom(relay: Relay, { s3 }: ZooidSettings): JsonObject {
  const on = relay.blossom_enabled;
  return {
    enabled: on,
    adapter: on ? 's3' : 'local',
    s3: {
      endpoint: on ? s3.endpoint : '',
      region: on ? s3.region : '',
      bucket: on ? s3.bucket : '',
      access_key: on ? s3.accessKey : '',
      secret_key: on ? s3.secretKey : '',
      key_prefix: relay.id,
    },
  };
}

/** An empty `api_key` switches LiveKit off in zooid. */
function livekit(relay: Relay, { livekit: { serverUrl, apiKey, apiSecret } }: ZooidSettings): JsonObject {
  return relay.livekit_enabled
    ? { server_url: serverUrl, api_key: apiKey, api_secret: apiSecret }
    : { server_url: '', api_key: '', api_secret: '' };
}
