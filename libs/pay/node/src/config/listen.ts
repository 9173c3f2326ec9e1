import { PayError } from '@caravel/pay-protocol';
import type { Listen } from './node-config.js';

/** `host:port` or `[address]:port`; names of hosts are fine. Throws a PayError `invalid_config` that names its key. */
export function parseListen(text: string, where: string): Listen {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || !(port <= 65_535)) {
    throw new PayError('invalid_config', `${where}: not host:port`, {
      hint: 'For example 127.0.0.1:9401 or [::1]:9401',
    });
  }
  return { host, port };
}

export const listenText = ({ host, port }: Listen): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** This machine alone can reach it. */
export const isLoopback = ({ host }: Listen): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

/** What a door may listen on: this machine's own address, unless the operator says that it is meant for others. */
export function checkListen(listen: Listen, { where, isPublic }: { where: string; isPublic: boolean }): Listen {
  if (isPublic || isLoopback(listen)) return listen;
  throw new PayError('invalid_config', `${where}: ${listenText(listen)} can be reached from other machines`, {
    hint: 'If that is meant: --public-listen, public_listen = true, or AFPAY_PUBLIC_LISTEN=true',
  });
}
