import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { ledgerNode, lightningWorld, startPhoenixd } from '@caravel/stand-ins';
import type { PhoenixdStandIn } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { localParts } from './local/local-parts.js';
import { startCli } from './testing/run-cli.js';

let home: string;
let ann: PhoenixdStandIn;
let bob: PhoenixdStandIn;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'afpay-pays-'));
  const world = lightningWorld({ clock: systemClock });
  ann = await startPhoenixd({ node: ledgerNode({ world, name: 'ann', balanceMsats: 50_000_000n }) });
  bob = await startPhoenixd({ node: ledgerNode({ world, name: 'bob' }) });
  for (const [label, { url, password }] of [
    ['ann', ann],
    ['bob', bob],
  ] as const) {
    const flags = ['--endpoint', url, '--password-secret', password, '--label', label];
    expect(await say('ln', 'wallet', 'create', '--backend', 'phoenixd', ...flags)).toMatchObject({ exitCode: 0 });
  }
  await say('limit', 'add', 'network:ln:24h:10000sats');
});
afterAll(async () => {
  await ann.stop();
  await bob.stop();
  rmSync(home, { recursive: true, force: true });
});

const start = (...argv: string[]) => {
  const env = { HOME: home };
  return startCli(argv, { env, local: localParts({ env, clock: systemClock }) });
};
async function say(...argv: string[]) {
  const run = start(...argv);
  run.stdin.end();
  const exitCode = await run.done;
  const said = run.said();
  return { exitCode, said, lines: said.startsWith('{') ? run.lines() : [] };
}
const invoiceOf = async (sats: number) => {
  const { lines } = await say('ln', 'receive', '--wallet', 'bob', '--amount-sats', String(sats));
  return (lines[0]?.receive_info as { invoice: string }).invoice;
};

test('a quote costs nothing, a payment is made once however often it is asked for, and both books have it', async () => {
  const invoice = await invoiceOf(1500);
  expect((await say('quote', '--wallet', 'ann', '--to', invoice)).lines).toMatchObject([
    { code: 'send_quote', amount: { value: 1500, token: 'sats' } },
  ]);
  const sent = await say('ln', 'send', '--wallet', 'ann', '--to', invoice, '--id', 'rent', '--local-memo', 'rent');
  expect(sent).toMatchObject({ exitCode: 0, lines: [{ code: 'sent', id: 'rent', amount: { value: 1500 } }] });
  const again = await say('ln', 'send', '--wallet', 'ann', '--to', invoice, '--id', 'rent');
  expect(again).toMatchObject({ exitCode: 0, lines: [{ code: 'sent', replayed: true }] });
  expect((await say('balance', '--wallet', 'ann')).lines).toMatchObject([
    { wallets: [{ balance: { confirmed: 48_500, unit: 'sats' } }] },
  ]);
  expect((await say('history', 'list', '--wallet', 'ann')).lines).toMatchObject([
    { items: [{ direction: 'send', local_memo: { note: 'rent' } }] },
  ]);
  expect((await say('payment', 'status', '--request-id', 'rent')).lines).toMatchObject([{ state: 'sent' }]);
});

test('what would pass a limit is refused with 3, and nothing leaves', async () => {
  const before = ann.calls.list().length;
  const refused = await say('ln', 'send', '--wallet', 'ann', '--to', await invoiceOf(9_900), '--id', 'too much');
  expect(refused).toMatchObject({ exitCode: 3, lines: [{ code: 'limit_exceeded', max_spend: 10_000 }] });
  expect(
    ann.calls
      .list()
      .slice(before)
      .filter(({ subject }) => subject.includes('payinvoice')),
  ).toEqual([]);
});

test('an invoice is shown at once, and told of when it is paid', async () => {
  const waiting = start(
    'ln',
    'receive',
    '--wallet',
    'bob',
    '--amount-sats',
    '200',
    '--wait',
    '--wait-poll-interval-ms',
    '100',
  );
  const [info] = await eventually(() => (waiting.lines().length > 0 ? waiting.lines() : undefined));
  const { invoice } = info?.receive_info as { invoice: string };
  expect(await say('ln', 'send', '--wallet', 'ann', '--to', invoice)).toMatchObject({ exitCode: 0 });
  expect(await waiting.done).toBe(0);
  expect(waiting.lines().map(({ code }) => code)).toEqual(['receive_info', 'receive_claimed']);
});

test('a wallet’s credentials are shown by nothing', async () => {
  for (const words of [
    ['wallet', 'list'],
    ['ln', 'config', 'show', '--wallet', 'ann'],
    ['global', 'config', 'show'],
    ['doctor'],
  ]) {
    for (const format of ['json', 'yaml', 'plain']) {
      const { exitCode, said } = await say(...words, '--output', format);
      expect(exitCode).toBe(0);
      expect(said).not.toContain(ann.password);
    }
  }
});
