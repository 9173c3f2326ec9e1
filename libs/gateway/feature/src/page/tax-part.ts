import { cents, divideRounded } from '@caravel/domain';
import type { Cents } from '@caravel/domain';

/** `19`, `7.7`, `0.125`: what a tax may be in percent. */
export const TAX_PERCENT = /^\d{1,2}(\.\d{1,3})?$/;

/** How much of a price is the tax that it includes, rounded to the cent, halves up: `1190` at `19` → `190`. */
export function taxPart(amount: Cents, percent: string): Cents {
  const [whole = '0', fraction = ''] = percent.split('.');
  const thousandths = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0'));
  return cents(Number(divideRounded(BigInt(amount) * thousandths, 100_000n + thousandths)));
}
