import * as contracts from './index.js';
import released from './released.json' with { type: 'json' };

const bells = [contracts.relaySync, contracts.billingAccount, contracts.directMessage];
const calls = [
  contracts.relayMembers,
  contracts.relayPreview,
  contracts.tenantReconcile,
  contracts.invoiceReconcile,
  contracts.invoiceBolt11,
  contracts.checkoutSession,
  contracts.portalSession,
  contracts.invoiceVoid,
  contracts.tenantAdjust,
  contracts.tenantRefund,
  contracts.tenantClearGrace,
];

it('parses every payload ever released', () => {
  for (const bell of bells) {
    for (const payload of released[bell.name as 'relay-sync']) {
      expect(bell.payload.parse(payload)).toEqual(payload);
    }
  }
  for (const call of calls) {
    for (const { request, answer } of released[call.name as 'relay-members']) {
      expect(call.request.parse(request)).toEqual(request);
      expect(call.answer.parse(answer)).toEqual(answer);
    }
  }
});

it('has a released payload for every contract, and no two of one name', () => {
  const names = [...bells, ...calls].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(released).sort()).toEqual(names.sort());
});

it('ignores fields that a newer version may have added', () => {
  const [payload] = released['relay-sync'];
  expect(contracts.relaySync.payload.parse({ ...payload, added: 'later' })).toEqual(payload);
});
