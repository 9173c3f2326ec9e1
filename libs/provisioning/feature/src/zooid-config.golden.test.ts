import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Relay } from '@caravel/domain';
import { aRelay, someSettings } from './a-relay.test-data.js';
import { isObject } from './json.js';
import type { JsonObject, JsonValue } from './json.js';
import { mergePatch, takeFields } from './merge-patch.js';
import { toZooidConfig } from './zooid-config.js';

/** Byte for byte what zooid is told. `UPDATE_DOCS=1` writes the file anew; the difference is then for people to read. */
const FILE = new URL('fixtures/zooid-configs.json', import.meta.url);

const FLAGS = {
  policy_public_read: 'policy.public_read',
  policy_public_write: 'policy.public_write',
  policy_public_join: 'policy.public_join',
  policy_strip_signatures: 'policy.strip_signatures',
  groups_enabled: 'groups.enabled',
  management_enabled: 'management.enabled',
  members_can_invite: 'roles.member.can_invite',
  push_enabled: 'push.enabled',
} as const;
const none = Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, false])) as Partial<Relay>;

const relays: Record<string, Partial<Relay>> = {
  'everything on': Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, true])),
  'everything off': { ...none, blossom_enabled: false, livekit_enabled: false },
  'blossom without livekit': { livekit_enabled: false },
  'livekit without blossom': { blossom_enabled: false },
  'stopped by its tenant': { status: 'inactive' },
  'stopped because of a bill': { status: 'delinquent' },
  'with a domain of its own': { custom_domain: 'chat.example.com', customDomainVerified: true },
  'without name, icon and description': { info_name: '', info_icon: '', info_description: '' },
};

it('tells zooid exactly what is written down for each kind of relay', () => {
  const configs = Object.fromEntries(
    Object.entries(relays).map(([name, changes]) => [name, toZooidConfig(aRelay(changes), someSettings)]),
  );
  if (process.env['UPDATE_DOCS']) writeFileSync(FILE, `${JSON.stringify(configs, null, 2)}\n`);
  expect(configs).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
});

const anyRelay = fc
  .record({
    ...Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, fc.boolean()])),
    blossom_enabled: fc.boolean(),
    livekit_enabled: fc.boolean(),
    status: fc.constantFrom('active', 'inactive', 'delinquent'),
    info_name: fc.string(),
  })
  .map((changes) => aRelay(changes as Partial<Relay>));

it.each(Object.entries(FLAGS))('%s is %s and nothing else, whatever the others are', (flag, path) => {
  fc.assert(
    fc.property(anyRelay, (relay) => {
      const [off, on] = [false, true].map((value) => toZooidConfig({ ...relay, [flag]: value }, someSettings));
      expect(leavesOf(mergePatch(off ?? {}, on ?? {}))).toEqual([[path, true]]);
    }),
  );
});

it('always has the same fields, none of them null, so that a patch never deletes and never leaves one behind', () => {
  const fields = (relay: Relay) => leavesOf(toZooidConfig(relay, someSettings)).map(([path]) => path);
  fc.assert(
    fc.property(anyRelay, anyRelay, (one, other) => {
      expect(fields(one)).toEqual(fields(other));
      const [from, to] = [toZooidConfig(one, someSettings), toZooidConfig(other, someSettings)];
      const patch = takeFields(to, mergePatch(from, to));
      expect(leavesOf(patch).filter(([, value]) => value === null)).toEqual([]);
    }),
  );
});

it('has keys of S3 and LiveKit where the relay uses them, under its own id, and nowhere else', () => {
  fc.assert(
    fc.property(anyRelay, (relay) => {
      const text = JSON.stringify(toZooidConfig(relay, someSettings));
      expect(/s3-access|s3-secret|s3\.example|"media"/.test(text)).toBe(relay.blossom_enabled);
      expect(/live-key|live-secret|live\.example/.test(text)).toBe(relay.livekit_enabled);
      expect(text).toContain(`"key_prefix":"${relay.id}"`);
    }),
  );
});

function leavesOf(value: JsonObject, path = ''): [path: string, value: JsonValue][] {
  return Object.entries(value).flatMap(([key, inner]): [string, JsonValue][] =>
    isObject(inner) ? leavesOf(inner, `${path}${key}.`) : [[`${path}${key}`, inner]],
  );
}
