import { AppError, cents } from '@caravel/domain';
import type { TenantAccount } from '../ports.js';
import { relay } from '../testing/builders.js';
import { requireSettled } from './require-settled.js';

const settled: TenantAccount = {
  relays: [relay({ status: 'inactive', generation: 2, appliedGeneration: 2 })],
  hasOpenInvoice: false,
  hasMoneyUnderWay: false,
  hasUnbilledFacts: false,
  balanceCents: cents(0),
};

function codeOf(changes: Partial<TenantAccount>): string {
  try {
    requireSettled({ ...settled, ...changes });
    return 'ok';
  } catch (error) {
    return error instanceof AppError ? error.code : 'not ours';
  }
}

it.each<[string, Partial<TenantAccount>]>([
  ['ok', {}],
  ['ok', { relays: [] }],
  ['ok', { relays: [relay({ status: 'inactive', generation: 3, appliedGeneration: 0 })] }],
  ['ok', { balanceCents: cents(49) }],
  ['account-not-settled', { balanceCents: cents(50) }],
  ['account-not-settled', { balanceCents: cents(-1) }],
  ['account-not-settled', { hasOpenInvoice: true }],
  ['account-not-settled', { hasMoneyUnderWay: true }],
  ['service-unavailable', { hasUnbilledFacts: true, balanceCents: cents(-1) }],
  ['relay-active', { relays: [relay({ status: 'active' })] }],
  ['account-not-settled', { relays: [relay({ status: 'delinquent' })], hasOpenInvoice: true }],
  ['relay-active', { relays: [relay({ status: 'inactive', generation: 3, appliedGeneration: 2 })] }],
])('answers %s for %j', (code, changes) => {
  expect(codeOf(changes)).toBe(code);
});
