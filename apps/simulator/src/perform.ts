import { AppError } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { z } from 'zod';
import type { Deed, Temper } from './deed.js';
import type { Call } from './replica.js';
import { customerOf } from './outside-world.js';
import type { Stage } from './stage.js';

/** Does what a tenant planned, to whatever there is by then. A refusal by the rules is an answer like any other. */
export function perform(stage: Stage, billing: Reach) {
  const tenants = new Map<number, Tenant>();

  return async (deed: Deed & { tenant: number }): Promise<void> => {
    try {
      if (deed.kind === 'join') {
        tenants.set(deed.tenant, { pubkey: await stage.people.join(deed.tenant), relays: [], wallet: null });
        return;
      }
      const tenant = tenants.get(deed.tenant);
      if (!tenant) return;
      stage.note(`tenant ${deed.tenant}: ${describe(deed)}`);
      await act(stage, billing, { deed, tenant });
      if (CHANGES.has(deed.kind) && deed.bellRings) billing.bell(tenant.pubkey);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      stage.note(`tenant ${deed.tenant}: refused, ${error.code}`);
    }
  };
}

/** After these the gateway rings. */
const CHANGES = new Set(['create', 'stop', 'start', 'change-plan', 'connect', 'disconnect']);

async function act(stage: Stage, billing: Reach, { deed, tenant }: Acting): Promise<void> {
  const { people, purse, stripe } = stage;
  switch (deed.kind) {
    case 'join':
      return;
    case 'create':
      await create(stage, billing, { deed, tenant });
      return;
    case 'stop':
    case 'start': {
      const relay = pick(tenant.relays, deed.pick);
      if (relay) await people[deed.kind](relay);
      return;
    }
    case 'change-plan': {
      const relay = pick(tenant.relays, deed.pick);
      if (relay) await people.changePlan(relay, deed.plan);
      return;
    }
    case 'connect': {
      const { name, box } = purse.connect(deed.tenant, { ...deed, pubkey: tenant.pubkey });
      tenant.wallet = name;
      await people.setWallet(tenant.pubkey, box);
      return;
    }
    case 'disconnect':
      tenant.wallet = null;
      await people.setWallet(tenant.pubkey, null);
      return;
    case 'refill':
      if (tenant.wallet) purse.refill(tenant.wallet, deed.cents);
      return;
    case 'save-card':
      saveCard(stage, billing, { ...deed, tenantPubkey: tenant.pubkey });
      return;
    case 'refund':
      refund(billing, { ...deed, tenantPubkey: tenant.pubkey });
      return;
    case 'remove-card':
      stripe.remove(customerOf(tenant.pubkey));
      return;
    default:
      await lookOrPay(stage, billing, { deed, tenant });
  }
}

async function create(stage: Stage, billing: Reach, { deed, tenant }: Acting<'create'>): Promise<void> {
  if (tenant.relays.length >= MAX_RELAYS) return;
  const relay = await stage.people.create(tenant.pubkey, deed.plan);
  tenant.relays.push(relay);
  if (deed.upAfterS === null) return;
  stage.later(deed.upAfterS, async () => {
    await stage.people.comeUp(relay);
    if (deed.bellRings) billing.bell(tenant.pubkey);
  });
}

async function lookOrPay(
  stage: Stage,
  billing: Reach,
  { deed, tenant: { pubkey } }: Acting<'look' | 'pay' | 'pay-old' | 'checkout'>,
): Promise<void> {
  if (deed.kind === 'look') {
    billing.ask({ name: 'tenant-reconcile', request: { tenantPubkey: pubkey } });
    return;
  }
  if (deed.kind === 'pay-old') {
    payByHand(stage, pick(await stage.eyes.seen(pubkey), deed.pick), deed.tenant);
    return;
  }
  const invoiceId = pick(await stage.eyes.openInvoices(pubkey), deed.pick);
  if (!invoiceId) return;
  const open = deed.kind === 'pay' ? openDialog : openCheckout;
  open(stage, billing, { ...deed, invoiceId, who: deed.tenant });
}

const MAX_RELAYS = 6;
const pick = <One>(list: readonly One[], index: number): One | undefined => list[index % (list.length || 1)];

/** The bolt11 is there when billing answers; it is paid some time later, by a client that may ask whether it was seen. */
function openDialog(stage: Stage, billing: Reach, dialog: Dialog): void {
  const { invoiceId, afterS, looks, who } = dialog;
  billing.ask({ name: 'invoice-bolt11', request: { invoiceId } }, async (answer) => {
    if (afterS === null || !answered.safeParse(answer).success) return;
    const shown = await stage.eyes.shown(invoiceId);
    stage.later(afterS, () => {
      if (shown !== null) payByHand(stage, shown, who);
      if (looks) billing.ask({ name: 'invoice-reconcile', request: { invoiceId } });
    });
  });
}

/** At Stripe's portal, then back at the client, which looks. */
function saveCard(
  stage: Stage,
  billing: Reach,
  { tenantPubkey, temper }: { tenantPubkey: Pubkey; temper: Temper },
): void {
  billing.ask({ name: 'portal-session', request: { tenantPubkey, returnUrl: RETURN_URL } }, (answer) => {
    if (page.safeParse(answer).success) {
      stage.stripe.save(customerOf(tenantPubkey), temper);
      billing.ask({ name: 'tenant-reconcile', request: { tenantPubkey } });
    }
    return Promise.resolve();
  });
}

/** A credit note, and the same back to the cards: whichever of them gets lost, the other says what it finds. */
function refund(
  billing: Reach,
  { id, tenantPubkey, cents, again }: { id: string; tenantPubkey: Pubkey; cents: number; again: boolean },
): void {
  const command = { tenantPubkey, actor: tenantPubkey, reason: 'simulated' };
  const request = { ...command, commandId: `refund:${id}`, amountCents: cents };
  billing.ask(
    { name: 'tenant-adjust', request: { ...request, commandId: `credit:${id}`, amountCents: -cents } },
    () => {
      for (let sent = 0; sent < (again ? 2 : 1); sent += 1) billing.ask({ name: 'tenant-refund', request });
      return Promise.resolve();
    },
  );
}

function openCheckout(stage: Stage, billing: Reach, { invoiceId, afterS, looks, who }: Dialog): void {
  billing.ask({ name: 'checkout-session', request: { invoiceId, returnUrl: RETURN_URL } }, (answer) => {
    const opened = page.safeParse(answer);
    if (opened.success && afterS !== null) {
      stage.later(afterS, () => {
        stage.note(`tenant ${who}: ${stage.stripe.pages.pay(opened.data.url) ? 'paid' : 'could not pay'} at Checkout`);
        if (looks) billing.ask({ name: 'invoice-reconcile', request: { invoiceId } });
      });
    }
    return Promise.resolve();
  });
}

const RETURN_URL = 'https://app.example.com/';
const page = z.object({ url: z.string() });

function payByHand({ world, note }: Stage, bolt11: string | undefined, who: number): void {
  if (bolt11 === undefined) return;
  try {
    world.settle(bolt11);
    note(`tenant ${who}: paid by hand`);
  } catch {
    note(`tenant ${who}: could not pay by hand`);
  }
}

const answered = z.object({ offerId: z.string() });

function describe(deed: TenantsDeed): string {
  const left = Object.entries(deed).filter(([key]) => !['id', 'atS', 'tenant', 'kind', 'bellRings'].includes(key));
  const details = left.map(([key, value]) => `${key} ${String(value)}`).join(', ');
  return `${deed.kind} ${details}${deed.bellRings ? '' : ' (its bell is lost)'} [${deed.id}]`;
}

type TenantsDeed = Deed & { tenant: number };

interface Acting<Kind extends TenantsDeed['kind'] = TenantsDeed['kind']> {
  deed: TenantsDeed & { kind: Kind };
  tenant: Tenant;
}

interface Dialog {
  who: number;
  invoiceId: Id;
  afterS: number | null;
  looks: boolean;
}

interface Tenant {
  pubkey: Pubkey;
  relays: Id[];
  wallet: string | null;
}

/** How the gateway reaches billing: both may be lost. */
export interface Reach {
  bell: (tenantPubkey: Pubkey) => void;
  ask: (call: Call, then?: (answer: unknown) => Promise<void>) => void;
}
