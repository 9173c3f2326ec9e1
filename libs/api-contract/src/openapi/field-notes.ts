import type { JsonSchema } from './types.js';

/** What fields are, by their name: the schemas know types only. */
export const fieldNotes: Record<string, string> = {
  activity_id: 'What caused it, null for a correction by hand.',
  amount: 'US cents.',
  billing_anchor: 'When the first month began; null while nothing was ever charged.',
  blossom: 'Whether relays on it may store files.',
  blossom_enabled: 'Stores files (Blossom). Needs a plan that includes it.',
  churned_at: 'Since when paid relays are paused because of an unpaid invoice, or null.',
  custom_domain: 'A domain of the tenant’s own, or empty.',
  custom_domain_verified: 'Whether that domain leads here.',
  expires_at: 'Until when it can be paid.',
  groups_enabled: 'Has groups (NIP-29).',
  hidden: 'Not offered any more; who has it keeps it.',
  info_description: 'Shown to visitors (NIP-11).',
  info_icon: 'Empty, an http(s) address or a `data:image/…` address. Never fetched by this server.',
  info_name: 'Shown to visitors (NIP-11).',
  invoice_id: 'The invoice it is on; null while it is not billed.',
  is_admin: 'Whether the key is an administrator of this server.',
  livekit: 'Whether relays on it may have calls.',
  livekit_enabled: 'Has audio and video calls (LiveKit). Needs a plan that includes it.',
  lnbc: 'What a wallet pays: show it as a QR code.',
  management_enabled: 'Can be managed from clients (NIP-86).',
  members: 'Public keys; of a plan: how many a relay may have, null for any number.',
  members_can_invite: 'Whether members may invite others.',
  method: '`nwc`: pulled from the connected wallet. `stripe`: by card. `oob`: a Lightning invoice paid by hand.',
  mode: '`forgive`: the charges are gone. `recut`: they come with the next invoice.',
  msats: 'Thousandths of a satoshi.',
  nwc_error: 'Why the last try to collect from the wallet failed, in words for the tenant.',
  nwc_is_set: 'Whether a wallet is connected.',
  nwc_url: 'The wallet’s connection text `nostr+walletconnect://…` (NIP-47), or empty to disconnect it.',
  period_end: 'Where the billed month ends.',
  period_start: 'Where the billed month begins.',
  plan_id: 'One of `GET /plans`.',
  policy_public_join: 'Whether anybody may become a member.',
  policy_public_read: 'Whether anybody may read.',
  policy_public_write: 'Whether anybody may write.',
  policy_strip_signatures: 'Serves events without signatures, so that they can’t be shown elsewhere.',
  push_enabled: 'Sends push notifications.',
  resource_id: 'The relay’s id or the tenant’s key.',
  return_url: 'Where pages and messages lead back to. An address of an unknown origin is ignored.',
  settled_at: 'When it was paid.',
  stripe_customer_id: 'Empty until there is one.',
  stripe_error: 'Why the last try to charge the card failed, in words for the tenant.',
  stripe_payment_method_id: 'The saved card, or null.',
  subdomain: 'The relay’s name: its address is `subdomain.zooid_domain`.',
  sync_error: 'Why the last try to bring the relay up failed; empty when it did not.',
  synced: 'Whether the relay runs as described here.',
  tenant_pubkey: 'Whose it is.',
  zooid_domain: 'One of this server’s relay domains; the default is taken for any other.',
};

/** Query values travel as text; these are what the text must say. */
export const queryNotes: Record<string, { about: string; schema?: JsonSchema }> = {
  limit: {
    about: 'At most so many entries.',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 1000 },
  },
  cursor: { about: 'Where the page begins: from the `Link` header of the page before.' },
  from: { about: 'Unix seconds.', schema: { type: 'integer', minimum: 0 } },
  to: { about: 'Unix seconds.', schema: { type: 'integer', minimum: 0 } },
  last_event_id: { about: 'As the header `Last-Event-ID`, for clients that can’t send it.' },
  return_url: { about: 'Where Stripe’s page leads back to.' },
};

/** What a path names. */
export const pathNotes: Record<string, { about: string; schema: JsonSchema }> = {
  pubkey: { about: 'The tenant’s public key.', schema: { $ref: '#/components/schemas/Pubkey' } },
  id: { about: 'Its id.', schema: { $ref: '#/components/schemas/Id' } },
  token: { about: 'The unguessable part of the link.', schema: { type: 'string', pattern: '^[0-9a-f]{32}$' } },
};
