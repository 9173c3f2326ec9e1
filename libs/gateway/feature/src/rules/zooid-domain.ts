/** The domain that was asked for when it is one of ours; anything else is ignored, not refused. */
export function listedDomain(asked: string | undefined, relayDomains: readonly string[]): string | undefined {
  return relayDomains.find((domain) => domain === asked);
}
