import type { ExplainedPay, PayCall, Reply } from '@caravel/pay-core';
import { effectOf, errorOutput, PayError } from '@caravel/pay-protocol';
import type { Input, Network } from '@caravel/pay-protocol';
import type { LimitKeeper } from './limit-keeper.js';
import type { StoreGuard } from './store-guard.js';

/**
 * What must hold around everything that is asked: nothing changes while the store is not the one that was opened, and a limit of
 * config.toml is in force before the wallet it names can pay.
 */
export function guardedPay(pay: ExplainedPay, { guard, limits }: Guards): ExplainedPay {
  const check = async (input: Input): Promise<void> => {
    const effect = effectOf(input);
    if (effect !== 'read') guard.check();
    if (effect === 'pay') await limits.complete(networkOf(input));
  };
  return {
    ...pay,
    handle: async function* (input: Input, call: PayCall): AsyncGenerator<Reply, void, undefined> {
      try {
        await check(input);
        for await (const reply of pay.handle(input, call)) {
          if (CHANGES_WALLETS.has(reply.output.code)) await limits.sync();
          yield reply;
        }
      } catch (error) {
        if (!(error instanceof PayError)) throw error;
        yield { output: errorOutput(error, 'id' in input ? input.id : undefined), isLast: true };
      }
    },
  };
}

function networkOf(input: Input): Network | undefined {
  if (input.code === 'cashu_send') return 'cashu';
  return 'network' in input ? input.network : undefined;
}

const CHANGES_WALLETS: ReadonlySet<string> = new Set(['wallet_created', 'wallet_config_updated', 'wallet_closed']);

interface Guards {
  guard: StoreGuard;
  limits: LimitKeeper;
}
