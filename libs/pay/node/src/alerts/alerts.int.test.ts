import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { manualClock } from '@caravel/domain';
import { openSpend } from '@caravel/pay-limits';
import { createLogger } from '@caravel/service';
import { STORES } from '../testing/open-stores.js';
import { limitAlerts } from './limit-alerts.js';
import { webhookDeliveries } from './webhook-deliveries.js';
import { announcer } from './webhook-events.js';
import { webhookHeaders } from './webhook-signature.js';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const log = createLogger({ service: 'test', level: 'silent' });
const rule = {
  ruleId: 'r_1',
  bucket: 'network/ln/sats',
  windowMs: 3_600_000,
  max: 1000n,
  said: '{}',
  origin: 'config' as const,
};

describe.each(STORES)('on $name', ({ open }) => {
  let store: Awaited<ReturnType<typeof open>>;
  const clock = manualClock(1_800_000_000);
  const nowMs = () => clock.now().getTime();
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.drop());

  function world() {
    const { db } = store;
    const spend = openSpend(db);
    const webhooks = [{ name: 'ops', url: 'http://ops.example', secret: SECRET }];
    const announce = announcer({ webhooks, nowMs });
    const look = limitAlerts({ db, spend, announce, nowMs, log });
    let payments = 0;
    const pay = async (sats: bigint): Promise<void> => {
      const opId = `op${(payments += 1)}`;
      const debits = new Map([['network/ln/sats', sats]]);
      await spend.reserve({ opId, requestHash: opId, debits, nowMs: nowMs() });
      await spend.settle({ opId, outcome: 'sent', debits, nowMs: nowMs() });
    };
    const told = async (): Promise<number[]> => {
      const rows = await db.query('SELECT body FROM webhook_deliveries ORDER BY created_at_ms, body');
      return rows.map(({ body }) => (JSON.parse(String(body)) as { data: { percent: number } }).data.percent);
    };
    return { db, spend, webhooks, announce, look, pay, told };
  }

  it('a limit is told of at 50, 80 and 100 percent, once for each crossing, and again when it was 5 below', async () => {
    const { spend, look, pay, told } = world();
    await spend.addRule(rule, nowMs());
    await pay(499n);
    await look();
    expect(await told()).toEqual([]);
    await pay(1n);
    await Promise.all([look(), look(), look()]);
    expect(await told()).toEqual([50]);
    clock.advance(1000);
    await pay(500n);
    await look();
    await look();
    expect(await told()).toEqual([50, 100, 80]);
    clock.advance(2600); // the first 500 left the window; 500 are still 50 percent
    await look();
    expect(await told()).toEqual([50, 100, 80]);
    await pay(300n);
    await look();
    expect(await told()).toEqual([50, 100, 80, 80]);
    clock.advance(3600); // everything left
    await look();
    clock.advance(1);
    await pay(500n);
    await look();
    expect(await told()).toEqual([50, 100, 80, 80, 50]);
  });

  it('a webhook is tried 8 times within a day, each signed with its time, and then no more', async () => {
    const { db, webhooks, announce } = world();
    await db.transaction((tx) => announce(tx, { type: 'limit.reached', data: { rule_id: 'r_1' } }));
    const began = nowMs();
    const posts: { headers: Record<string, string>; body: string }[] = [];
    const post = (sent: (typeof posts)[number]) => {
      posts.push(sent);
      return Promise.resolve(false);
    };
    const round = webhookDeliveries({ db, webhooks, nowMs, log, post });
    const { signal } = new AbortController();
    for (let minute = 0; minute < 48 * 60; minute += 1) {
      if (minute % 5 === 0 || minute < 10) await Promise.all([round(signal), round(signal)]);
      clock.advance(60);
    }
    expect(posts).toHaveLength(8);
    const times = posts.map(({ headers }) => Number(headers['webhook-timestamp']) * 1000);
    expect(Math.max(...times) - began).toBeLessThanOrEqual(24 * 3_600_000);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(posts.map(({ headers }) => headers['webhook-signature'])).size).toBe(8);
  });

  it('a webhook that heard is not told again, and one that is gone from config.toml is forgotten', async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const id = String(request.headers['webhook-id']);
        const atS = Number(request.headers['webhook-timestamp']);
        const expected = webhookHeaders(SECRET, { id, atS, body })['webhook-signature'];
        heard.push(request.headers['webhook-signature'] === expected ? 'signed' : 'forged');
        response.writeHead(heard.length === 1 ? 302 : 204, { location: 'http://127.0.0.1:1/' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { db, announce } = world();
    const webhooks = [{ name: 'ops', url: `http://127.0.0.1:${port}/hook`, secret: SECRET }];
    await db.transaction((tx) => announce(tx, { type: 'limit.reached', data: { rule_id: 'r_1' } }));
    const round = webhookDeliveries({ db, webhooks, nowMs, log });
    const { signal } = new AbortController();
    await round(signal); // a redirect is no answer
    clock.advance(5);
    await round(signal);
    clock.advance(86_400);
    await round(signal);
    expect(heard).toEqual(['signed', 'signed']);
    await db.transaction((tx) => announce(tx, { type: 'limit.reached', data: { rule_id: 'r_2' } }));
    await webhookDeliveries({ db, webhooks: [], nowMs, log })(signal);
    expect(await db.query('SELECT 1 FROM webhook_deliveries WHERE next_at_ms IS NOT NULL')).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the signature of a webhook', () => {
  it('is that of the example in the specification of Standard Webhooks', () => {
    // https://github.com/standard-webhooks/standard-webhooks, libraries' shared test vector.
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', atS: 1614265330, body: '{"test": 2432232314}' };
    expect(webhookHeaders(secret, message)['webhook-signature']).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });
});
