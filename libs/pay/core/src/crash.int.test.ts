import { openSpend } from '@caravel/pay-limits';
import { stringifyJson } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { coreWorld } from './testing/core-world.js';
import type { CoreProcess, CoreWorld } from './testing/core-world.js';
import { faultPoints } from './testing/fault-points.js';
import { receiptRecord, testNetwork } from './testing/test-network.js';
import { hurry } from './testing/wipe.js';

/** `PAY_CRASH_ALL=1`: every place of every Input on either store; otherwise every second place on SQLite and every eighth on PostgreSQL. */
const IS_ALL = process.env.PAY_CRASH_ALL === '1';
const TABLES = [
  ...['pay_wallets', 'pay_requests', 'pay_receives', 'pay_transactions', 'pay_removed_limits', 'spend_rules'],
] as const;

const amount = { value: 5, token: 'sats' };
const LIMIT = { network: 'ln', window_s: 60, max_spend: 7 };
/** What changes something and pays nothing, about the wallets and the rule of `prepare`. */
const CHANGES: readonly { code: string }[] = [
  { code: 'wallet_create', ...{ network: 'btc', label: 'new' } },
  { code: 'ln_wallet_create', ...{ backend: 'phoenixd' } },
  { code: 'wallet_close', ...{ wallet: 'cold' } },
  { code: 'wallet_config_set', ...{ wallet: 'till', label: 'shop' } },
  { code: 'wallet_config_token_add', ...{ wallet: 'gas', symbol: 'abc', address: `0x${'1'.repeat(40)}`, decimals: 2 } },
  { code: 'wallet_config_token_remove', ...{ wallet: 'gas', symbol: 'abc' } },
  { code: 'receive', ...{ wallet: 'till', amount } },
  { code: 'receive_claim', ...{ wallet: 'till', quote_id: 'paid' } },
  { code: 'cashu_receive', ...{ token: 'cashuBxxx' } },
  { code: 'history_update', ...{ network: 'ln' } },
  { code: 'limit_add', ...{ limit: LIMIT } },
  { code: 'limit_remove', ...{ rule_id: 'r_known000' } },
  { code: 'limit_set', ...{ limits: [LIMIT, LIMIT] } },
];

describe.each(STORES)('a process on $name that dies while it changes something', ({ name, open }) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await open();
    await hurry(store.db);
  });
  afterAll(() => store.drop());

  it.each(CHANGES)('leaves $code to be asked for again, with the one answer and the one effect', async (change) => {
    const step = IS_ALL ? 1 : ({ SQLite: 2, PostgreSQL: 8 }[name] ?? 1);
    const input = { id: 'change', ...change };
    const whole = await prepare(store);
    const answer = told(await whole.node.last(input));
    const wanted = await state(store);
    await whole.node.stop();
    let at = 1;
    for (let isDead = true; isDead; at += step) {
      const { world, node } = await prepare(store);
      const faults = faultPoints(at);
      const dying = await world.start({ spend: openSpend(faults.db(store.db)) }, () => faults.db(store.db));
      await dying.ask(input);
      isDead = faults.isDead;
      await dying.stop();
      world.clock.advance(61);
      expect([at, told(await node.last(input))]).toEqual([at, answer]);
      expect([at, await state(store)]).toEqual([at, wanted]);
      await node.stop();
    }
    expect(at).toBeGreaterThan(5);
  });
});

/** A store with a wallet on each network, a rule, and a receipt that is not known here yet. */
async function prepare(store: TestStore): Promise<{ world: CoreWorld; node: CoreProcess }> {
  for (const table of TABLES) await store.db.query(`DELETE FROM ${table}`);
  const [ln, btc, evm, cashu] = [testNetwork('ln'), testNetwork('btc'), testNetwork('evm'), testNetwork('cashu')];
  const world = coreWorld(store, { ln, btc, evm, cashu });
  const node = await world.start({}, () => store.db);
  await node.last({ code: 'ln_wallet_create', id: 'a', backend: 'phoenixd', label: 'till' });
  await node.last({ code: 'wallet_create', id: 'b', network: 'btc', label: 'cold' });
  await node.last({ code: 'wallet_create', id: 'c', network: 'evm', label: 'gas' });
  await node.last({ code: 'wallet_create', id: 'd', network: 'cashu', mint_url: 'https://mint.example' });
  const said = stringifyJson({ scope: 'network', network: 'btc', window_s: 60, max_spend: 5n });
  await store.db.query(
    `INSERT INTO spend_rules VALUES ('r_known000', 'network/btc/sats', 60000, 5, $1, 'command', 0)`,
    [said],
  );
  const createdAtMs = world.clock.now().getTime();
  ln.records.push(receiptRecord({ transactionId: 'paid', amount: { value: 9n, token: 'sats' }, createdAtMs }));
  return { world, node };
}

/** Without what differs by chance or by time, what only one of two runs can count, and that it was said before. */
function told(output: Output): string {
  const text = stringifyJson({ ...output, trace: undefined, replayed: undefined });
  return text
    .replaceAll(/w_[0-9a-f]{8}/g, 'w_')
    .replaceAll(/quote-\d/g, 'quote')
    .replaceAll(/"records_added":\d/g, '');
}

async function state({ db }: TestStore): Promise<string> {
  const rows = await Promise.all([
    db.query(`SELECT network, label, closed_at_ms IS NULL AS is_open FROM pay_wallets ORDER BY made_by_id`),
    db.query(`SELECT request_id, state FROM pay_receives`),
    db.query(`SELECT transaction_id, direction, amount, status FROM pay_transactions ORDER BY transaction_id`),
    db.query(`SELECT rule_id, bucket, max_spend FROM spend_rules ORDER BY rule_id`),
  ]);
  return JSON.stringify(rows);
}
