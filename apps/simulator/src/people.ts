import { createHash } from 'node:crypto';
import { AppError, fromUnixSeconds, pubkeySchema, unixSeconds, RELAY_DEFAULTS } from '@caravel/domain';
import type { Clock, Id, NewId, Pubkey, RelaySettings } from '@caravel/domain';
import { relayCommands, tenantStore } from '@caravel/platform-data-access';
import type { PrismaClient, RelayChange } from '@caravel/platform-data-access';

/** What tenants and the provisioner write, through the stores by which the gateway and the provisioner write it. */
export function people(client: PrismaClient, deps: { clock: Clock; newId: NewId; seed: number }) {
  const tenants = tenantStore(client, deps);
  const relays = relayCommands(client, deps);
  let made = 0;
  const change = (id: Id, decide: Parameters<typeof relays.change>[1]) =>
    relays.change({ id, actor: 'simulator' }, decide);

  return {
    join: async (tenant: number): Promise<Pubkey> => {
      const pubkey = pubkeySchema.parse(createHash('sha256').update(`${deps.seed}/${tenant}`).digest('hex'));
      await tenants.ensure({ pubkey });
      return pubkey;
    },
    create: async (tenantPubkey: Pubkey, plan: string): Promise<Id> => {
      made += 1;
      const settings = { ...SETTINGS, subdomain: `relay-${made}`, plan_id: plan };
      const refuse = ({ churned }: { churned: boolean }) => {
        refuseChurned(churned && plan !== 'free');
      };
      return (await relays.create({ tenantPubkey, actor: tenantPubkey, settings }, refuse)).id;
    },
    /** zooid serves the relay for the first time. */
    comeUp: async (relayId: Id): Promise<void> => {
      const first = { relayId, firstSyncedAt: fromUnixSeconds(unixSeconds(deps.clock.now())) };
      await client.relaySync.create({ data: first, select: { relayId: true } });
      await change(relayId, () => ({ type: 'complete_relay_sync' }));
    },
    stop: (id: Id) =>
      change(id, ({ status }): RelayChange | null =>
        status === 'inactive' ? null : { type: 'deactivate_relay', status: 'inactive' },
      ),
    start: (id: Id) =>
      change(id, ({ status, plan_id }, { churned }): RelayChange | null => {
        if (status === 'active') return null;
        refuseChurned(status === 'delinquent' || (churned && plan_id !== 'free'));
        return { type: 'activate_relay', status: 'active' };
      }),
    changePlan: (id: Id, plan: string) =>
      change(id, ({ status, plan_id }, { churned }): RelayChange | null => {
        if (plan_id === plan) return null;
        refuseChurned((churned || status === 'delinquent') && plan !== 'free');
        const freed = status === 'delinquent' && { status: 'active' as const };
        return { type: 'update_relay', settings: { plan_id: plan }, ...freed };
      }),
    setWallet: (pubkey: Pubkey, wallet: { sealedUrl: string; sealPubkey: Pubkey } | null) =>
      tenants.update(pubkey, pubkey, { wallet }),
    /** The robot sends what is due. */
    readMessages: async (): Promise<void> => {
      const now = deps.clock.now();
      await client.$executeRaw`
        UPDATE message SET sent_at = ${now}, next_try_at = NULL
        WHERE sent_at IS NULL AND undeliverable_at IS NULL AND cancelled_at IS NULL AND next_try_at <= ${now}`;
    },
  };
}

function refuseChurned(refused: boolean): void {
  if (refused) throw new AppError('account-past-due', 'Please pay the open invoices first.');
}

const SETTINGS: RelaySettings = {
  ...RELAY_DEFAULTS,
  subdomain: '',
  zooid_domain: 'relays.example.com',
  plan_id: '',
  info_name: 'A relay',
};
