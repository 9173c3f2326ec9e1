import { AppError } from '@caravel/domain';
import type { Plan, RelaySettings } from '@caravel/domain';

/** The plan somebody chose just now. Throws `plan-unknown` or `plan-hidden`. */
export function chosenPlan(plan: Plan | null | undefined, planId: string): Plan {
  if (!plan) {
    throw new AppError('plan-unknown', `There is no plan "${planId}". GET /plans lists the plans there are.`);
  }
  if (plan.hidden) {
    throw new AppError('plan-hidden', `The plan ${plan.name} is not offered any more. Please choose another one.`);
  }
  return plan;
}

type Features = Pick<RelaySettings, 'blossom_enabled' | 'livekit_enabled'>;

/** Throws `feature-not-in-plan`. */
export function requireFeatures(plan: Plan, features: Features): void {
  const missing = [
    ...(features.blossom_enabled && !plan.blossom ? ['file storage (blossom)'] : []),
    ...(features.livekit_enabled && !plan.livekit ? ['voice and video rooms (livekit)'] : []),
  ];
  if (missing.length === 0) return;
  throw new AppError(
    'feature-not-in-plan',
    `The plan ${plan.name} does not include ${missing.join(' and ')}. Choose a larger plan or switch it off.`,
  );
}
