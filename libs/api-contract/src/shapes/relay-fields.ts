import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';

/** PostgreSQL's text can't hold NUL. */
const text = (maxChars: number) =>
  z
    .string({ error: 'must be text' })
    .max(maxChars, `must be at most ${maxChars} characters long`)
    .regex(/^[^\0]*$/, 'must not contain the character NUL');

const flag = z
  .union([z.literal(0), z.literal(1), z.boolean()], { error: 'must be 0 or 1' })
  .transform((value) => Boolean(value));

/** Shown by clients, never fetched by us. */
const icon = text(200_000).refine(isIcon, 'must be empty, an http(s) address or a data:image address');

const fields = {
  /** Its rules have codes of their own, so any text passes here. */
  subdomain: text(255),
  plan_id: text(64),
  zooid_domain: text(255).exactOptional(),
  custom_domain: text(255).exactOptional(),
  info_name: text(200).exactOptional(),
  info_icon: icon.exactOptional(),
  info_description: text(5000).exactOptional(),
  policy_public_read: flag.exactOptional(),
  policy_public_write: flag.exactOptional(),
  policy_public_join: flag.exactOptional(),
  policy_strip_signatures: flag.exactOptional(),
  groups_enabled: flag.exactOptional(),
  management_enabled: flag.exactOptional(),
  members_can_invite: flag.exactOptional(),
  blossom_enabled: flag.exactOptional(),
  livekit_enabled: flag.exactOptional(),
  push_enabled: flag.exactOptional(),
  /** Whose relay it is; the caller's when absent. */
  tenant_pubkey: pubkeySchema.exactOptional(),
};

/** Body of POST /relays. Unknown fields are ignored. */
export const createRelayBody = z.object(fields);
export type CreateRelayBody = z.output<typeof createRelayBody>;
export type AskedSettings = Omit<CreateRelayBody, 'tenant_pubkey'>;

/** Body of PUT /relays/:id: any subset; clients send whole relays, so what can't be changed is ignored. */
export const updateRelayBody = z.object({
  ...fields,
  subdomain: fields.subdomain.exactOptional(),
  plan_id: fields.plan_id.exactOptional(),
});
export type UpdateRelayBody = z.output<typeof updateRelayBody>;
export type RelayEdit = Omit<UpdateRelayBody, 'tenant_pubkey'>;

function isIcon(value: string): boolean {
  return (
    value === '' || /^data:image\/[a-z0-9.+-]+[;,]/i.test(value) || (/^https?:\/\//i.test(value) && URL.canParse(value))
  );
}
