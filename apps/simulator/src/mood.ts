import type { Temper } from './deed.js';

/** `rough`: half of all wallets and cards are odd or empty, and people fidget. `ordinary`: as an operator would hope. */
export type Mood = 'rough' | 'ordinary';

type Some<T> = readonly [T, ...T[]];

/** What each mood draws from. */
export const MOODS: Record<
  Mood,
  { tempers: Some<Temper>; balancesCents: Some<number>; deedsAMonth: Some<number>; cardChance: number }
> = {
  rough: {
    tempers: ['reliable', 'reliable', 'moody', 'moody', 'moody', 'broken'],
    balancesCents: [0, 1200, 6000, 1_000_000, 1_000_000],
    cardChance: 0.6,
    deedsAMonth: [0.2, 0.2, 0.2, 0.2, 0.5, 0.5, 1, 1, 2, 6],
  },
  ordinary: {
    tempers: [
      'reliable',
      ...Array.from({ length: 15 }, () => 'reliable' as const),
      'moody',
      'moody',
      'moody',
      'broken',
    ],
    balancesCents: [1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 6000, 1200],
    cardChance: 0.3,
    deedsAMonth: [0.05, 0.05, 0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.5, 2],
  },
};
