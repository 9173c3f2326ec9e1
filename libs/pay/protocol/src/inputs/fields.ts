import { z } from 'zod';
import { requestIdSchema, walletRefSchema } from '../ids.js';
import { networkSchema } from '../network.js';

/** Fields that several Inputs share, each with the sentence that help and OpenAPI say about it. */
export const fields = {
  id: requestIdSchema.describe('Your name for this request; a repeat under the same id does nothing twice'),
  wallet: walletRefSchema.describe('A wallet id or label'),
  maybeWallet: walletRefSchema.describe('A wallet id or label; needed when the network has several wallets').optional(),
  network: networkSchema.describe('cashu, ln, btc, evm or sol'),
  maybeNetwork: networkSchema.describe('cashu, ln, btc, evm or sol').optional(),
  label: z.string().max(64).describe('A name for the wallet; `default` and blank mean none').optional(),
  onchainMemo: z.string().max(4096).describe('A memo that the network carries, where it can').optional(),
  mints: z.array(z.url()).max(64).describe('cashu: mints to use, in this order').optional(),
  to: z.string().min(1).max(8192).describe('A BOLT11 invoice, a BOLT12 offer, or an address with its amount as a URI'),
  transactionId: z.string().min(1).max(512).describe('As `sent` or history named it'),
  requestId: requestIdSchema.describe('The id of the request that is asked about'),
} as const;

/** A secret in an Input. Its name ends in `_secret`, by which every output path knows it. */
export const secretText = z.string().min(1).max(4096);

/** Addresses of services; a missing scheme is completed by the provider. */
export const endpointText = z.string().min(1).max(2048);
