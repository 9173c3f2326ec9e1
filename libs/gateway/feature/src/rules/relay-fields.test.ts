import { PLANS } from '../testing/builders.js';
import { newRelaySettings } from './new-relay-settings.js';
import { createRelayBody, updateRelayBody } from './relay-fields.js';

const required = { subdomain: 'garden', plan_id: 'basic' };
const refusedFields = (body: unknown) =>
  createRelayBody.safeParse(body).error?.issues.map(({ path }) => path.join('.')) ?? [];

it('flags come as 0 and 1 or as booleans, unknown fields are ignored', () => {
  expect(createRelayBody.parse({ ...required, push_enabled: 0, groups_enabled: true, synced: 'what' })).toEqual({
    ...required,
    push_enabled: false,
    groups_enabled: true,
  });
});

it.each<[string, Record<string, unknown>]>([
  ['subdomain', { subdomain: 5 }],
  ['subdomain', { subdomain: undefined }],
  ['plan_id', { plan_id: null }],
  ['push_enabled', { push_enabled: 2 }],
  ['push_enabled', { push_enabled: '1' }],
  ['info_name', { info_name: null }],
  ['info_name', { info_name: 'a\0b' }],
  ['info_name', { info_name: 'x'.repeat(201) }],
  ['info_icon', { info_icon: 'javascript:alert(1)' }],
  ['info_icon', { info_icon: 'data:text/html,x' }],
  ['info_icon', { info_icon: 'https://' }],
  ['tenant_pubkey', { tenant_pubkey: 'npub1' }],
  ['zooid_domain', { zooid_domain: [] }],
])('%s of another type or form is refused: %j', (name, field) => {
  expect(refusedFields({ ...required, ...field })).toEqual([name]);
});

it.each(['', 'http://a.example/i.png', 'https://a.example/i.png', 'data:image/png;base64,AA=='])(
  'an icon may be %j',
  (info_icon) => {
    expect(refusedFields({ ...required, info_icon })).toEqual([]);
  },
);

it('an update needs no field, and takes the same ones', () => {
  expect(updateRelayBody.parse({})).toEqual({});
  expect(updateRelayBody.parse({ blossom_enabled: 1 })).toEqual({ blossom_enabled: true });
});

describe('a new relay', () => {
  const relayDomains = ['relays.example', 'other.example'];
  const settings = (planId: string, changes = {}) => {
    const plan = PLANS.find(({ id }) => id === planId);
    if (!plan) throw new Error('no such plan');
    return newRelaySettings({ ...required, plan_id: planId, ...changes }, { plan, relayDomains });
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
