import { pubkeySchema, relayHost } from '@caravel/domain';
import type { Id, Pubkey, RelayStatus } from '@caravel/domain';
import { invoiceStore, MAX_PAGE, planStore, relayStore } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';

/** What the API shows a tenant of their account. */
export interface Account {
  /** Oldest first. */
  relays: { name: string; host: string; plan: string; status: RelayStatus }[];
  /** Open ones, oldest first. */
  invoices: { id: Id; amountCents: number }[];
  unbilledCents: number;
  /** Null while nothing is billed. */
  periodEndsAt: Date | null;
  payer: 'wallet' | 'card' | 'none';
  walletError: string | null;
  cardError: string | null;
}

export type AccountStore = ReturnType<typeof accountStore>;

/** The reads of the gateway, for the role `caravel_robot`, which sees of the wallet only whether there is one. */
export function accountStore(client: PrismaClient) {
  const relays = relayStore(client);
  const invoices = invoiceStore(client);
  const plans = planStore(client);
  const page = { limit: MAX_PAGE };

  return {
    /** False for strangers and for accounts that were deleted. */
    isTenant: async (pubkey: Pubkey): Promise<boolean> => {
      const row = await client.tenant.findUnique({ where: { pubkey, deletedAt: null }, select: { pubkey: true } });
      return row !== null;
    },

    read: async (pubkey: Pubkey): Promise<Account> => {
      const [relayPage, invoicePage, draft, planList, ways] = await Promise.all([
        relays.listOfTenant(pubkey, page),
        invoices.listOfTenant(pubkey, page),
        invoices.draft(pubkey),
        plans.list(),
        waysToPay(client, pubkey),
      ]);
      const planNames = new Map(planList.map(({ id, name }) => [id, name]));
      const open = invoicePage.rows.filter(({ paidAtS, voidedAtS }) => paidAtS === null && voidedAtS === null);
      return {
        relays: relayPage.rows
          .map((relay) => ({
            name: relay.info_name,
            host: relayHost(relay),
            plan: planNames.get(relay.plan_id) ?? relay.plan_id,
            status: relay.status,
          }))
          .reverse(),
        invoices: open.map(({ id, amountCents }) => ({ id, amountCents })).reverse(),
        unbilledCents: draft.amountCents,
        ...ways,
      };
    },

    /** The Lightning invoice of an offer; null when it is none. */
    bolt11: async (offerId: Id): Promise<{ text: string; msats: bigint } | null> => {
      const offer = await invoices.bolt11(offerId);
      return offer && { text: offer.lnbc, msats: offer.msats };
    },
  };
}

/** As `tenantStore` shows it: an error of a wallet that is not connected any more is none. */
async function waysToPay(client: PrismaClient, pubkey: Pubkey) {
  const tenantPubkey = pubkeySchema.parse(pubkey);
  const wallet = await client.tenantWallet.findUnique({
    where: { tenantPubkey },
    select: { sealPubkey: true, updatedAt: true },
  });
  const billing = await client.tenantBilling.findUnique({
    where: { tenantPubkey },
    select: {
      anchor: true,
      periodEnd: true,
      nwcError: true,
      nwcErrorAt: true,
      stripePaymentMethodId: true,
      stripeError: true,
    },
  });
  const isStale = wallet && billing?.nwcErrorAt && wallet.updatedAt >= billing.nwcErrorAt;
  const hasWallet = Boolean(wallet?.sealPubkey);
  const hasCard = Boolean(billing?.stripePaymentMethodId);
  const payer: Account['payer'] = hasWallet ? 'wallet' : hasCard ? 'card' : 'none';
  return {
    periodEndsAt: billing?.anchor ? billing.periodEnd : null,
    payer,
    walletError: isStale ? null : (billing?.nwcError ?? null),
    cardError: billing?.stripeError ?? null,
  };
}
