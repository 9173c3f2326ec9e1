import { generateSecret, isValidEvent, open, relayPool, seal, secretSigner } from '../../index.js';

/** What bundle.int.test.ts bundles and runs on its own. */
const secret = generateSecret();
const signer = secretSigner(secret);
const event = signer.sign({ kind: 1, created_at: 1, tags: [], content: 'x' });
const box = seal({ recipient: signer.pubkey, use: 'u', subject: 's', fields: { a: 'b' } });
relayPool().close();
const opened = open({ secrets: [secret], box, use: 'u', subject: 's' });
process.stdout.write(JSON.stringify([isValidEvent(event), isValidEvent({ ...event, kind: 2 }), opened]));
