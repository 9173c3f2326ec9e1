import { relayPreview } from '@caravel/contracts';
import { AppError, cents, centsToMsats } from '@caravel/domain';
import { answers } from '@caravel/queue';
import type { CallAnswerer } from '@caravel/queue';
import type { AccountBooks } from './account-books.js';
import type { Rates } from './rates.js';

/** Answers what a change of a relay would cost, in cents and, while there is a rate, in sats. Writes nothing. */
export function previewRelay({ accounts, rates }: PreviewDeps): CallAnswerer {
  return answers(relayPreview, async (wanted) => {
    const [preview, centsPerBtc] = await Promise.all([accounts.preview(wanted), rates.centsPerBtc()]);
    if (!preview) throw new AppError('not-found', 'There is no such relay.');
    const inSats = (amountCents: number) => toSats(amountCents, centsPerBtc);
    const sum = preview.items.reduce((total, { amountCents }) => total + amountCents, 0);
    return {
      atS: preview.atS,
      items: preview.items.map(({ planId, amountCents, description }) => ({
        planId,
        amountCents: cents(amountCents),
        sats: inSats(amountCents),
        description,
      })),
      amountCents: cents(sum),
      sats: inSats(sum),
      invoices: preview.invoices.map(({ amountCents, periodStartS, periodEndS }) => ({
        amountCents: cents(amountCents),
        sats: inSats(amountCents),
        periodStartS,
        periodEndS,
      })),
      replacedIds: preview.replacedIds,
    };
  });
}

/** Whole sats, rounded up as a Lightning invoice would be; a credit is the same below zero. */
function toSats(amountCents: number, centsPerBtc: bigint | null): number | null {
  if (amountCents === 0) return 0;
  if (centsPerBtc === null) return null;
  return Math.sign(amountCents) * Number(centsToMsats(cents(Math.abs(amountCents)), centsPerBtc) / 1000n);
}

interface PreviewDeps {
  accounts: Pick<AccountBooks, 'preview'>;
  rates: Rates;
}
