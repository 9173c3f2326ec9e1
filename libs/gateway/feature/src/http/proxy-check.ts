import type { Express } from 'express';

/** Tells the addresses that this app's `trust proxy` names, in whatever way it names them. */
export function proxyCheck(app: Express): (address: string) => boolean {
  // Express compiles the setting to this function of an address and its distance.
  const trusts = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return (address) => trusts(address, 0);
}
