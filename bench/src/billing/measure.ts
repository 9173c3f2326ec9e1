export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/**
 * How much higher this process's resident memory gets in the second half of some work than it was in the first, in MiB:
 * about nothing, unless something grows with the work. (The first half also shows the heap settling at its size.)
 */
export async function memoryGrowthMiB(work: () => Promise<unknown>): Promise<number> {
  const seen: number[] = [];
  const look = () => seen.push(process.memoryUsage.rss() / 2 ** 20);
  look();
  const timer = setInterval(look, 100);
  await work().finally(() => {
    clearInterval(timer);
  });
  look();
  const half = Math.ceil(seen.length / 2);
  return Math.max(0, Math.max(...seen.slice(half)) - Math.max(...seen.slice(0, half)));
}
