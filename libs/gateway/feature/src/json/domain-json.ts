import type { domainJson } from '@caravel/api-contract';
import { relayHost, unixSeconds } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { z } from 'zod';
import type { DomainFinding } from '../ports.js';
import { toFlag } from './scalars.js';

export function toDomainJson(relay: Relay, finding: DomainFinding | null): z.output<typeof domainJson> {
  const { id, custom_domain: domain } = relay;
  return {
    custom_domain: domain,
    verified: toFlag(relay.customDomainVerified),
    records:
      domain === ''
        ? []
        : [
            { type: 'CNAME', name: domain, value: relayHost(relay) },
            { type: 'TXT', name: `_caravel.${domain}`, value: id },
          ],
    problem: finding?.problem ?? '',
    checked_at: finding && unixSeconds(finding.checkedAt),
  };
}
