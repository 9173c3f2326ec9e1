import { metric } from '../metric.js';
import type { Gateways } from './gateway.js';
import { addedUs, medianCost, race } from './rounds.js';
import { seedTenants } from './seed.js';
import { client } from './signed.js';

/** What authentication adds to routes that read the database: each against itself in a gateway that believes everybody. */
export async function otherRoutes(gateways: Gateways, { rounds, requests }: Size): Promise<void> {
  const caller = client();
  const seed = { count: 1_000, keys: [caller.pubkey] };
  const DATABASE_URL = await gateways.seeded('routes', (database) => seedTenants(database, seed));
  const env = { DATABASE_URL, SERVER_ADMIN_PUBKEYS: caller.pubkey, BENCH_CALLER: caller.pubkey };
  const sides = {
    signed: await gateways.start('gateway', env),
    open: await gateways.startOpen('gateway without authentication', env),
  };
  try {
    const relays = await fetch(`http://127.0.0.1:${sides.signed.port}/relays?limit=1`, { headers: caller.headers });
    const { data } = (await relays.json()) as { data: { id: string }[] };
    const paths = {
      tenant: `/tenants/${caller.pubkey}`,
      tenant_relays: `/tenants/${caller.pubkey}/relays`,
      tenant_invoices: `/tenants/${caller.pubkey}/invoices`,
      relay: `/relays/${data[0]?.id ?? ''}`,
      activity: `/relays/${data[0]?.id ?? ''}/activity`,
      tenants: '/tenants?limit=20',
    };
    process.stdout.write('\nWith a repeated header                      CPU µs  without authentication  added\n');
    for (const [name, path] of Object.entries(paths)) {
      const same = Array<Buffer>(requests / 10).fill(caller.get(path));
      const { signed, open } = await race({ sides, rounds, requests: () => same });
      const added = addedUs(signed, open, 'cpuUs');
      const [one, other] = [signed, open].map((costs) => medianCost(costs).cpuUs.toFixed(0));
      const shown = path.replace(/[0-9a-f-]{36,64}/, '…');
      process.stdout.write(
        `  GET ${shown.padEnd(36)}${one?.padStart(8) ?? ''}${other?.padStart(24) ?? ''}${added.toFixed(0).padStart(7)}\n`,
      );
      metric(`api.added.${name}`, added, { unit: 'µs of CPU a request over the same route without authentication' });
    }
  } finally {
    for (const side of Object.values(sides)) await side.stop();
  }
}

interface Size {
  rounds: number;
  requests: number;
}
