import { PLANS } from '../testing/builders.js';
import { newRelaySettings } from './new-relay-settings.js';

const required = { subdomain: 'garden', plan_id: 'basic' };

describe('a new relay', () => {
  const relayDomains = ['relays.example', 'other.example'];
  const settings = (planId: string, changes = {}) => {
    const plan = PLANS.find(({ id }) => id === planId);
    if (!plan) throw new Error('no such plan');
    return newRelaySettings({ ...required, plan_id: planId, ...changes }, { plan, relayDomains, ownHosts: [] });
  };

  it('has the defaults that the client shows', () => {
    expect(settings('basic')).toEqual({
      subdomain: 'garden',
      zooid_domain: 'relays.example',
      custom_domain: '',
      plan_id: 'basic',
      info_name: '',
      info_icon: '',
      info_description: '',
      policy_public_read: false,
      policy_public_write: false,
      policy_public_join: false,
      policy_strip_signatures: false,
      groups_enabled: true,
      management_enabled: true,
      members_can_invite: true,
      push_enabled: true,
      blossom_enabled: true,
      livekit_enabled: true,
    });
  });

  it('on the free plan starts without blossom and livekit', () => {
    expect(settings('free')).toMatchObject({ blossom_enabled: false, livekit_enabled: false });
  });

  it('lives on the first of our domains unless another of them is asked for', () => {
    expect(settings('basic', { zooid_domain: 'other.example' }).zooid_domain).toBe('other.example');
    expect(settings('basic', { zooid_domain: 'evil.example' }).zooid_domain).toBe('relays.example');
  });
});
