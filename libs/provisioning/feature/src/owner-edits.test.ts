import { aRelay, someSettings } from './a-relay.test-data.js';
import type { InfoField } from './info-fields.js';
import type { JsonObject } from './json.js';
import { ownerEdits } from './owner-edits.js';
import { toZooidConfig } from './zooid-config.js';

const relay = aRelay();
const known = toZooidConfig(relay, someSettings);
const shown = { name: 'Team', icon: relay.info_icon, description: 'Where we talk', pubkey: relay.tenantPubkey };
const seen = (changes: { pending?: InfoField[]; known?: JsonObject | null; relay?: typeof relay } = {}) => ({
  ...{ relay, known, pending: [] },
  ...changes,
});
const withInfo = (changes: JsonObject) => ({ ...known, info: { ...(known['info'] as JsonObject), ...changes } });

it('is nothing while zooid shows what it was told', () => {
  expect(ownerEdits(seen(), shown)).toBeNull();
});

it.each<[InfoField, string]>([
  ['name', 'Ours'],
  ['icon', ''],
  ['description', 'By hand'],
])('%s is adopted, and zooid is known to have it', (field, to) => {
  expect(ownerEdits(seen(), { ...shown, [field]: to })).toEqual({
    known: withInfo({ [field]: to }),
    adopted: [{ field, from: relay[`info_${field}`], to }],
  });
});

it('a field that the tenant has changed since is the tenant’s, and sent over the owner’s', () => {
  const renamed = aRelay({ info_name: 'Renamed' });
  const edits = ownerEdits(seen({ relay: renamed }), { ...shown, name: 'Ours', description: 'By hand' });
  expect(edits).toEqual({
    known: withInfo({ name: 'Ours', description: 'By hand' }),
    adopted: [{ field: 'description', from: 'Where we talk', to: 'By hand' }],
  });
});

it('an old value that a change has not replaced yet is no edit, nor is what nobody knows', () => {
  expect(ownerEdits(seen({ pending: ['name'] }), { ...shown, name: 'Old' })).toBeNull();
  expect(ownerEdits(seen({ known: withInfo({ name: null }) }), { ...shown, name: 'Old' })).toBeNull();
  expect(ownerEdits(seen({ known: null }), { ...shown, name: 'Old' })).toBeNull();
});

it('another relay at that address is not its owner’s edit', () => {
  expect(ownerEdits(seen(), { ...shown, name: 'Other', pubkey: 'cd'.repeat(32) })).toBeNull();
});

it.each<[InfoField, string]>([
  ['name', 'x'.repeat(201)],
  ['icon', 'javascript:alert(1)'],
  ['description', 'nul\0'],
])('a %s that the API would refuse is not adopted, and zooid is told the old one again', (field, to) => {
  expect(ownerEdits(seen(), { ...shown, [field]: to })).toEqual({ known: withInfo({ [field]: to }), adopted: [] });
});
