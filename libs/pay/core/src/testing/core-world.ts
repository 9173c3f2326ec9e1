import { manualClock } from '@caravel/domain';
import { openSpend } from '@caravel/pay-limits';
import { NETWORKS, parseInput, PayError, payIdMaker } from '@caravel/pay-protocol';
import type { Network, Output } from '@caravel/pay-protocol';
import { openStore, sealer } from '@caravel/pay-store';
import type { PayDb } from '@caravel/pay-store';
import type { TestStore } from '@caravel/pay-store/testing';
import { createLogger } from '@caravel/service';
import { openPay } from '../open-pay.js';
import { LOCAL } from '../pay-call.js';
import type { Caller, CoreDeps, ExplainedPay, PayCall } from '../pay-call.js';
import type { TestNetwork } from './test-network.js';

/** One process of a node, in a test; several on one store are several processes. */
export interface CoreProcess {
  pay: ExplainedPay;
  /** Every Output of one Input. */
  ask: (input: object, call?: Partial<PayCall>) => Promise<Output[]>;
  /** The last one. */
  last: (input: object, call?: Partial<PayCall>) => Promise<Output>;
  stop: () => Promise<void>;
}

export interface CoreWorld {
  clock: ReturnType<typeof manualClock>;
  networks: Partial<Record<Network, TestNetwork>>;
  logged: string[];
  /** `around`: what is between the process and its store. */
  start: (more?: Partial<CoreDeps>, around?: (db: PayDb) => PayDb) => Promise<CoreProcess>;
}

export function coreWorld(store: Pick<TestStore, 'location'>, networks: CoreWorld['networks']): CoreWorld {
  const clock = manualClock(1_760_000_000);
  const logged: string[] = [];
  const start: CoreWorld['start'] = async (more = {}, around = (db) => db) => {
    const db = await openStore(store.location);
    const pay = openPay({ ...depsOf(around(db), networks, { clock, logged }), ...more });
    const ask = async (input: object, call: Partial<PayCall> = {}): Promise<Output[]> => {
      const outputs: Output[] = [];
      const signal = new AbortController().signal;
      for await (const { output } of pay.handle(parseInput(input), { caller: LOCAL, signal, ...call }))
        outputs.push(output);
      return outputs;
    };
    const stop = async (): Promise<void> => {
      await pay.close();
      await db.close();
    };
    return { pay, ask, last: async (input, call) => lastOf(await ask(input, call)), stop };
  };
  return { clock, networks, logged, start };
}

/** A key of REST or RPC. */
export const remoteCaller = (more: Partial<Caller> = {}): Caller => ({
  keyName: 'agent',
  isLocal: false,
  role: 'payer',
  ...more,
});

function depsOf(
  db: PayDb,
  networks: CoreWorld['networks'],
  { clock, logged }: Pick<CoreWorld, 'clock' | 'logged'>,
): CoreDeps {
  const served = NETWORKS.filter((network) => networks[network]);
  return {
    db,
    spend: openSpend(db),
    sealer: sealer(new Uint8Array(32).fill(7)),
    providers: {
      networks: served,
      isRemote: (network) => networks[network]?.provider.isRemote === true,
      of: (network) => {
        const provider = networks[network]?.provider;
        if (!provider) return Promise.reject(new PayError('not_implemented', `${network} is not served here`));
        return Promise.resolve(provider);
      },
    },
    clock,
    newId: payIdMaker(),
    log: createLogger({
      service: 'pay-core',
      level: 'debug',
      destination: { write: (line) => void logged.push(line) },
    }),
    policy: { enforce: 'always', approveAbove: [], nodeId: '00'.repeat(16) },
  };
}

function lastOf(outputs: readonly Output[]): Output {
  const output = outputs.at(-1);
  if (!output) throw new Error('no Output came');
  return output;
}
