import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';

import { type StandIns, startStandIns } from './start-stand-ins.js';

const robot = secretSigner(generateSecret());
let dir: string;
let all: StandIns;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  all = await startStandIns({ dir, whitelist: [robot.pubkey] });
});
afterEach(async () => {
  await all.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function control(
  name: keyof StandIns['standIns'],
  topic: string,
  options: { method?: string; body?: unknown } = {},
) {
  const answer = await fetch(`${all.standIns[name].controlUrl}/${topic}`, {
    method: options.method ?? 'GET',
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

test('every part is up at its own address', () => {
  const urls = Object.values(all.standIns).map(({ url }) => url);
  expect(new Set(urls).size).toBe(6);
  expect(all.systemWalletUrl).toMatch(/^nostr\+walletconnect:\/\/[0-9a-f]{64}\?relay=ws%3A%2F%2F127/);
  expect(all.rateSources).toHaveLength(3);
});

test('zooid takes calls signed with our own NIP-98', async () => {
  const url = `${all.standIns.zooid.url}/relay/none/members`;
  const authorization = makeHttpAuth({ signer: robot, url, method: 'GET', nowS: Math.floor(Date.now() / 1000) });
  expect((await fetch(url, { headers: { authorization } })).status).toBe(404);
});

test('faults are set, listed, used up and cleared through the control API', async () => {
  const [price] = all.rateSources;
  const fault = { match: '*', mode: 'fail', status: 502, times: 1 };
  expect((await control('rates', 'faults', { method: 'PUT', body: fault })).status).toBe(200);
  expect((await control('rates', 'faults')).body).toEqual([fault]);
  expect((await fetch(price ?? '')).status).toBe(502);
  expect((await fetch(price ?? '')).status).toBe(200);
  await control('rates', 'faults', { method: 'PUT', body: [fault, fault] });
  await control('rates', 'faults', { method: 'PUT', body: [] });
  expect((await control('rates', 'faults')).body).toEqual([]);
  await control('rates', 'faults', { method: 'PUT', body: [fault] });
  await control('rates', 'faults', { method: 'DELETE' });
  expect((await fetch(price ?? '')).status).toBe(200);
});

test('calls are listed and forgotten', async () => {
  await fetch(`${all.standIns.stripe.url}/v1/customers/x`);
  expect((await control('stripe', 'calls')).body).toMatchObject([{ subject: 'GET /v1/customers/x', status: 401 }]);
  await control('stripe', 'calls', { method: 'DELETE' });
  expect((await control('stripe', 'calls')).body).toEqual([]);
});

test('the ledger shows balances and invoices, and an invoice can be paid by hand', async () => {
  const { bolt11 } = all.world.makeInvoice('system', { amountMsats: 5000n });
  const settled = await control('systemWallet', 'actions/settle', { method: 'POST', body: { invoice: bolt11 } });
  expect(settled.status).toBe(200);
  await control('tenantWallet', 'actions/set-balance', { method: 'POST', body: { msats: 7 } });
  expect((await control('tenantWallet', 'ledger')).body).toMatchObject({
    balances: { system: 5000, tenant: 7 },
    invoices: [{ bolt11, payer: null, amountMsats: 5000 }],
  });
});

test.each([
  ['an unknown topic', 'zooid', 'nonsense', {}, 404],
  ['a fault of an unknown mode', 'zooid', 'faults', { method: 'PUT', body: { match: '*', mode: 'explode' } }, 400],
  ['an unknown action', 'zooid', 'actions/dance', { method: 'POST', body: {} }, 400],
  ['a wrong argument', 'rates', 'actions/set-price', { method: 'POST', body: { cents: -1 } }, 400],
  ['an invoice nobody made', 'systemWallet', 'actions/settle', { method: 'POST', body: { invoice: 'x' } }, 400],
] as const)('refuses %s', async (...[, name, topic, options, status]) => {
  expect((await control(name, topic, options)).status).toBe(status);
});

test('wallets keep their URL over a restart on the same folder', async () => {
  const [port, before] = [new URL(all.standIns.relay.url).port, all.tenantWalletUrl];
  await all.stop();
  all = await startStandIns({ dir, whitelist: [], ports: { relay: Number(port) } });
  expect(all.tenantWalletUrl).toBe(before);
});

test('when one port is taken, nothing stays up', async () => {
  await all.stop();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const relayPort = Number(new URL(all.standIns.relay.url).port);
  await expect(startStandIns({ dir, whitelist: [], ports: { relay: relayPort, stripe: port } })).rejects.toThrow(
    'EADDRINUSE',
  );
  await expect(fetch(`http://127.0.0.1:${relayPort}`)).rejects.toThrow();
  await new Promise((resolve) => other.close(resolve));
});
