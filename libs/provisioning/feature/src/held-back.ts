import type { Zooid } from './ports.js';
import type { ZooidInstances } from './zooid-instances.js';

/** The instances that no call goes to at the moment. */
export function heldBack({ list }: ZooidInstances<Pick<Zooid, 'available'>>): string[] {
  return list.filter(({ zooid }) => zooid.available?.() === false).map(({ name }) => name);
}
