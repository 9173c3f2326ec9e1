import { manualClock } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { NostrEvent } from '@caravel/nostr';
import { opensBudget } from './opens-budget.js';
import { wrapQueue } from './wrap-queue.js';

const signer = secretSigner(generateSecret());
const wrap = (created_at: number, content = ''): NostrEvent =>
  signer.sign({ kind: 1059, created_at, tags: [], content });

describe('wraps that wait to be opened', () => {
  const clock = manualClock(1_000);
  const counts = { dropped: 0, tooLarge: 0 };
  const queue = () =>
    wrapQueue({
      clock,
      onDropped: () => (counts.dropped += 1),
      onTooLarge: () => (counts.tooLarge += 1),
    });

  it('wait once, and are not wanted again after they were opened', () => {
    const { take, waiting, markOpened, isUnwanted } = queue();
    const [one, two] = [wrap(1), wrap(2)];
    [one, two, one].forEach(take);
    expect([...waiting()]).toEqual([one, two]);
    markOpened(one.id);
    take(one);
    expect([...waiting()]).toEqual([two]);
    expect([one, two, wrap(3)].map(({ id }) => isUnwanted(id))).toEqual([true, true, false]);
  });

  it('are not taken when they are too large, and said so once', () => {
    const { take, waiting } = queue();
    const large = wrap(1, 'x'.repeat(20_001));
    [large, large].forEach(take);
    expect([...waiting()]).toEqual([]);
    expect(counts.tooLarge).toBe(1);
  });

  it('are no more than a thousand; those beyond are wanted when they come again', () => {
    const { take, waiting, hasRoom, markOpened, isUnwanted } = queue();
    const template = wrap(1);
    for (let n = 0; n < 1_500; n += 1) take({ ...template, id: String(n) });
    expect([...waiting()]).toHaveLength(1_000);
    expect(counts.dropped).toBe(500);
    expect(hasRoom()).toBe(false);
    for (const { id } of waiting()) markOpened(id);
    expect([hasRoom(), isUnwanted('1'), isUnwanted('1001')]).toEqual([true, true, false]);
  });
});

it('fifty wraps may be opened a second, and as many at once', () => {
  const clock = manualClock(1_000);
  const mayOpen = opensBudget(clock);
  const openNow = () => {
    let count = 0;
    while (mayOpen()) count += 1;
    return count;
  };
  expect(openNow()).toBe(50);
  clock.advance(1);
  expect(openNow()).toBe(50);
  clock.advance(3600);
  expect(openNow()).toBe(50);
});
