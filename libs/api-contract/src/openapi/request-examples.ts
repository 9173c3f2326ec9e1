const reason = 'Agreed by mail on 3 May';

/** Bodies to start from, by endpoint. */
export const requestExamples: Record<string, object> = {
  createTenant: { return_url: 'https://app.example/spaces' },
  updateTenant: {
    nwc_url:
      'nostr+walletconnect://b889ff5b1513b641e2a139f661a661364979c5beee91842f8f0ef42ab558e9d4' +
      '?relay=wss%3A%2F%2Frelay.example&secret=71a8c14c1407c113601079c4302dab36460f0ccd0ad506f1f2dc73b5100e4f3c',
  },
  createRelay: { subdomain: 'garden', plan_id: 'basic', info_name: 'The garden', policy_public_join: 1 },
  updateRelay: { info_description: 'Tomatoes and more.', policy_public_read: 1 },
  previewRelay: { plan_id: 'growth' },
  voidInvoice: { mode: 'forgive', reason },
  adjustTenant: { amount: -250, reason },
  refundTenant: { amount: 250, reason },
  clearGrace: { reason },
};
