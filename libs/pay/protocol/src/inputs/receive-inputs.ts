import { z } from 'zod';
import { amountSchema } from '../base-units.js';
import { defineInput } from '../define-input.js';
import { fields } from './fields.js';

export const receiveInputs = {
  receive: defineInput('receive', {
    summary: 'An invoice or address to be paid at; waits for the money when told to',
    effect: 'change',
    fields: {
      id: fields.id,
      wallet: fields.maybeWallet,
      network: fields.maybeNetwork,
      amount: amountSchema.describe('How much is to be paid').optional(),
      onchain_memo: fields.onchainMemo,
      invoice_expiry_s: z
        .int()
        .min(60)
        .max(604_800)
        .describe('ln: how long the invoice can be paid; an hour when absent')
        .optional(),
      wait_until_paid: z.boolean().describe('Answers twice: where to pay, then that it was paid').optional(),
      wait_timeout_s: z.int().min(1).max(86_400).describe('300 when absent').optional(),
      wait_poll_interval_ms: z.int().min(100).max(3_600_000).describe('1000 when absent').optional(),
      wait_sync_limit: z
        .int()
        .min(1)
        .max(5000)
        .describe('Records looked through at each look; 500 when absent')
        .optional(),
      write_qr_svg_file: z.boolean().describe('Writes the QR code as an SVG file beside the data').optional(),
      min_confirmations: z
        .int()
        .min(0)
        .max(4_294_967_295)
        .describe('sol, evm, btc: how deep counts as paid')
        .optional(),
      reference: z.string().max(128).describe('sol: a key that the payment names').optional(),
    },
  }),
  receive_claim: defineInput('receive_claim', {
    summary: 'Takes what was paid to a Lightning invoice or a mint’s quote',
    effect: 'change',
    fields: {
      id: fields.id,
      wallet: fields.wallet,
      quote_id: z.string().min(1).max(512).describe('As `receive` named it'),
    },
  }),
  watch: defineInput('watch', {
    summary: 'Waits on with a `receive` that was asked for before, also after a restart',
    effect: 'read',
    fields: { id: fields.id, request_id: fields.requestId },
  }),
} as const;
