import { invoiceVoid, tenantAdjust, tenantClearGrace } from '@caravel/contracts';
import type { JobContext } from '@caravel/queue';
import { createLogger } from '@caravel/service';
import { adminCommands } from './admin-commands.js';
import type { AdminBook } from './admin-commands.js';

const log = createLogger({ service: 'test', level: 'silent' });
const ADMIN = 'd'.repeat(64);
const TENANT = 'a'.repeat(64);
const command = { commandId: 'void:1', actor: ADMIN, reason: 'Agreed by mail' };
const toVoid = { ...command, invoiceId: '0197f5a0-0000-7000-8000-000000000003', mode: 'forgive' };
const toAdjust = { ...command, tenantPubkey: TENANT, amountCents: -200 };

function answer(name: string, request: unknown, book: Partial<AdminBook>): Promise<unknown> {
  const none = () => Promise.reject(new Error('not expected'));
  const admin = { adjust: none, endInvoice: none, clearGrace: none, ...book };
  const answerer = adminCommands({ admin, log }).find(({ call }) => call.name === name);
  const context: JobContext = { log, signal: AbortSignal.timeout(1000), requestId: 'r' };
  return answerer?.answer(request, context) ?? none();
}

it.each(['cleared', 'known'] as const)('a grace that is %s is done', async (outcome) => {
  const { name } = tenantClearGrace;
  const request = { ...command, tenantPubkey: TENANT };
  expect(await answer(name, request, { clearGrace: () => Promise.resolve(outcome) })).toEqual({ done: true });
});

it.each([
  ['voided', { done: true }],
  ['known', { done: true }],
  ['busy', { refused: 'invoice-not-payable', message: expect.stringContaining('under way') }],
  ['closed', { refused: 'invoice-not-payable', message: expect.stringContaining('paid or voided') }],
  ['missing', { refused: 'invoice-not-payable', message: expect.stringContaining('no such') }],
] as const)('an invoice that was %s is answered %j', async (outcome, expected) => {
  const asked: unknown[] = [];
  const endInvoice: AdminBook['endInvoice'] = (request) => {
    asked.push(request);
    return Promise.resolve(outcome);
  };
  expect(await answer(invoiceVoid.name, toVoid, { endInvoice })).toEqual(expected);
  expect(asked).toEqual([toVoid]);
});

it.each([
  ['adjusted', { done: true }],
  ['known', { done: true }],
  ['conflict', { refused: 'invalid-request', message: expect.stringContaining('another command') }],
] as const)('an adjustment that was %s is answered %j', async (outcome, expected) => {
  expect(await answer(tenantAdjust.name, toAdjust, { adjust: () => Promise.resolve(outcome) })).toEqual(expected);
});

it.each([
  { ...toAdjust, amountCents: 0 },
  { ...toAdjust, amountCents: 1.5 },
  { ...toAdjust, reason: '' },
  { ...toAdjust, actor: 'admin' },
])('a command that is not one (%j) is never carried out', async (request) => {
  await expect(answer(tenantAdjust.name, request, { adjust: () => Promise.resolve('adjusted') })).rejects.toThrow();
});
