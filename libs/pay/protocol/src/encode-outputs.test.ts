import { encodeOutput, encodeOutputs } from './encode-outputs.js';
import { parseJson } from './lossless-json.js';
import { parseOutputs } from './output.js';
import { EXAMPLE_OUTPUTS } from './testing/example-outputs.js';

const examples = Object.values(EXAMPLE_OUTPUTS);
const sentOf = (value: bigint) => ({ ...EXAMPLE_OUTPUTS.sent, amount: { value, token: 'wei' } });

describe('Outputs', () => {
  it.each(examples)('of $code come back as they were written, in both dialects', (output) => {
    const hidden = output.code === 'wallet_seed' ? { ...output, mnemonic_secret: '***' } : output;
    expect(parseOutputs(parseJson(encodeOutputs([output])), undefined)).toEqual([hidden]);
    if (output.code === 'approval_required' || output.code === 'outcome_unknown') return;
    expect(parseOutputs(parseJson(encodeOutputs([output], 'afpay-0.7')), undefined)).toEqual([hidden]);
  });

  it.each([2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 30n].flatMap((around) => [around - 1n, around, around + 1n]))(
    'carry an amount of %s without loss, or say that they cannot',
    (value) => {
      const native = encodeOutput(sentOf(value));
      expect(JSON.parse(native)).toHaveProperty('amount.value', value < 2n ** 53n ? Number(value) : String(value));

      const original = encodeOutput(sentOf(value), 'afpay-0.7');
      if (value < 2n ** 64n) expect(original).toContain(`"value":${value},`);
      else expect(JSON.parse(original)).toMatchObject({ code: 'error', id: 'req_1', error_code: 'amount_overflow' });
    },
  );

  it('that 0.7 does not know are errors there, which its client does not repeat', () => {
    for (const code of ['approval_required', 'outcome_unknown'] as const) {
      expect(JSON.parse(encodeOutput(EXAMPLE_OUTPUTS[code], 'afpay-0.7'))).toMatchObject({
        code: 'error',
        id: 'req_1',
        error_code: code,
        retryable: false,
      });
    }
  });

  it('of another request are refused', () => {
    expect(() => parseOutputs([EXAMPLE_OUTPUTS.sent], 'req_2')).toThrow('another request');
    expect(() => parseOutputs({ code: 'sent' }, 'req_1')).toThrow('no list of Outputs');
    expect(() => parseOutputs([{ code: 'unheard_of' }], 'req_1')).toThrow('no list of Outputs');
  });
});
