import { effectOf, INPUTS, isLocalOnly, parseInput, readInput } from './input.js';
import type { InputCode } from './input.js';
import { stringifyJson } from './lossless-json.js';
import { PayError } from './pay-error.js';
import { EXAMPLE_INPUTS } from './testing/example-inputs.js';

const examples = Object.entries(EXAMPLE_INPUTS).map(([code, fields]) => ({ code, ...fields }));
const messageOf = (value: unknown): string => {
  try {
    parseInput(value);
  } catch (error) {
    if (error instanceof PayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return '';
};

describe('Inputs', () => {
  it.each(examples)('of $code are read', (example) => {
    expect(readInput(stringifyJson(example)).code).toBe(example.code);
  });

  it.each(examples)('of $code without a field they need are refused with its name', (example) => {
    const code = example.code as InputCode;
    for (const [name, schema] of Object.entries(INPUTS[code].schema.shape)) {
      if (name === 'code' || schema.safeParse(undefined).success) continue;
      expect(messageOf({ ...example, [name]: undefined })).toMatch(`invalid_request: ${code}: \`${name}\``);
      expect(messageOf({ ...example, [name]: [{}] })).toMatch(`invalid_request: ${code}: \`${name}`);
    }
  });

  it.each(examples)('of $code are read with fields nobody knows, and with null for what is absent', (example) => {
    const optional = Object.entries(INPUTS[example.code as InputCode].schema.shape)
      .filter(([, schema]) => schema.safeParse(undefined).success)
      .map(([name]) => [name, null]);
    const nulls: object = Object.fromEntries(optional);
    const input = parseInput({ ...nulls, ...example, unheard_of: true });
    expect(input).not.toHaveProperty('unheard_of');
    expect(input).toEqual(parseInput(example));
  });

  it('are refused without repeating a value, which may be a secret', () => {
    expect(messageOf({ code: 'ln_wallet_create', id: 'x', backend: 'hunter2' })).not.toContain('hunter2');
    expect(messageOf({ code: 'hunter2' })).toBe('invalid_request: unknown `code`');
    for (const value of [null, 7, 'hunter2', [], {}, { code: 7 }, { code: '__proto__' }, { code: 'constructor' }]) {
      expect(messageOf(value)).toMatch(/^invalid_request: (an Input is|unknown)/);
    }
  });

  it('that nobody may send from elsewhere are those of afpay 0.7 and the resolution by hand', () => {
    const local = examples.map((example) => parseInput(example)).filter(isLocalOnly);
    expect(local.map(({ code }) => code).sort()).toEqual([
      'config',
      'config_show',
      'limit_add',
      'limit_remove',
      'limit_set',
      'local_wallet_show_seed',
      'payment_resolve',
      'restore',
      'wallet_config_set',
      'wallet_config_token_add',
      'wallet_config_token_remove',
    ]);
    const close = { code: 'wallet_close', id: 'x', wallet: 'w' };
    const flag = 'dangerously_skip_balance_check_and_may_lose_money';
    expect(isLocalOnly(parseInput({ ...close, [flag]: false }))).toBe(false);
    expect(isLocalOnly(parseInput({ ...close, [flag]: true }))).toBe(true);
  });

  it('that pay are `send` and `cashu_send` alone, and closing an id changes something', () => {
    const paying = examples.map((example) => parseInput(example)).filter((input) => effectOf(input) === 'pay');
    expect(paying.map(({ code }) => code).sort()).toEqual(['cashu_send', 'send']);
    const status = { code: 'payment_status', id: 'x', request_id: 'y' };
    expect(effectOf(parseInput(status))).toBe('read');
    expect(effectOf(parseInput({ ...status, close_if_unknown: true }))).toBe('change');
  });

  it('understand the other spellings of the original', () => {
    expect(parseInput({ code: 'send', id: 'x', to: 'y', local_memo: 'a' })).toHaveProperty('local_memo', { note: 'a' });
    expect(parseInput({ code: 'limit_set', ...EXAMPLE_INPUTS.limit_set })).toHaveProperty(
      'limits.0.scope',
      'global_usd_cents',
    );
    const token = (written: string): unknown =>
      parseInput({ code: 'limit_add', id: 'x', limit: { network: 'sol', window_s: 60, max_spend: 1, token: written } });
    expect(token('USDC')).toHaveProperty('limit.token', 'usdc');
    const mint = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
    expect(token(mint)).toHaveProperty('limit.token', mint);
    expect(parseInput({ code: 'history_update', ...EXAMPLE_INPUTS.history_update })).toHaveProperty('limit', 5000);
  });
});
