import type { Id, Pubkey, RelayStatus } from '@caravel/domain';
import { invoiceLink, MAX_NAME_CHARS } from './fact-values.js';
import type { MessageValues, ValueContext } from './fact-values.js';
import { plainText } from './plain-text.js';
import type { MessageContent } from './render-message.js';

/** What the API shows a tenant of their own account, as far as the robot tells it. */
export interface AccountFacts {
  /** Oldest first. */
  relays: readonly { name: string; host: string; plan: string; status: RelayStatus }[];
  /** Open ones, oldest first. */
  invoices: readonly { id: Id; amountCents: number }[];
  /** Not yet on any invoice. */
  unbilledCents: number;
  /** Null while nothing is billed. */
  periodEndsAt: Date | null;
  payer: 'wallet' | 'card' | 'none';
  walletError: string | null;
  cardError: string | null;
  /** A live Lightning invoice for the oldest open invoice; null when it was not asked for or could not be had. */
  bolt11: { text: string; msats: bigint } | null;
}

/** Reads an account. `offer`: with a Lightning invoice, if one can be had in time. */
export type ReadAccount = (
  tenantPubkey: Pubkey,
  options: { offer: boolean; signal: AbortSignal },
) => Promise<AccountFacts>;

/** What an answer says: about each relay (`status`), each open invoice (`invoice`) or in general. */
export function accountContent(
  tells: 'status' | 'invoice' | 'help',
  account: AccountFacts,
  context: ValueContext,
): MessageContent {
  const common = accountValues(account, context);
  switch (tells) {
    case 'status':
      return { common, items: account.relays.slice(0, MAX_ITEMS).map((relay) => relayValues(relay, context)) };
    case 'invoice':
      return { common, items: account.invoices.slice(0, MAX_ITEMS).map((invoice) => invoiceValues(invoice, context)) };
    case 'help':
      return { common, items: [] };
  }
}

/** A message has a size; the rest is behind the link. */
const MAX_ITEMS = 25;
const MAX_ERROR_CHARS = 240;

function accountValues(account: AccountFacts, { language, appUrl }: ValueContext): MessageValues {
  const { relays, invoices, unbilledCents, periodEndsAt, bolt11 } = account;
  const dueCents = invoices.reduce((sum, { amountCents }) => sum + amountCents, 0);
  return {
    app: appUrl,
    relay_count: relays.length > 0 ? language.plural('relay_count', relays.length) : undefined,
    invoices: invoices.length > 0 ? language.plural('invoices', invoices.length) : undefined,
    due: dueCents > 0 ? language.amount(dueCents) : undefined,
    unbilled: unbilledCents > 0 ? language.amount(unbilledCents) : undefined,
    period_end: periodEndsAt ? language.date(periodEndsAt) : undefined,
    payer: language.word('payer', account.payer),
    wallet_error: errorText(account.walletError),
    card_error: errorText(account.cardError),
    bolt11: bolt11?.text,
    bolt11_amount: bolt11 ? language.sats(bolt11.msats) : undefined,
  };
}

function relayValues({ name, host, plan, status }: AccountFacts['relays'][number], { language }: ValueContext) {
  return {
    relay_name: plainText(name, MAX_NAME_CHARS) || undefined,
    relay_host: host,
    plan: plainText(plan, MAX_NAME_CHARS),
    relay_status: language.word('relay_status', status),
  };
}

const invoiceValues = ({ id, amountCents }: AccountFacts['invoices'][number], { language, appUrl }: ValueContext) => ({
  amount: language.amount(amountCents),
  link: invoiceLink(appUrl, id),
});

const errorText = (error: string | null) =>
  error === null ? undefined : plainText(error, MAX_ERROR_CHARS) || undefined;
