import { planListSchema } from './plan.js';

const free = { id: 'free', name: 'Free', amount: 0, members: 10, blossom: false, livekit: false };

describe('planListSchema', () => {
  it('takes a list with a free plan; hidden is false unless said', () => {
    expect(planListSchema.parse([free])[0]).toEqual({ ...free, hidden: false });
  });

  it.each([
    ['no free plan', [{ ...free, id: 'basic' }]],
    ['a free plan that costs', [{ ...free, amount: 1 }]],
    ['two plans of one id', [free, free]],
    ['a negative price', [free, { ...free, id: 'x', amount: -1 }]],
    ['fractions of a cent', [free, { ...free, id: 'x', amount: 0.5 }]],
    ['an id with spaces', [free, { ...free, id: 'a b' }]],
  ])('refuses %s', (_, plans) => {
    expect(planListSchema.safeParse(plans).success).toBe(false);
  });
});
