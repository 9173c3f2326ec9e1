import { z } from 'zod';
import { positiveAmountSchema } from '../base-units.js';
import { defineInput } from '../define-input.js';
import { localMemoSchema } from '../local-memo.js';
import { fields } from './fields.js';

const localMemo = localMemoSchema.describe('A note that stays in this history').optional();

export const paymentInputs = {
  send: defineInput('send', {
    summary: 'Pays an invoice or an address, within the limits; money leaves at most once for an id',
    effect: 'pay',
    fields: {
      id: fields.id,
      to: fields.to,
      wallet: fields.maybeWallet,
      network: fields.maybeNetwork,
      onchain_memo: fields.onchainMemo,
      local_memo: localMemo,
      mints: fields.mints,
    },
  }),
  send_quote: defineInput('send_quote', {
    summary: 'What a `send` would cost, fees and their bound included; pays nothing',
    effect: 'read',
    fields: {
      id: fields.id,
      to: fields.to,
      wallet: fields.maybeWallet,
      network: fields.maybeNetwork,
      onchain_memo: fields.onchainMemo,
      mints: fields.mints,
    },
  }),
  cashu_send: defineInput('cashu_send', {
    summary: 'Makes a cashu token of an amount, within the limits; whoever has the token has the money',
    effect: 'pay',
    fields: {
      id: fields.id,
      amount: positiveAmountSchema.describe('What the token is worth'),
      wallet: fields.maybeWallet,
      onchain_memo: fields.onchainMemo,
      local_memo: localMemo,
      mints: fields.mints,
    },
  }),
  cashu_receive: defineInput('cashu_receive', {
    summary: 'Takes the money of a cashu token into a wallet of its mint',
    effect: 'change',
    fields: {
      id: fields.id,
      token: z
        .string()
        .min(1)
        .max(512 * 1024)
        .describe('cashuA… or cashuB…'),
      wallet: fields.maybeWallet,
    },
  }),
  payment_status: defineInput('payment_status', {
    summary: 'What became of a payment by the id it was asked under',
    effect: 'read',
    fields: {
      id: fields.id,
      request_id: fields.requestId,
      close_if_unknown: z
        .boolean()
        .describe('An id never seen is closed: the payment, should it still arrive, is refused')
        .optional(),
    },
  }),
  payment_resolve: defineInput('payment_resolve', {
    summary: 'Ends a payment whose outcome nobody can prove, by the word of the operator',
    effect: 'change',
    localOnly: true,
    fields: {
      id: fields.id,
      request_id: fields.requestId,
      outcome: z.enum(['sent', 'not_sent']).describe('`sent` counts it; `not_sent` gives the limits back'),
      reason: z.string().trim().min(1).max(1000).describe('Kept with the payment'),
    },
  }),
  approve: defineInput('approve', {
    summary: 'Permits a payment that waits for approval; whoever asked for it then asks again',
    effect: 'change',
    fields: { id: fields.id, request_id: fields.requestId },
  }),
  deny: defineInput('deny', {
    summary: 'Refuses a payment that waits for approval',
    effect: 'change',
    fields: { id: fields.id, request_id: fields.requestId },
  }),
} as const;
