import { z } from 'zod';

/** The five networks, in the order in which answers list them. */
export const NETWORKS = ['cashu', 'ln', 'btc', 'evm', 'sol'] as const;

export const networkSchema = z.enum(NETWORKS);
export type Network = (typeof NETWORKS)[number];
