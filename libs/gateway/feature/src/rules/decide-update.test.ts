import type { RelayEdit } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { PLANS, relay } from '../testing/builders.js';
import { decideUpdate } from './decide-update.js';

const rules = {
  plans: PLANS,
  relayDomains: ['relays.example', 'other.example'],
  reservedSubdomains: ['api'],
  ownHosts: ['relays.example'],
  maxRelaysPerTenant: 20,
  maxFreeRelaysPerTenant: 3,
  isAdmin: false,
};
const noRelays = { churned: false, count: 1, freeCount: 0 };
const FREE = { plan_id: 'free', blossom_enabled: false, livekit_enabled: false };

const decide = (before: Partial<Relay>, edit: RelayEdit, { relays = noRelays, ...changes }: Changes = {}) =>
  decideUpdate({ relay: relay(before), relays, edit }, { ...rules, ...changes });
type Changes = Partial<typeof rules> & { relays?: typeof noRelays };

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
};

describe('an edit', () => {
  it('changes the fields that differ and no other', () => {
    expect(decide({}, { info_name: 'New', info_icon: '', push_enabled: true })).toEqual({
      type: 'update_relay',
      settings: { info_name: 'New' },
    });
  });

  it.each<[string, Partial<Relay>, RelayEdit]>([
    ['nothing', {}, {}],
    ['everything as it is', {}, { subdomain: 'garden', plan_id: 'basic', blossom_enabled: true, custom_domain: '' }],
    ['a hidden plan it is on already', { plan_id: 'old' }, { plan_id: 'old' }],
    ['a subdomain that became reserved', { subdomain: 'api' }, { subdomain: 'api' }],
    ['a domain that is not ours', {}, { zooid_domain: 'evil.example' }],
    ['its own domain that is listed no more', { zooid_domain: 'gone.example' }, { zooid_domain: 'gone.example' }],
  ])('that sends %s changes nothing', (_what, before, edit) => {
    expect(decide(before, edit)).toBeNull();
  });

  it('takes a domain of its own as DNS has it, and off again', () => {
    const custom_domain = 'chat.example.com';
    expect(decide({}, { custom_domain: ' Chat.Example.COM.' })?.settings).toEqual({ custom_domain });
    expect(decide({ custom_domain }, { custom_domain: 'CHAT.example.com' })).toBeNull();
    expect(decide({ custom_domain }, { custom_domain: '' })?.settings).toEqual({ custom_domain: '' });
  });

  it('moves a relay to another of our domains', () => {
    expect(decide({}, { zooid_domain: 'other.example' })?.settings).toEqual({ zooid_domain: 'other.example' });
  });

  it.each<[string, { before?: Partial<Relay>; edit: RelayEdit }, string]>([
    ['a bad subdomain', { edit: { subdomain: '-x' } }, 'subdomain-invalid'],
    ['a reserved subdomain', { edit: { subdomain: 'api' } }, 'subdomain-reserved'],
    ['an unknown plan', { edit: { plan_id: 'gold' } }, 'plan-unknown'],
    ['a hidden plan', { edit: { plan_id: 'old' } }, 'plan-hidden'],
    ['blossom on a plan without it', { before: FREE, edit: { blossom_enabled: true } }, 'feature-not-in-plan'],
    ['livekit on a plan without it', { before: FREE, edit: { livekit_enabled: true } }, 'feature-not-in-plan'],
    ['one of our names as its domain', { edit: { custom_domain: 'x.relays.example' } }, 'invalid-request'],
  ])('with %s is refused', (_what, { before = {}, edit }, code) => {
    expect(codeOf(() => decide(before, edit))).toBe(code);
  });
});

describe('a downgrade to free', () => {
  it('switches off what the plan does not include', () => {
    expect(decide({}, { plan_id: 'free' })?.settings).toEqual(FREE);
  });

  it('does so also when the client sends the flags along as they were', () => {
    expect(decide({}, { plan_id: 'free', blossom_enabled: true, livekit_enabled: true })?.settings).toEqual(FREE);
  });

  it('is refused when a feature is switched on with it', () => {
    const edit = { plan_id: 'free', blossom_enabled: true };
    expect(codeOf(() => decide({ blossom_enabled: false }, edit))).toBe('feature-not-in-plan');
  });

  it('makes a delinquent relay run again', () => {
    expect(decide({ status: 'delinquent' }, { plan_id: 'free' })).toMatchObject({ status: 'active' });
    expect(decide({ status: 'inactive' }, { plan_id: 'free' })?.status).toBeUndefined();
  });

  it('does not go around the cap of free relays', () => {
    const relays = { ...noRelays, freeCount: 3 };
    expect(codeOf(() => decide({}, { plan_id: 'free' }, { relays }))).toBe('relay-limit');
    expect(codeOf(() => decide(FREE, { info_name: 'still editable' }, { relays }))).toBe('accepted');
  });
});

describe('while the account is past due', () => {
  const relays = { ...noRelays, churned: true };

  it.each<[string, Partial<Relay>, string]>([
    ['a free relay', FREE, 'basic'],
    ['a free relay that does not run', { ...FREE, status: 'inactive' }, 'basic'],
    ['a delinquent relay', { status: 'delinquent' }, 'growth'],
    ['a stopped relay', { status: 'inactive' }, 'growth'],
    ['a relay that an admin let run', { status: 'active' }, 'growth'],
  ])('%s is moved to a plan that costs more by an admin only', (_what, before, plan_id) => {
    expect(codeOf(() => decide(before, { plan_id }, { relays }))).toBe('account-past-due');
    expect(codeOf(() => decide(before, { plan_id }, { relays, isAdmin: true }))).toBe('accepted');
    expect(codeOf(() => decide(before, { plan_id }))).toBe('accepted');
  });

  it('a delinquent relay stays so on another paid plan, and runs on the free one', () => {
    const growth = { status: 'delinquent', plan_id: 'growth' } as const;
    expect(decide(growth, { plan_id: 'basic' }, { relays })?.status).toBeUndefined();
    expect(decide(growth, { plan_id: 'free' }, { relays })?.status).toBe('active');
    expect(decide({ status: 'delinquent' }, { plan_id: 'growth' }, { relays, isAdmin: true })?.status).toBeUndefined();
  });

  it('what is not about money can be edited', () => {
    expect(codeOf(() => decide({ status: 'delinquent' }, { info_name: 'x' }, { relays }))).toBe('accepted');
    expect(codeOf(() => decide(FREE, { info_name: 'x' }, { relays }))).toBe('accepted');
  });
});
