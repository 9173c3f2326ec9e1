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
