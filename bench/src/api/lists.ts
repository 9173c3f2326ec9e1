import { metric } from '../metric.js';
import type { Gateways } from './gateway.js';
import { medianCost, race, timesCheaper } from './rounds.js';
import type { Cost } from './rounds.js';
import { seedTenants } from './seed.js';
import type { Side } from './side.js';
import { client } from './signed.js';
import type { BenchClient } from './signed.js';

const OWNERS = 50;
const PAGE = 50;
const PAGES_BELOW = 5;

/** Lists from databases of several sizes, asked in turns: what they cost must not depend on how many tenants there are. */
export async function lists(gateways: Gateways, { rounds, requests, tenants }: Size): Promise<void> {
  const owners = Array.from({ length: OWNERS }, client);
  const admin = client();
  const keys = owners.map(({ pubkey }) => pubkey);
  const sides: Record<string, Side> = {};
  try {
    for (const count of tenants) {
      const DATABASE_URL = await gateways.seeded(`t${count}`, (database) => seedTenants(database, { count, keys }));
      sides[count] = await gateways.start(`${count} tenants`, { DATABASE_URL, SERVER_ADMIN_PUBKEYS: admin.pubkey });
    }
    const deep = await deepPage(sides[tenants[0] ?? 0], admin);
    const each = {
      tenant_relays: owners.map((owner) => owner.get(`/tenants/${owner.pubkey}/relays`)),
      first_page: [admin.get(`/tenants?limit=${PAGE}`)],
      deep_page: [admin.get(deep)],
    };
    for (const [name, distinct] of Object.entries(each)) {
      const sent = Array.from({ length: requests / 10 }, (_, i) => distinct[i % distinct.length] ?? Buffer.alloc(0));
      show(name, await race({ sides, rounds, requests: () => sent, connections: 2 }));
    }
  } finally {
    for (const side of Object.values(sides)) await side.stop();
  }
}

/** The same position everywhere, among the oldest: below it is half of the smallest database, before it all of the others. */
async function deepPage(side: Side | undefined, admin: BenchClient): Promise<string> {
  let path = '/tenants?limit=100';
  for (let page = 0; page < PAGES_BELOW; page++) {
    const answer = await fetch(`http://127.0.0.1:${side?.port ?? 0}${path}`, { headers: admin.headers });
    path = /<(.+)>/.exec(answer.headers.get('link') ?? '')?.[1] ?? '';
    await answer.arrayBuffer();
  }
  return path.replace('limit=100', `limit=${PAGE}`);
}

const TITLES: Record<string, string> = {
  tenant_relays: 'GET /tenants/:pubkey/relays',
  first_page: `GET /tenants?limit=${PAGE}, an admin's first page`,
  deep_page: `GET /tenants?limit=${PAGE}&cursor=…, far down`,
};

function show(name: string, costs: Record<string, Cost[]>): void {
  process.stdout.write(`\n${(TITLES[name] ?? name).padEnd(44)} p50 µs   CPU µs\n`);
  const sizes = Object.entries(costs).map(([count, of]) => ({ count: Number(count), ...medianCost(of) }));
  for (const { count, p50Us, cpuUs } of sizes) {
    const numbers = `${p50Us.toFixed(0).padStart(8)}${cpuUs.toFixed(0).padStart(9)}`;
    process.stdout.write(`  ${`${count.toLocaleString('en')} tenants`.padEnd(42)}${numbers}\n`);
  }
  const [least, most] = [sizes[0], sizes.at(-1)];
  const [ofLeast, ofMost] = [Object.values(costs)[0], Object.values(costs).at(-1)];
  if (!least || !most || !ofLeast || !ofMost) return;
  const growth = timesCheaper(ofLeast, ofMost, 'p50Us');
  const unit = `× the p50, with ${most.count / least.count} times the tenants`;
  metric(`api.flat.${name}`, growth, { unit, target: { max: 1.25 } });
  metric(`api.slope.${name}`, Math.log(growth) / Math.log(most.count / least.count), {
    unit: 'slope (0 is flat, 1 linear)',
  });
}

interface Size {
  rounds: number;
  requests: number;
  tenants: readonly number[];
}
