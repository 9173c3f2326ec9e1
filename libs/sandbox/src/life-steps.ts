import type { Client } from '@caravel/api-client';
import { cents, formatCents } from '@caravel/domain';
import type { Signer } from '@caravel/nostr';
import { connectWallet, firstInvoice, hostOf, newRelay, paid, provisioned } from './life-api.js';
import type { LifeInvoice, LifeRelay } from './life-api.js';
import { expectMessage, publishRelayLists } from './life-messages.js';
import type { Inbox } from './life-messages.js';
import type { LifeStep } from './life-step.js';

/** What the steps of one life share. `relay` and `invoice` are known once their steps have passed. */
export interface LifeContext {
  api: Client;
  signer: Signer;
  inbox: Inbox;
  nwcUrl: string;
  zooidUrl: string;
  patienceMs: number;
  found: { relay?: LifeRelay; invoice?: LifeInvoice };
}

/** The life, in order. */
export function lifeSteps(life: LifeContext): LifeStep[] {
  return [...accountSteps(life), ...relaySteps(life), ...moneySteps(life)];
}

function accountSteps({ api, signer, inbox, nwcUrl, patienceMs }: LifeContext): LifeStep[] {
  return [
    {
      title: 'sign in by NIP-98',
      run: async () => {
        const { pubkey } = await api.getIdentity();
        return `as ${pubkey.slice(0, 16)}…`;
      },
    },
    {
      title: 'create the tenant',
      run: async () => {
        await api.createTenant();
        await publishRelayLists(inbox);
        return 'account made, relay lists published';
      },
    },
    {
      title: 'connect a wallet',
      run: () => connectWallet(api, signer.pubkey, { nwcUrl, patienceMs }),
    },
  ];
}

function relaySteps(life: LifeContext): LifeStep[] {
  const { api, signer, found } = life;
  return [
    {
      title: 'create a paid relay',
      run: async () => {
        const relay = await api.createRelay({ body: newRelay(signer.pubkey) });
        found.relay = relay;
        return `${hostOf(relay)} on plan basic`;
      },
    },
    {
      title: 'relay provisioned',
      run: async () => {
        const relay = await provisioned(api, known(found.relay), life);
        found.relay = relay;
        return `${hostOf(relay)} answers NIP-11`;
      },
    },
  ];
}

function moneySteps({ api, signer, inbox, patienceMs, found }: LifeContext): LifeStep[] {
  return [
    {
      title: 'first invoice cut',
      run: async () => {
        await api.reconcileTenant({ pubkey: signer.pubkey });
        const invoice = await firstInvoice(api, signer.pubkey, patienceMs);
        found.invoice = invoice;
        return formatCents(cents(invoice.amount));
      },
    },
    {
      title: 'paid from the wallet (NWC)',
      run: async () => {
        const invoice = await paid(api, known(found.invoice), patienceMs);
        found.invoice = invoice;
        return `invoice ${invoice.id.slice(0, 8)}… paid by ${invoice.method ?? 'nobody'}`;
      },
    },
    {
      title: "robot's message received",
      run: async () => {
        const text = await expectMessage(inbox, { contains: known(found.invoice).id, timeoutMs: patienceMs });
        return `“${text.split('\n', 1)[0] ?? ''}”`;
      },
    },
  ];
}

/** What a step before this one found. Steps run in order, so a missing one is a defect. */
export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an earlier step has not passed');
  return value;
}
