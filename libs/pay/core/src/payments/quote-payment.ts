import { NATIVE_UNIT } from '@caravel/pay-limits';
import { PayError } from '@caravel/pay-protocol';
import type { InputOf } from '@caravel/pay-protocol';
import type { PaymentAsk, Quote } from '@caravel/pay-provider';
import { isWatched } from '../approvals/approval-rule.js';
import { askedLabels } from '../approvals/asked-labels.js';
import type { ServedWallet } from '../books.js';
import type { RequestKey } from '../requests/request-key.js';
import { askProvider, nowMsOf } from './pay-context.js';
import type { PayContext } from './pay-context.js';

export type PayInput = InputOf<'send'> | InputOf<'cashu_send'>;

/** What a provider is asked to pay. Mints that are allowed stand in for those that were not named. */
export function paymentAsk(
  input: PayInput | InputOf<'send_quote'>,
  key: RequestKey,
  { mints }: PayContext['policy'],
): PaymentAsk {
  const refused = input.mints?.find((mint) => mints && !mints.includes(mint));
  if (refused !== undefined)
    throw new PayError('mint_not_allowed', 'the payment names a mint that is not allowed here');
  const about = {
    requestId: key.requestId,
    requestKey: key.keyName,
    ...(input.onchain_memo !== undefined && { memo: input.onchain_memo }),
    ...((input.mints ?? mints) && { mints: input.mints ?? mints }),
  };
  if (input.code === 'cashu_send') return { kind: 'cashu_send', amount: input.amount, ...about };
  return { kind: 'send', to: input.to, ...about };
}

/**
 * What the payment costs, as its provider says now. A node that can't quote is paid through all the same when nothing here looks
 * at the amount or the recipient: no limit, no approval, no list; else its `quote_unavailable` is passed on.
 */
export async function quotePayment(
  context: PayContext,
  served: ServedWallet,
  { ask, keyName }: { ask: PaymentAsk; keyName: string },
): Promise<Quote> {
  const { timeouts, policy } = context;
  const { provider, wallet } = served;
  try {
    const quote = await askProvider({ timeoutMs: timeouts.quoteMs }, (signal) =>
      provider.quote(wallet, ask, { signal }),
    );
    checkRecipient(ask, quote, policy);
    if (quote.expiresAtMs !== undefined && quote.expiresAtMs <= nowMsOf(context)) {
      throw new PayError('invalid_argument', 'the invoice has expired');
    }
    return quote;
  } catch (error) {
    if (!(error instanceof PayError) || error.code !== 'quote_unavailable' || !provider.prepare) throw error;
    const place = {
      wallet: wallet.id,
      network: wallet.network,
      labels: await askedLabels(served, policy.approveAbove),
    };
    const isLooked = policy.recipients ?? policy.mints ?? policy.approveAbove.find((rule) => isWatched(rule, place));
    const isLimited = isCountedHere(context, provider) && (await isRuled(context, wallet, keyName));
    if (isLooked !== undefined || isLimited) throw error;
    const nothing = { value: 0n, token: NATIVE_UNIT[wallet.network] };
    return { amount: nothing, feeEstimate: nothing, feeBound: nothing, debits: [] };
  }
}

/** Limits of this process count the payment; else the node below does. */
export const isCountedHere = ({ policy }: Pick<PayContext, 'policy'>, provider: ServedWallet['provider']): boolean =>
  policy.enforce === 'always' || provider.isRemote !== true;

async function isRuled(context: PayContext, wallet: ServedWallet['wallet'], keyName: string): Promise<boolean> {
  const places = [`wallet/${wallet.id}/`, `network/${wallet.network}/`, 'all/'];
  const prefixes = [...places, ...places.map((place) => `key/${keyName}/${place}`)];
  const rules = await context.spend.status(nowMsOf(context));
  return rules.some(({ bucket }) => prefixes.some((prefix) => bucket.startsWith(prefix)));
}

function checkRecipient(ask: PaymentAsk, { recipient }: Quote, { recipients, mints }: PayContext['policy']): void {
  const to = [recipient, ask.kind === 'send' ? ask.to : undefined].filter((name) => name !== undefined);
  // Whoever has a token has the money, so a list of recipients allows a token only when it names the mint.
  if (recipients && !to.some((name) => recipients.includes(name))) {
    throw new PayError('recipient_not_allowed', 'the recipient is not on the list of this node');
  }
  if (mints && ask.kind === 'cashu_send' && !(recipient !== undefined && mints.includes(recipient))) {
    throw new PayError('mint_not_allowed', 'the mint is not on the list of this node');
  }
}
