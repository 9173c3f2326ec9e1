import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressBlock } from './address-block.js';
import { rawAnswer } from './raw-answer.js';
import { endSoon } from './unreadable-requests.js';

/**
 * Bounds the open connections of one address (IPv6: of its /64), so that nobody can hold all of them. What is too many
 * is told so and ended without a look at its requests. Reverse proxies (`isExempt`) bring many clients and have no bound.
 */
export function limitConnections(server: Server, { perAddress, isExempt, onRefused }: ConnectionLimit): RefusedSockets {
  const open = new Map<string, number>();
  const refused = new WeakSet<Socket>();
  server.on('connection', (socket) => {
    const address = addressBlock(socket.remoteAddress);
    if (address === undefined || isExempt(socket.remoteAddress ?? '')) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count <= perAddress) return;
    refused.add(socket);
    onRefused?.();
    if (count > 2 * perAddress) socket.destroy();
    else endSoon(socket, rawAnswer(TOO_MANY));
  });
  return refused;
}

const TOO_MANY = {
  status: 429,
  code: 'rate-limited',
  error: 'Too many connections are open from your network. Please close some and try again.',
} as const;

export interface ConnectionLimit {
  perAddress: number;
  isExempt: (address: string) => boolean;
  /** For each connection that was one too many. */
  onRefused?: (() => void) | undefined;
}

type RefusedSockets = Pick<WeakSet<Socket>, 'has'>;
