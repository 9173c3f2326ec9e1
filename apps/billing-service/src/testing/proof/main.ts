import { parseArgs } from 'node:util';
import { prove } from './prove.js';

// `npm run proof -- billing --invoices 10000`; the servers are its caller's.

const DEFAULT_INVOICES = 10_000;
const options = { invoices: { type: 'string' }, minutes: { type: 'string' } } as const;
const { values } = parseArgs({ options });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const proof = await prove({
  invoices: Number(values.invoices ?? DEFAULT_INVOICES),
  redisUrl: process.env['TEST_REDIS_URL'],
  random: Math.random,
  ...(values.minutes !== undefined && { budgetMs: Number(values.minutes) * 60_000 }),
  say,
});
for (const difference of proof.differences.slice(0, 20)) say(`  ${difference}`);
say(`${proof.invoices} invoices: ${proof.double} double, ${proof.lost} lost, ${proof.differences.length} differences`);
process.exitCode = proof.double + proof.lost + proof.differences.length > 0 ? 1 : 0;
