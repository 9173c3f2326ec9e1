import { AppError, MIN_INVOICE_CENTS } from '@caravel/domain';
import type { TenantAccount } from '../ports.js';
import { requireStopped } from './require-stopped.js';

/**
 * An account ends when nothing runs, nothing is owed, nothing is being paid and no credit is left. Less than what is ever invoiced is
 * not owed. Throws `relay-active`, `account-not-settled`, or `service-unavailable` while billing has not looked at everything.
 */
export function requireSettled(account: TenantAccount): void {
  if (account.hasOpenInvoice) throw notSettled('You have an open invoice. Please pay it first.');
  if (account.hasMoneyUnderWay) throw notSettled('A payment is under way. Please try again when it is over.');
  account.relays.forEach(requireStopped);
  if (account.hasUnbilledFacts) {
    throw new AppError(
      'service-unavailable',
      'Your last changes are still being billed. Please try again in a minute; nothing was deleted.',
    );
  }
  const { balanceCents } = account;
  if (balanceCents >= MIN_INVOICE_CENTS) {
    throw notSettled(
      `${dollars(balanceCents)} are not invoiced yet. The last invoice comes when your billing month ends; please pay it first.`,
    );
  }
  if (balanceCents < 0) {
    throw notSettled(
      `${dollars(Math.abs(balanceCents))} of credit are left. Please ask the operator to refund it, or to cancel it if you don't want it back.`,
    );
  }
}

const dollars = (amountCents: number): string => `$${(amountCents / 100).toFixed(2)}`;

const notSettled = (why: string) => new AppError('account-not-settled', `This account can't be deleted yet. ${why}`);
