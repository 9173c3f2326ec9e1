import fc from 'fast-check';

/** Values that rules let pass, so that requests get behind them. Every wallet URL holds the canary. */
export function hintsWith(walletSecret: string): Record<string, fc.Arbitrary<unknown>> {
  const wallet = 'b889ff5b1513b641e2a139f661a661364979c5beee91842f8f0ef42ab558e9d4';
  return {
    subdomain: fc.stringMatching(/^[a-z][a-z0-9-]{1,9}[a-z0-9]$/),
    plan_id: fc.constantFrom('free', 'basic', 'growth', 'gold'),
    zooid_domain: fc.constantFrom('relays.example', 'other.example', 'evil.example'),
    info_icon: fc.constantFrom('', 'https://app.example/icon.png', 'data:image/png;base64,AA=='),
    return_url: fc.constantFrom('https://app.example/x', 'https://evil.example/'),
    nwc_url: fc.constantFrom(
      '',
      `nostr+walletconnect://${wallet}?relay=wss%3A%2F%2Frelay.example&secret=${walletSecret}`,
      `nostr+walletconnect:${wallet}?relay=wss://relay.example&secret=${walletSecret}&lud16=a@b.example`,
      `nostr+walletconnect://${wallet}?secret=${walletSecret}`,
      `nostr+walletconnect://nobody?relay=wss://relay.example&secret=${walletSecret}`,
      `https://${walletSecret}@wallet.example/`,
    ),
  };
}
