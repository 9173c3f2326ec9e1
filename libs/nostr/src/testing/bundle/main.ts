import { chooseSignatures, generateSecret, isValidEvent, open, relayPool, seal, secretSigner } from '../../index.js';

/** What bundle.int.test.ts bundles and runs on its own. */
const verifiers: object[] = [];
const log = { info: (fields: object) => verifiers.push(fields) };
const config = { SIGNATURES: 'auto', SECP256K1_LIBRARY: undefined } as const;
await chooseSignatures(config, { log, metrics: { count: () => undefined } });
const secret = generateSecret();
const signer = secretSigner(secret);
const event = signer.sign({ kind: 1, created_at: 1, tags: [], content: 'x' });
const box = seal({ recipient: signer.pubkey, use: 'u', subject: 's', fields: { a: 'b' } });
relayPool().close();
const opened = open({ secrets: [secret], box, use: 'u', subject: 's' });
process.stdout.write(JSON.stringify([isValidEvent(event), isValidEvent({ ...event, kind: 2 }), opened, ...verifiers]));
