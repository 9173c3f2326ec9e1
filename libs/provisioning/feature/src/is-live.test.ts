import { aRelay } from './a-relay.test-data.js';
import { isLive } from './is-live.js';
import type { RelayInfo } from './ports.js';

const signal = new AbortController().signal;
const relay = aRelay();
const shown = { name: 'Team', icon: relay.info_icon, description: 'Where we talk', pubkey: relay.tenantPubkey };

/** A relay that shows these one after the other, and the last for ever. */
function showing(...infos: (RelayInfo | null | Error)[]) {
  const left = [...infos];
  return {
    relayInfo: () => {
      const next = (left.length > 1 ? left.shift() : left[0]) ?? null;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  };
}
const look = (zooid: ReturnType<typeof showing>, changes = {}) =>
  isLive({ zooid, patienceMs: 200 }, aRelay(changes), signal);

it('is live once everything NIP-11 can show is as configured, errors and old states before that notwithstanding', async () => {
  expect(await look(showing(new Error('reset'), null, { ...shown, name: 'Old' }, shown))).toBe(true);
});

it.each(['name', 'icon', 'description', 'pubkey'] as const)('is not live while it shows another %s', async (field) => {
  expect(await look(showing({ ...shown, [field]: 'other' }))).toBe(false);
});

it('an inactive or delinquent relay is live as nothing at all', async () => {
  expect(await look(showing(shown, null), { status: 'inactive' })).toBe(true);
  expect(await look(showing(shown), { status: 'delinquent' })).toBe(false);
});

it('an error is not the 404 of an inactive relay', async () => {
  expect(await look(showing(new Error('refused')), { status: 'inactive' })).toBe(false);
});

it('ends when told to stop', async () => {
  const zooid = showing(null);
  expect(await isLive({ zooid, patienceMs: 60_000 }, relay, AbortSignal.abort())).toBe(false);
});
