import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';

export const identityJson = z.object({ pubkey: pubkeySchema, is_admin: z.boolean() });
