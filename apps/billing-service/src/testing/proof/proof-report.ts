import type { Proof } from './prove.js';

/** The end of a proof for a person to read: what was done to the service, and what came of it. */
export function proofReport(
  { invoices, double, lost, differences, counts }: Proof,
  { seed }: { seed: number },
): string {
  const rows: [string, string | number][] = [
    ['invoices, each against wallets and cards', invoices],
    ['service killed (SIGKILL)', counts.kills],
    ['Redis emptied', counts.emptied],
    ['PostgreSQL connections cut at COMMIT', counts.cut],
    ['answers of wallets and Stripe lost', counts.lost],
    ['answers late', counts.late],
    ['charged twice', double],
    ['charged and not booked', lost],
    ['other differences', differences.length],
    ['seed', seed],
    ['duration', `${counts.seconds} s`],
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  const lines = rows.map(([what, value]) => `${what.padEnd(width)}  ${String(value).padStart(10)}`);
  if (double + lost + differences.length === 0) return [...lines, `0 double, 0 lost`].join('\n');
  const again = `again: npm run proof -- billing --invoices ${invoices} --seed ${seed}`;
  return [...lines, ...differences.slice(0, 20).map((one) => `  ${one}`), again].join('\n');
}
