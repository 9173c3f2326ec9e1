import { cents, idSchema, manualClock, msats, pubkeySchema, RELAY_DEFAULTS } from '@caravel/domain';
import type { Bolt11Offer, Id, Invoice, Plan, Pubkey, Relay, Tenant } from '@caravel/domain';

export const clock = manualClock(1_800_000_000);

/** Two keys that are nobody's. */
export const ALICE = pubkey('a');
export const BOB = pubkey('b');

export function pubkey(hexDigit: string): Pubkey {
  return pubkeySchema.parse(hexDigit.repeat(64));
}

export function id(last: number): Id {
  return idSchema.parse(`0197f5a0-0000-7000-8000-${String(last).padStart(12, '0')}`);
}

export function tenant(changes: Partial<Tenant> = {}): Tenant {
  return {
    pubkey: ALICE,
    returnUrl: '',
    nwcIsSet: false,
    nwcError: null,
    stripeCustomerId: '',
    stripePaymentMethodId: null,
    stripeError: null,
    billingAnchorS: null,
    churnedAtS: null,
    createdAtS: 1_800_000_000,
    ...changes,
  };
}

export function relay(changes: Partial<Relay> = {}): Relay {
  return {
    ...RELAY_DEFAULTS,
    id: id(1),
    tenantPubkey: ALICE,
    schema: 'r_1',
    status: 'active',
    subdomain: 'garden',
    zooid_domain: 'relays.example',
    customDomainVerified: false,
    plan_id: 'basic',
    info_name: 'The garden',
    blossom_enabled: true,
    livekit_enabled: true,
    generation: 1,
    appliedGeneration: 0,
    syncError: '',
    createdAtS: 1_800_000_000,
    ...changes,
  };
}

export function invoice(changes: Partial<Invoice> = {}): Invoice {
  return {
    id: id(3),
    tenantPubkey: ALICE,
    amountCents: cents(500),
    periodStartS: 1_800_000_060,
    periodEndS: 1_802_592_060,
    createdAtS: 1_800_000_120,
    paidAtS: null,
    voidedAtS: null,
    method: null,
    ...changes,
  };
}

export function bolt11Offer(changes: Partial<Bolt11Offer> = {}): Bolt11Offer {
  return {
    id: id(6),
    invoiceId: id(3),
    lnbc: 'lnbc50u1example',
    msats: msats(5_000_000n),
    createdAtS: 1_800_000_120,
    expiresAtS: 1_800_003_720,
    settledAtS: null,
    ...changes,
  };
}

/** The plans of the repository, and one that is offered no more. */
export const PLANS: readonly Plan[] = [
  plan('free', { amount: cents(0), members: 10, blossom: false, livekit: false }),
  plan('basic', { amount: cents(500), members: 100 }),
  plan('growth', { amount: cents(2500) }),
  plan('old', { amount: cents(300), hidden: true }),
];

function plan(planId: string, changes: Partial<Plan>): Plan {
  const name = `${planId.slice(0, 1).toUpperCase()}${planId.slice(1)}`;
  return { id: planId, name, amount: cents(0), hidden: false, members: null, blossom: true, livekit: true, ...changes };
}
