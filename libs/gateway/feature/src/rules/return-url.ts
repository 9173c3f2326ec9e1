/** Scheme and host of an address, also of schemes like `capacitor:`, whose `origin` JavaScript calls opaque. */
export function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return host === '' ? undefined : `${protocol}//${host}`;
}

/** The address to send a tenant back to, when its origin is one of ours; anything else is ignored. */
export function keptReturnUrl(url: string | undefined, origins: readonly string[]): string | undefined {
  const origin = url === undefined ? undefined : originOf(url);
  return origin !== undefined && origins.includes(origin) ? url : undefined;
}
