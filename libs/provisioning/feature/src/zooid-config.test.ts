import { aRelay, someSettings } from './a-relay.test-data.js';
import { toZooidConfig } from './zooid-config.js';
import { withoutSecrets } from './without-secrets.js';

const off = { blossom_enabled: false, livekit_enabled: false };

it('has the fields zooid reads, and no relay secret', () => {
  expect(toZooidConfig(aRelay(), someSettings)).toEqual({
    host: 'team.relays.example',
    schema: 'r_01890000_0000_7000_8000_000000000001',
    inactive: false,
    info: {
      name: 'Team',
      icon: 'https://example.com/i.png',
      pubkey: 'ab'.repeat(32),
      description: 'Where we talk',
    },
    policy: { public_join: true, strip_signatures: false, public_read: false, public_write: false },
    groups: { enabled: true },
    management: { enabled: true },
    push: { enabled: false },
    blossom: {
      enabled: true,
      adapter: 's3',
      s3: {
        endpoint: 'https://s3.example',
        region: 'eu',
        bucket: 'media',
        access_key: 's3-access',
        secret_key: 's3-secret',
        key_prefix: '01890000-0000-7000-8000-000000000001',
      },
    },
    livekit: { server_url: 'wss://live.example', api_key: 'live-key', api_secret: 'live-secret' },
    roles: { member: { can_invite: true } },
  });
});

it.each([
  ['active', false],
  ['inactive', true],
  ['delinquent', true],
] as const)('a relay that is %s is inactive: %s', (status, inactive) => {
  expect(toZooidConfig(aRelay({ status }), someSettings)).toMatchObject({ inactive });
});

it('carries no key of a service the relay does not use, and names no adapter that zooid would check', () => {
  const config = toZooidConfig(aRelay(off), someSettings);
  expect(config).toMatchObject({
    livekit: { server_url: '', api_key: '', api_secret: '' },
    blossom: { enabled: false, adapter: 'local' },
  });
  expect(JSON.stringify(config)).not.toMatch(/s3-access|s3-secret|live-/);
});

it('is stored without any secret, and a changed secret shows', () => {
  const fingerprint = (text: string) => `#${text.length}`;
  const stored = withoutSecrets(toZooidConfig(aRelay(), someSettings), fingerprint);
  expect(JSON.stringify(stored)).not.toMatch(/s3-access|s3-secret|live-key|live-secret/);
  expect(stored).toMatchObject({
    blossom: { s3: { access_key: '#9', bucket: 'media' } },
    livekit: { api_secret: '#11' },
  });
  expect(withoutSecrets(toZooidConfig(aRelay(off), someSettings), fingerprint)).toMatchObject({
    livekit: { api_secret: '' },
  });
});
