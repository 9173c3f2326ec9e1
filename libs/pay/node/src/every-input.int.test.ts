import { INPUTS, isPayErrorCode, PAY_ERRORS } from '@caravel/pay-protocol';
import { everyInput } from './testing/every-input.js';
import { startTestNode } from './testing/start-test-node.js';

const SECRETS = { mnemonic: 'a b c', password: 'p', nwc: 'nostr+walletconnect://x', token: 'cashuAx' };

describe('every Input', () => {
  let node: Awaited<ReturnType<typeof startTestNode>>;
  let wallet = '';
  beforeAll(async () => {
    node = await startTestNode();
    wallet = await node.wallet('ln');
  });
  afterAll(() => node.drop());

  it.each(Object.keys(INPUTS))('%s is answered over REST under its id, with the status of its answer', async (code) => {
    const input = everyInput(wallet, SECRETS).find((known) => known.code === code);
    const { status, outputs } = await node.ask(input);
    const last = outputs.at(-1);
    expect(last).toBeDefined();
    if (last && 'id' in last && input && 'id' in input) expect(last.id).toBe(input.id);
    if (last?.code !== 'error') {
      expect(status).toBe(200);
      return;
    }
    expect(isPayErrorCode(last.error_code) && (PAY_ERRORS[last.error_code].status ?? 422)).toBe(status);
    expect(['internal_error', 'store_unavailable']).not.toContain(last.error_code);
  });
});
