import type { Clock } from '@caravel/domain';
import { tenantLife } from './life.js';
import type { LifeWorld } from './life.js';
import { walk } from './life-step.js';
import type { StepResult } from './life-step.js';
import type { SandboxState } from './state-file.js';

const PATIENCE_MS = 30_000;

/** The world of a running sandbox as a life sees it. */
export function worldOf(state: SandboxState, clock: Clock): LifeWorld {
  const at = (name: string) => {
    const standIn = state.standIns[name];
    if (!standIn) throw new Error(`the stand-in ${name} is not running`);
    return standIn.url;
  };
  return {
    serverUrl: state.serverUrl,
    tenantSecret: state.tenantSecret,
    nwcUrl: at('tenantWallet'),
    relayUrl: at('relay'),
    zooidUrl: at('zooid'),
    clock,
    patienceMs: PATIENCE_MS,
  };
}

/** Walks the guided life and says each step as it ends. */
export async function runLife({ state, clock, print, stopped }: RunLife): Promise<boolean> {
  const life = tenantLife(worldOf(state, clock));
  print('');
  print("A tenant's life:");
  try {
    const ok = await Promise.race([
      walk(life.steps, (result) => {
        print(lifeLine(result));
      }),
      new Promise<boolean>((resolve) => {
        if (stopped.aborted) resolve(true);
        stopped.addEventListener('abort', () => {
          resolve(true);
        });
      }),
    ]);
    print(ok ? '' : 'The life ended early: the step above failed. The logs are in the folder logs of the data folder.');
    return ok;
  } finally {
    life.close();
  }
}

interface RunLife {
  state: SandboxState;
  clock: Clock;
  print: (text: string) => void;
  stopped: AbortSignal;
}

const TEXT_WIDTH = 56;

/** `✓ create the tenant            account made                                  38 ms` */
export function lifeLine({ title, ok, text, ms }: StepResult): string {
  return `${ok ? '✓' : '✗'} ${title.padEnd(28)} ${(ok ? short(text) : text).padEnd(TEXT_WIDTH)} ${Math.round(ms).toString().padStart(6)} ms`;
}

function short(text: string): string {
  const firstLine = text.split('\n', 1)[0] ?? '';
  return firstLine.length > TEXT_WIDTH ? `${firstLine.slice(0, TEXT_WIDTH - 1)}…` : firstLine;
}
