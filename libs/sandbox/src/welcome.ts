import { secretSigner, makeHttpAuth } from '@caravel/nostr';
import { systemClock, unixSeconds } from '@caravel/domain';
import type { SandboxState } from './state-file.js';

/** What to look at and what to try next, with lines that work as they stand. `lived`: the tenant of the life exists. */
export function welcome(
  state: SandboxState,
  { print, lived }: { print: (text: string) => void; lived: boolean },
): void {
  const { serverUrl } = state;
  const header = makeHttpAuth({
    signer: secretSigner(state.tenantSecret),
    url: serverUrl,
    nowS: unixSeconds(systemClock.now()),
  });
  const tenant = secretSigner(state.tenantSecret).pubkey;
  const lines = [
    `API                ${serverUrl}`,
    `its documentation  ${serverUrl}/docs`,
    ...Object.entries(state.services).map(
      ([name, { opsUrl }]) => `${name.padEnd(18)} ${opsUrl}/metrics  (/healthz, /readyz)`,
    ),
    ...Object.entries(state.standIns).map(
      ([name, { controlUrl }]) => `${name.padEnd(18)} ${controlUrl}/ledger  (stand-in; /calls, /faults)`,
    ),
    '',
    'Try next, in another terminal:',
    '',
    `  curl ${serverUrl}/plans`,
    `  export AUTH='authorization: ${header}'`,
    ...(lived
      ? [
          `  curl -H "$AUTH" ${serverUrl}/tenants/${tenant}`,
          `  curl -H "$AUTH" ${serverUrl}/tenants/${tenant}/relays`,
          `  curl -H "$AUTH" ${serverUrl}/tenants/${tenant}/invoices`,
        ]
      : [`  curl -H "$AUTH" -X POST ${serverUrl}/tenants`]),
    `  curl -H "$AUTH" -H 'content-type: application/json' -d '{"subdomain":"mine-${tenant.slice(0, 8)}","plan_id":"free"}' ${serverUrl}/relays`,
    '',
    'Keys, addresses and process ids are in sandbox.json of the data folder (.dev). Ctrl-C stops everything.',
  ];
  for (const line of lines) print(line);
}
