/**
 * Finds fewer deeds that still fail, by leaving out whole lives, then ever smaller pieces (Zeller's delta debugging). Runs
 * `fails` at most `maxRuns` times; what it answers is always a set that failed.
 */
export async function shrink(deeds: readonly string[], { fails, maxRuns }: ShrinkOptions): Promise<string[]> {
  let kept = [...deeds];
  let runs = 0;
  const tryWithout = async (piece: ReadonlySet<string>): Promise<void> => {
    const fewer = kept.filter((id) => !piece.has(id));
    if (fewer.length === kept.length || runs >= maxRuns) return;
    runs += 1;
    if (await fails(fewer)) kept = fewer;
  };

  // All other lives at once, then one by one; ids of one life share what is before the colon.
  const lives = [...new Set(kept.map(lifeOf))];
  for (const life of lives) await tryWithout(new Set(kept.filter((id) => lifeOf(id) !== life)));
  for (const life of lives) await tryWithout(new Set(kept.filter((id) => lifeOf(id) === life)));
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && runs < maxRuns;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = kept.length - size; from > -size && runs < maxRuns; from -= size) {
      await tryWithout(new Set(kept.slice(Math.max(0, from), from + size)));
    }
  }
  return kept;
}

const lifeOf = (id: string): string => id.slice(0, id.indexOf(':'));

interface ShrinkOptions {
  fails: (deeds: readonly string[]) => Promise<boolean>;
  maxRuns: number;
}
