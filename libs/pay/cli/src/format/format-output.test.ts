import { EXAMPLE_OUTPUTS } from '@caravel/pay-protocol/testing';
import { formatOutput } from './format-output.js';
import { toPlain } from './plain.js';
import { toYaml } from './yaml.js';

const body = (value: object) =>
  toYaml(value)
    .replace(/^---\n/, '')
    .trimEnd();

const SUFFIXES: [string, unknown, string][] = [
  ['cpu_time_ns', 450_000, 'cpu_time: "450000ns"'],
  ['query_us', 830, 'query: "830μs"'],
  ['latency_ms', 42, 'latency: "42ms"'],
  ['latency_ms', 1280, 'latency: "1.28s"'],
  ['latency_ms', 2000, 'latency: "2.0s"'],
  ['ttl_s', 3600, 'ttl: "3600s"'],
  ['timeout_minutes', 30, 'timeout: "30 minutes"'],
  ['keep_hours', 24, 'keep: "24 hours"'],
  ['keep_days', 90, 'keep: "90 days"'],
  ['at_epoch_ms', 1_738_886_400_000, 'at: "2025-02-07T00:00:00.000Z"'],
  ['at_epoch_s', 1_738_886_400, 'at: "2025-02-07T00:00:00.000Z"'],
  ['at_epoch_s', -1, 'at: "1969-12-31T23:59:59.000Z"'],
  ['at_epoch_ns', 1_738_886_400_000_000_000n, 'at: "2025-02-07T00:00:00.000Z"'],
  ['at_epoch_s', 1.5, 'at_epoch_s: 1.5'],
  ['at_rfc3339', '2025-02-07T00:00:00Z', 'at: "2025-02-07T00:00:00Z"'],
  ['payload_bytes', 456_789, 'payload: "446.1KB"'],
  ['payload_bytes', 5_242_880, 'payload: "5.0MB"'],
  ['payload_bytes', 12, 'payload: "12B"'],
  ['buffer_size', '10M', 'buffer_size: "10M"'],
  ['balance_msats', 2056, 'balance: "2056msats"'],
  ['withdrawn_sats', 1234, 'withdrawn: "1234sats"'],
  ['withdrawn_sats', 10n ** 30n, `withdrawn: "1${'0'.repeat(30)}sats"`],
  ['reserve_btc', 0.5, 'reserve: "0.5 BTC"'],
  ['price_usd_cents', 999, 'price: "$9.99"'],
  ['price_usd_cents', 5, 'price: "$0.05"'],
  ['price_eur_cents', 850, 'price: "€8.50"'],
  ['fare_thb_cents', 15_050, 'fare: "150.50 THB"'],
  ['fare_jpy', 1500, 'fare: "¥1,500"'],
  ['price_usd_cents', -1, 'price_usd_cents: -1'],
  ['price_usd_cents', '999', 'price_usd_cents: "999"'],
  ['fare_jpy', -5, 'fare_jpy: -5'],
  ['cpu_percent', 85, 'cpu: "85%"'],
  ['api_key_secret', 'sk', 'api_key: "***"'],
  ['DATABASE_SECRET', 'sk', 'DATABASE: "***"'],
  ['CACHE_TTL_S', 60, 'CACHE_TTL: "60s"'],
  ['Cache_Ttl_S', 60, 'Cache_Ttl_S: 60'],
  ['latency_ms', 'fast', 'latency_ms: "fast"'],
  ['latency_ms', null, 'latency_ms: null'],
  ['_ms', 5, '_ms: 5'],
  ['items', 5, 'items: 5'],
];
test.each(SUFFIXES)('%s %p', (key, value, expected) => {
  expect(body({ [key]: value })).toBe(expected);
});

test('two names that would become one keep their own, and a secret is hidden even then', () => {
  expect(body({ wait_ms: 5, wait_s: 6 })).toBe('wait_ms: 5\nwait_s: 6');
  expect(body({ key: 'k', key_secret: 's' })).toBe('key: "k"\nkey_secret: "***"');
});

test('below a secret name everything is hidden, and the shape stays', () => {
  expect(body({ auth_secret: { user: 'u', list: ['a', 1] } })).toBe(
    'auth_secret:\n  user: "***"\n  list:\n    - "***"\n    - "***"',
  );
});

test('yaml: names sorted after their units are gone, lists of objects in blocks, nothing is read as something else', () => {
  const value = { b_ms: 1, a: 'yes', c: [], d: {}, e: [{ y: 1, x: null }, 'z'], z: 'a"b\\c\nd\u0085', 'no: x': true };
  expect(body(value)).toBe(
    [
      'a: "yes"',
      'b: "1ms"',
      'c: []',
      'd: {}',
      'e:',
      '  -',
      '    x: null',
      '    "y": 1',
      '  - "z"',
      '"no: x": true',
      'z: "a\\"b\\\\c\\nd\\u0085"',
    ].join('\n'),
  );
});

test('plain: one line, dots for depth, quotes where a reader would stumble', () => {
  const value = {
    b: { c_ms: 5, a: 'x y' },
    a: [1, 'two'],
    e: null,
    q: 'a="b"',
    s: 'back\\slash',
    n: 'a\nb',
    d_secret: 'x',
  };
  expect(toPlain(value)).toBe('a=1,two b.a="x y" b.c=5ms d=*** e= n="a\\nb" q="a=\\"b\\"" s="back\\\\slash"');
});

test('plain: an object in a list is JSON, and its integers are as they are in JSON', () => {
  expect(toPlain({ debits: [{ amount: 5n, token: 'sats' }, { amount: 10n ** 30n }] })).toBe(
    `debits="{\\"amount\\":5,\\"token\\":\\"sats\\"},{\\"amount\\":\\"1${'0'.repeat(30)}\\"}"`,
  );
});

test.each(Object.entries(EXAMPLE_OUTPUTS))('%s has the three forms, each readable', (code, output) => {
  const json = formatOutput(output, 'json');
  expect(JSON.parse(json)).toMatchObject({ code });
  expect(json.trimEnd()).not.toContain('\n');
  expect(formatOutput(output, 'yaml').startsWith(`---\n`)).toBe(true);
  expect(formatOutput(output, 'yaml')).toContain(`code: "${code}"`);
  expect(formatOutput(output, 'plain')).toMatch(/^[^\n]+\n$/);
  expect(formatOutput(output, 'plain')).toContain(`code=${code}`);
});

test('the seed that was asked for is shown in json, and hidden in the other forms and in every other Output', () => {
  const output = { ...EXAMPLE_OUTPUTS.wallet_seed, mnemonic_secret: 'abandon ability able' };
  expect(formatOutput(output, 'json')).toContain('abandon ability able');
  expect(formatOutput(output, 'yaml')).not.toContain('abandon');
  expect(formatOutput(output, 'plain')).not.toContain('abandon');
  const config = { code: 'config', rpc_secret: 'hunter2', deep: [{ key_secret: 'hunter2' }] } as const;
  for (const format of ['json', 'yaml', 'plain'] as const)
    expect(formatOutput(config, format)).not.toContain('hunter2');
});

test('an amount keeps its digits in every form', () => {
  for (const value of [2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 64n + 1n, 10n ** 30n]) {
    const output = { ...EXAMPLE_OUTPUTS.sent, amount: { value, token: 'wei' } };
    expect(JSON.parse(formatOutput(output, 'json')).amount.value.toString()).toBe(value.toString());
    expect(formatOutput(output, 'yaml')).toContain(`value: ${value}\n`);
    expect(formatOutput(output, 'plain')).toContain(`amount.value=${value} `);
  }
});
