import { checkoutSession, portalSession } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Invoice, Tenant } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import { keptReturnUrl } from '../rules/return-url.js';

type Deps = Pick<GatewayDeps, 'ask' | 'settings'>;

/** A page on which this invoice is paid by card. Throws `invoice-not-payable`, or when billing or Stripe is away. */
export function checkoutPage(deps: Deps, invoice: Invoice, wanted: string | undefined): Promise<{ url: string }> {
  const home = new URL(deps.settings.appUrl);
  home.searchParams.set('invoice', invoice.id);
  const returnUrl = keptReturnUrl(wanted, deps.settings.returnUrlOrigins) ?? home.href;
  return pageOf(deps.ask(checkoutSession, { invoiceId: invoice.id, returnUrl }));
}

/** The page where a tenant saves or removes a card. Throws when billing or Stripe is away. */
export function portalPage(deps: Deps, tenant: Tenant, wanted: string | undefined): Promise<{ url: string }> {
  const { returnUrlOrigins, appUrl } = deps.settings;
  const [given, stored] = [wanted, tenant.returnUrl].map((url) => keptReturnUrl(url, returnUrlOrigins));
  return pageOf(deps.ask(portalSession, { tenantPubkey: tenant.pubkey, returnUrl: given ?? stored ?? appUrl }));
}

async function pageOf(asked: Promise<{ url: string } | Refused>): Promise<{ url: string }> {
  const answer = await asked.catch((cause: unknown) => {
    const text = 'The page for card payments cannot be opened right now. Please try again in a minute.';
    throw new AppError('service-unavailable', text, { cause });
  });
  if ('refused' in answer) throw new AppError(answer.refused, answer.message);
  return { url: answer.url };
}

interface Refused {
  refused: 'invoice-not-payable' | 'service-unavailable' | 'stripe-customer-create-failed';
  message: string;
}
