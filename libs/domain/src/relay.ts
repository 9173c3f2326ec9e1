import { z } from 'zod';
import type { Id } from './ids.js';
import type { Pubkey } from './pubkey.js';

/** `inactive`: stopped by tenant or admin. `delinquent`: stopped by billing, because nobody paid. */
export const relayStatusSchema = z.enum(['active', 'inactive', 'delinquent']);
export type RelayStatus = z.infer<typeof relayStatusSchema>;

/** The flags a tenant sets. */
export const RELAY_FLAGS = [
  'policy_public_read',
  'policy_public_write',
  'policy_public_join',
  'policy_strip_signatures',
  'groups_enabled',
  'management_enabled',
  'members_can_invite',
  'blossom_enabled',
  'livekit_enabled',
  'push_enabled',
] as const;
export type RelayFlag = (typeof RELAY_FLAGS)[number];

/** What a tenant decides about a relay. Text is never null: the empty string means "none". */
export interface RelaySettings extends Record<RelayFlag, boolean> {
  subdomain: string;
  zooid_domain: string;
  custom_domain: string;
  plan_id: string;
  info_name: string;
  info_icon: string;
  info_description: string;
}

/** What a client shows for what is left out; a plan may switch more on. */
export const RELAY_DEFAULTS: Readonly<Omit<RelaySettings, 'subdomain' | 'zooid_domain' | 'plan_id'>> = {
  custom_domain: '',
  info_name: '',
  info_icon: '',
  info_description: '',
  policy_public_read: false,
  policy_public_write: false,
  policy_public_join: false,
  policy_strip_signatures: false,
  groups_enabled: true,
  management_enabled: true,
  members_can_invite: true,
  blossom_enabled: false,
  livekit_enabled: false,
  push_enabled: true,
};

/**
 * A relay as the database holds it: the desired state, and how far zooid is. `generation` grows with every change of the
 * desired state; the relay is in sync when `appliedGeneration` has reached it.
 */
export interface Relay extends RelaySettings {
  id: Id;
  tenantPubkey: Pubkey;
  /** zooid's table prefix: `r_` + id with underscores; set once. */
  schema: string;
  status: RelayStatus;
  customDomainVerified: boolean;
  generation: number;
  appliedGeneration: number;
  /** The last sync failure, cleaned of secrets; '' means fine. */
  syncError: string;
  createdAtS: number;
}

/** The host name at which zooid serves the relay. */
export function relayHost(relay: Pick<RelaySettings, 'subdomain' | 'zooid_domain'>): string {
  return `${relay.subdomain}.${relay.zooid_domain}`;
}

/** zooid accepts only `^[a-z_][a-z0-9_]*$` as a schema. */
export function relaySchema(id: Id): string {
  return `r_${id.replaceAll('-', '_')}`;
}
