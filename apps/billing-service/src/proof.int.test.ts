import { queueBackends } from '@caravel/testing';
import { proofReport } from './testing/proof/proof-report.js';
import { prove } from './testing/proof/prove.js';

/** `npm run proof -- billing` does 10,000. */
const INVOICES = Number(process.env['PROOF_INVOICES'] ?? 500);
/** A slow machine stops after the month in which it passes this, with fewer invoices. */
const BUDGET_MS = Number(process.env['PROOF_BUDGET_S'] ?? 90) * 1000;
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

test(`a service that is killed while everything around it fails charges each invoice once (seed ${SEED})`, async () => {
  const redisUrl = queueBackends().find(({ name }) => name === 'redis')?.redisUrl;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const proof = await prove({ invoices: INVOICES, redisUrl, seed: SEED, budgetMs: BUDGET_MS, say });
  say(`proof, at most ${INVOICES} invoices or ${BUDGET_MS / 1000} s:\n${proofReport(proof, { seed: SEED })}`);
  expect(proof).toMatchObject({ double: 0, lost: 0, differences: [] });
  const { kills, emptied, cut, lost, late } = proof.counts;
  const trouble = { kills, cut, lost, late, ...(redisUrl !== undefined && { emptied }) };
  expect(Object.entries(trouble).filter(([, times]) => times === 0)).toEqual([]);
  expect(proof.invoices).toBeGreaterThan(0);
}, 3_600_000);
