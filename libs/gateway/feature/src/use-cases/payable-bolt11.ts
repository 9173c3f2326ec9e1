import { invoiceBolt11 } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Bolt11Offer, Invoice } from '@caravel/domain';
import type { GatewayPorts } from '../ports.js';

/** A live Lightning invoice for one of ours. Throws `invoice-not-payable`, or `service-unavailable` when billing is away. */
export async function payableBolt11(
  { ask, invoices }: Pick<GatewayPorts, 'ask' | 'invoices'>,
  invoice: Invoice,
): Promise<Bolt11Offer> {
  const answer = await ask(invoiceBolt11, { invoiceId: invoice.id }).catch((error: unknown) => {
    throw unavailable(error);
  });
  if ('refused' in answer) throw new AppError(answer.refused, answer.message);
  const offer = await invoices.bolt11(answer.offerId);
  if (!offer) throw unavailable(new Error(`offer ${answer.offerId} is not there`));
  return offer;
}

const unavailable = (cause: unknown) =>
  new AppError('service-unavailable', "A Lightning invoice can't be made right now. Please try again in a minute.", {
    cause,
  });
