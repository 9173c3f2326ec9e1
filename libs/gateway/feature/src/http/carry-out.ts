import { AppError } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { CarriedOut, KeptAnswer, KeyedCommand } from '../idempotency-port.js';
import { heldBells } from './held-bells.js';
import type { Route, RouteCall } from './route.js';

/** A command of rows we write: its key, its effect and its answer are one transaction. Only what succeeds is kept. */
export async function carryOutHere(command: KeyedCommand, { route, call, deps }: Asked): Promise<CarriedOut> {
  const bells = heldBells(deps.ring);
  const carried = await deps.idempotency.carryOut(command, (stores) =>
    answerOf(route, call, { ...deps, ...stores, ring: bells.hold, ask: () => neverHere(route) }),
  );
  await bells.ringAll();
  return carried;
}

/**
 * A command that another service carries out, once per command id, which follows from the key. The key is taken before and the
 * answer kept after; what ends in between is asked for again. A secret is not kept: a repeat asks for it. A refusal changed
 * nothing and frees the key; after any other failure nobody knows, and the key still belongs to this request.
 */
export async function carryOutElsewhere(command: KeyedCommand, { route, call, deps }: Asked): Promise<CarriedOut> {
  const { idempotency, log } = deps;
  const known = await idempotency.claim(command);
  if (known) return { kept: known, replayed: true };
  // Neither changes what happened, so neither changes what is answered.
  const only = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      log.warn({ err: error }, 'the row of an Idempotency-Key was not written');
    });
  try {
    const kept = await answerOf(route, call, deps);
    if (route.idempotency !== 'secret') await only(idempotency.keep(command, kept));
    return { kept, replayed: false };
  } catch (error) {
    if (error instanceof AppError && error.status < 500) await only(idempotency.release(command));
    throw error;
  }
}

/** Others would wait for this transaction's connection and locks for as long as it waits for them. */
function neverHere({ method, path }: Route): Promise<never> {
  return Promise.reject(new Error(`${method} ${path} asks another service: it must say that it is done elsewhere`));
}

async function answerOf(route: Route, call: RouteCall, deps: GatewayDeps): Promise<KeptAnswer> {
  const { data } = await route.run(call, deps);
  return { status: route.status, answer: JSON.stringify(data) };
}

interface Asked {
  route: Route;
  call: RouteCall;
  deps: GatewayDeps;
}
