import { queueBackends } from '@caravel/testing';
import { prove } from './testing/proof/prove.js';

/** `npm run proof -- billing` does 10,000. */
const INVOICES = Number(process.env['PROOF_INVOICES'] ?? 500);
const BUDGET_MS = Number(process.env['PROOF_BUDGET_S'] ?? 45) * 1000;

test('a service that is killed while everything around it fails charges each invoice once', async () => {
  const redisUrl = queueBackends().find(({ name }) => name === 'redis')?.redisUrl;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const proof = await prove({ invoices: INVOICES, redisUrl, random: Math.random, budgetMs: BUDGET_MS, say });
  say(`proof: ${proof.invoices} invoices, ${proof.double} double, ${proof.lost} lost; ${proof.summary}`);
  expect({ ...proof, summary: '' }).toEqual({
    invoices: proof.invoices,
    double: 0,
    lost: 0,
    differences: [],
    summary: '',
  });
  expect(proof.invoices).toBeGreaterThan(0);
}, 3_600_000);
