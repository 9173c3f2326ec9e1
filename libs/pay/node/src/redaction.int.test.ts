import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { INPUTS } from '@caravel/pay-protocol';
import type { Input } from '@caravel/pay-protocol';
import { everyInput } from './testing/every-input.js';
import { REST_KEY, RPC_SECRET, startTestNode } from './testing/start-test-node.js';

const { rpcClient } = await import('@caravel/pay-rpc');

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const PLANTED = {
  password: 'hunter2-password',
  mnemonic: MNEMONIC,
  restKey: REST_KEY,
  rpcSecret: RPC_SECRET,
  masterKey: '11'.repeat(32),
  webhook: 'C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  rateKey: 'rate-api-key-hunter3',
  nodeSecret: 'node-fedcba9876543210fedcba9876543210',
  token: 'cashuAeyJ0b2tlbiI6W3sicHJvb2ZzIjpbXX1dfQplanted',
  nwc: 'nostr+walletconnect://b889ff5b1513b641e2a139f661a661364979c5beee91842f8f0ef42ab558e9d4?relay=wss://r&secret=71a8c14c1407',
  url: 'postgres://me:hunter4@db/pay',
};
const NEEDLES = [...Object.values(PLANTED).filter((text) => !text.includes('://')), '71a8c14c1407', 'hunter4'];

const TOML = `
  [exchange_rate]
  [[exchange_rate.sources]]
  type = "generic"
  endpoint = "http://127.0.0.1:1"
  api_key_secret = "${PLANTED.rateKey}"
  [afpay_rpc.below]
  endpoint = "127.0.0.1:1"
  endpoint_secret = "${PLANTED.nodeSecret}"
  [providers]
  sol = "below"
  [webhooks.ops]
  url = "http://127.0.0.1:1/"
  secret = "whsec_${PLANTED.webhook}"
`;

describe('what was planted as a secret', () => {
  let node: Awaited<ReturnType<typeof startTestNode>>;
  afterEach(() => node.drop());

  it('is in no answer of either door, no line of the log, no number and no row', async () => {
    node = await startTestNode({ toml: TOML });
    const endpoint = node.doors.rpcAddress ?? '';
    const client = rpcClient({ endpoint, secret: RPC_SECRET, nowMs: () => systemClock.now().getTime() });
    const ln = await node.wallet('ln', 'purse');
    await node.wallet('evm', 'coins');
    node.tills.ln.till.failure = new Error(
      `401 from ${PLANTED.url}: ${PLANTED.token} ${PLANTED.nwc} password=${PLANTED.password}`,
    );

    const said: string[] = [];
    for (const input of everyInput(ln, PLANTED)) {
      const rest = await node.post(input);
      said.push(await rest.text(), JSON.stringify([...rest.headers]));
      const outputs = await client
        .call({ ...input, id: `rpc-${input.code}` } as Input)
        .catch((error: unknown) => String(error));
      said.push(
        JSON.stringify(outputs, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      );
    }
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
      said.push(await (await fetch(`${node.doors.restUrl ?? ''}${path}`)).text());
    }
    said.push(await (await node.post(`{"code":"send","id":"${PLANTED.password}`)).text());
    client.close();
    await node.stop();

    const files = readdirSync(node.dataDir).filter((name) => name.startsWith('afpay.db'));
    const stored = files.map((name) => readFileSync(join(node.dataDir, name), 'latin1'));
    expect(said.length).toBeGreaterThan(2 * Object.keys(INPUTS).length);
    expect(node.lines.length).toBeGreaterThan(0);
    for (const needle of NEEDLES) {
      expect(said.filter((text) => text.includes(needle))).toEqual([]);
      expect(node.lines.filter((line) => line.includes(needle))).toEqual([]);
      expect([needle, stored.some((text) => text.includes(needle))]).toEqual([needle, false]);
    }
  });
});
