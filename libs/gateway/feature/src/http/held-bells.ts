import type { GatewayPorts } from '../ports.js';

type Ring = GatewayPorts['ring'];

/** Bells that wait for the end of a transaction: rung inside, a listener would look before there is anything to see. */
export function heldBells(ring: Ring): { hold: Ring; ringAll: () => Promise<void> } {
  const held: (() => Promise<void>)[] = [];
  return {
    hold: (...bell) => {
      held.push(() => ring(...bell));
      return Promise.resolve();
    },
    ringAll: async () => {
      await Promise.all(held.map((rung) => rung()));
    },
  };
}
