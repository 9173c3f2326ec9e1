import type { OpenApiDocument } from '@caravel/api-contract/openapi';
import fc from 'fast-check';
import { ADMIN, newUser } from '../users.js';
import type { User } from '../users.js';
import { makeCanaries } from './canaries.js';
import { startFuzzGateway } from './fuzz-gateway.js';
import { fuzzWorld, rawRequest } from './fuzz-world.js';
import { hintsWith } from './hints.js';
import { judgeBy } from './judge.js';
import { rawClient } from './raw-request.js';
import { requestsOf } from './requests.js';
import type { FuzzRequest } from './requests.js';
import { fuzzTally } from './tally.js';
import type { Tally } from './tally.js';
import type { StallReport } from './stall-watch.js';

const LANES = 8;
const REQUESTS_PER_WORLD = 300;

/**
 * Sends generated requests to a gateway and judges every answer by the document; what fails is made smaller until it is as
 * small as it gets. Several lanes run side by side, each with tenants and a seed of its own, so that one seed is one run.
 */
export async function runFuzz({
  requests,
  seed,
  redisUrl,
  say,
  budgetMs = Infinity,
}: FuzzOptions): Promise<FuzzResult> {
  const problems: string[] = [];
  const found = (problem: string): void => {
    if (problems.length < 20 && !problems.includes(problem)) problems.push(problem);
  };
  const canaries = makeCanaries();
  const gateway = await startFuzzGateway({ redisUrl, canaries, found });
  const client = rawClient(gateway.url, { connections: LANES * 2 });
  const tally = fuzzTally();
  try {
    const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as OpenApiDocument;
    const users = Array.from({ length: LANES }, newUser);
    const signatures = [...users, ADMIN].map(({ header }, index) => [`signature ${index}`, header.slice(6)]);
    const judge = judgeBy(document, {
      ...gateway.secrets,
      ...(Object.fromEntries(signatures) as Record<string, string>),
    });
    const everything = requestsOf(document, hintsWith(canaries.walletSecret));
    const endsAtMs = performance.now() + budgetMs;
    const lane = async (index: number): Promise<void> => {
      const pair = pairOf(users, index);
      let world = await fuzzWorld(gateway, pair);
      let inWorld = 0;
      const property = fc.asyncProperty(everything, async (request) => {
        if ((inWorld += 1) % REQUESTS_PER_WORLD === 0) world = await fuzzWorld(gateway, pair);
        const raw = rawRequest(request, world);
        const answer = await client.send(raw);
        tally.add(request.operation, answer);
        const wrong = judge(request.operation, answer);
        if (!gateway.isAlive()) wrong.push('the gateway ended');
        if (wrong.length > 0) throw new Error(`${raw.method} ${raw.path.slice(0, 300)}: ${wrong.join('; ')}`);
      });
      const numRuns = Math.ceil(requests / LANES);
      const left = Number.isFinite(budgetMs)
        ? { interruptAfterTimeLimit: Math.max(1, endsAtMs - performance.now()) }
        : {};
      const result = await fc.check(property, { seed: seed + index, numRuns, endOnFailure: false, ...left });
      if (result.failed && result.counterexample) found(told(result, { seed, index }));
    };
    const progress = setInterval(() => {
      say(tally.line(requests));
    }, 5000);
    await Promise.all(users.map((_, index) => lane(index)));
    clearInterval(progress);
    const stalls = await gateway.stalls();
    return { problems, tally, stalls, lines: gateway.lines() };
  } finally {
    client.close();
    await gateway.close();
  }
}

const pairOf = (users: readonly User[], index: number): [User, User] => {
  const [mine = newUser(), theirs = newUser()] = [users[index], users[(index + 1) % users.length]];
  return [mine, theirs];
};

function told(result: fc.RunDetails<[FuzzRequest]>, { seed, index }: { seed: number; index: number }): string {
  const [request] = result.counterexample ?? [];
  const error = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  return `${error}\n  seed ${seed}, lane ${index}, path ${result.counterexamplePath ?? ''}, ${result.numShrinks} times smaller: ${JSON.stringify(request).slice(0, 2000)}`;
}

export interface FuzzOptions {
  requests: number;
  seed: number;
  redisUrl: string | undefined;
  say: (line: string) => void;
  /** Stops after so long, however many were sent. */
  budgetMs?: number;
}

export interface FuzzResult {
  problems: string[];
  tally: Tally;
  stalls: StallReport;
  /** The gateway's last log lines. */
  lines: string[];
}
