import type { Weather } from './deed.js';
import type { Random } from './random.js';
import type { Replicas } from './replicas.js';
import type { Stage } from './stage.js';

/** Lets what was planned go wrong; each kind rights itself after a while. */
export function weather(stage: Stage, { replicas, random }: { replicas: Replicas; random: Random }) {
  const breakFor = (forS: number, set: (works: boolean) => void): void => {
    set(false);
    stage.later(forS, () => {
      set(true);
    });
  };

  return (deed: Weather & { id: string }): void => {
    stage.note(`weather: ${deed.kind}${lengthOf(deed)} [${deed.id}]`);
    switch (deed.kind) {
      case 'crash':
        replicas.kill(random.whole(2), deed);
        return;
      case 'rotate-key':
        stage.keys.rotate();
        return;
      case 'outage':
        replicas.stopFor(deed.forS);
        return;
      case 'payee-silent':
        breakFor(deed.forS, (works) => (stage.payeeState.answers = works));
        return;
      case 'payee-makes-none':
        breakFor(deed.forS, (works) => (stage.payeeState.makes = works));
        return;
      case 'no-rate':
        breakFor(deed.forS, (works) => (stage.payeeState.hasRate = works));
        return;
      case 'stripe-down':
        breakFor(deed.forS, (works) => (stage.stripe.state.up = works));
    }
  };
}

function lengthOf(deed: Weather): string {
  if (deed.kind === 'rotate-key') return '';
  return 'forS' in deed ? ` for ${deed.forS} s` : ` after ${deed.points} points, for ${deed.restS} s`;
}
