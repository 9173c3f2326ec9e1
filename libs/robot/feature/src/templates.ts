import { centsSchema, idSchema } from '@caravel/domain';
import { z } from 'zod';

/**
 * One kind of message, as data: what its row carries and what it says. A line is left out when something it names is
 * unknown; names in braces are those of `MessageValues`.
 */
export interface MessageTemplate {
  params: z.ZodType<MessageParams>;
  /** Not sent any more once the invoice is paid or void. */
  onlyWhileOpen: boolean;
  lines: readonly string[];
}

/** Every param any template knows. Rows evolve by optional ones; what nobody knows is ignored. */
export interface MessageParams {
  invoice_id?: z.infer<typeof idSchema> | undefined;
  amount_cents?: z.infer<typeof centsSchema> | undefined;
  sats?: number | undefined;
  method?: keyof typeof METHODS | undefined;
  error?: string | undefined;
  days?: number | undefined;
}

/** How an invoice was paid, in words. */
export const METHODS = { nwc: 'from your wallet', stripe: 'by card', oob: 'by Lightning invoice' } as const;

const anyInvoice = { invoice_id: idSchema, sats: z.int().positive().optional() };
const methodSchema = z.enum(['nwc', 'stripe', 'oob']);

/** By the name in the row's `template`. A Map, because that name may be anything, also `constructor`. */
export const TEMPLATES: ReadonlyMap<string, MessageTemplate> = new Map([
  [
    'invoice-due',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema }),
      onlyWhileOpen: true,
      lines: ['Your relay hosting invoice is due: {amount}.', 'Relays: {relays}', 'Please pay it here: {link}'],
    },
  ],
  [
    'invoice-paid',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema, method: methodSchema }),
      onlyWhileOpen: false,
      lines: ['Thank you! Your relay hosting invoice was paid {method}: {amount}.', 'Relays: {relays}', '{link}'],
    },
  ],
  [
    'wallet-failed',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema.optional(), error: z.string() }),
      onlyWhileOpen: true,
      lines: [
        'Your wallet could not pay your relay hosting invoice.',
        'Amount: {amount}',
        'Relays: {relays}',
        'Reason: {error}',
        'Please check your wallet or pay another way: {link}',
      ],
    },
  ],
  [
    'card-failed',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema, error: z.string() }),
      onlyWhileOpen: true,
      lines: [
        'Your card could not be charged for your relay hosting invoice.',
        'Amount: {amount}',
        'Relays: {relays}',
        'Reason: {error}',
        'Please check your card or pay another way: {link}',
      ],
    },
  ],
  [
    'paused-in-days',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema, days: z.int().positive() }),
      onlyWhileOpen: true,
      lines: [
        'Your relay hosting invoice is still unpaid: {amount}.',
        'Your paid relays will be paused in {days}.',
        'Relays: {relays}',
        'Please pay it here: {link}',
      ],
    },
  ],
  [
    'paused',
    {
      // Without an invoice: too little is owed to ask for it, and nothing keeps the tenant from starting the relays again.
      params: z.object({ invoice_id: idSchema.optional(), amount_cents: centsSchema.optional() }),
      onlyWhileOpen: false,
      lines: [
        'Your paid relays are paused because an invoice was not paid.',
        'Relays: {relays}',
        'They run again as soon as it is paid ({amount}): {link}',
        'You can start them again here: {app}',
      ],
    },
  ],
  [
    'restored',
    {
      params: z.object({}),
      onlyWhileOpen: false,
      lines: ['Thank you! Your paid relays run again.', 'Relays: {relays}', '{app}'],
    },
  ],
]);
