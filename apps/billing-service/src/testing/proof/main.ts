import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { proofReport } from './proof-report.js';
import { prove } from './prove.js';

// `npm run proof -- billing --invoices 10000`; the servers are its caller's.

const { values } = parseArgs({
  options: {
    invoices: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});
const seed = Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`proof of billing: ${values.invoices} invoices, seed ${seed}`);
const invoices = Number(values.invoices);
const budgetMs = Number(values.minutes) * 60_000;
const proof = await prove({ invoices, redisUrl: process.env['TEST_REDIS_URL'], seed, budgetMs, say });
say(proofReport(proof, { seed }));
process.exitCode = proof.double + proof.lost + proof.differences.length > 0 ? 1 : 0;
