import type { RelayStatus } from '@caravel/domain';
import { PLANS, relay } from '../testing/builders.js';
import { decideDeactivate, decideReactivate } from './decide-status.js';

const [free, basic] = PLANS;
const relays = { churned: false, count: 1, freeCount: 0 };

const reactivate = (status: RelayStatus, { churned = false, plan = basic, isAdmin = false } = {}) => {
  if (!plan) throw new Error('no such plan');
  return () => decideReactivate({ relay: relay({ status }), relays: { ...relays, churned }, plan }, { isAdmin });
};

it('a running and a delinquent relay can be stopped; stopping a stopped one changes nothing', () => {
  const stopped = { type: 'deactivate_relay', status: 'inactive' };
  expect(decideDeactivate(relay({ status: 'active' }))).toEqual(stopped);
  expect(decideDeactivate(relay({ status: 'delinquent' }))).toEqual(stopped);
  expect(decideDeactivate(relay({ status: 'inactive' }))).toBeNull();
});

it('a stopped relay can be started; starting a running one changes nothing', () => {
  expect(reactivate('inactive')()).toEqual({ type: 'activate_relay', status: 'active' });
  expect(reactivate('active')()).toBeNull();
});

it('a delinquent relay is not started by hand, not even by an admin, and the text says what to do', () => {
  const refused = expect.objectContaining({ code: 'relay-delinquent', message: expect.stringContaining('pay') });
  expect(reactivate('delinquent')).toThrow(refused);
  expect(reactivate('delinquent', { isAdmin: true })).toThrow(refused);
});

it('while the account is past due, a paid relay is started by an admin only, a free one by anybody', () => {
  const churned = true;
  expect(reactivate('inactive', { churned })).toThrow(expect.objectContaining({ code: 'account-past-due' }));
  expect(reactivate('inactive', { churned, isAdmin: true })()).not.toBeNull();
  expect(reactivate('inactive', { churned, ...(free && { plan: free }) })()).not.toBeNull();
});
