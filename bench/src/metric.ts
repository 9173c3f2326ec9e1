/** What a metric should reach. */
export type Target = { max: number } | { min: number };

/** Prints one line: `NAME.metric: VALUE UNIT (target ≤ X) ok|short`. Without a target the value stands alone. */
export function metric(name: string, value: number, { unit, target }: { unit: string; target?: Target }): void {
  const shown = Number(value.toPrecision(4));
  process.stdout.write(`${name}: ${shown} ${unit}${target ? verdict(value, target) : ''}\n`);
}

function verdict(value: number, target: Target): string {
  const [sign, bound, ok] =
    'max' in target ? ['≤', target.max, value <= target.max] : ['≥', target.min, value >= target.min];
  return ` (target ${sign} ${bound}) ${ok ? 'ok' : 'short'}`;
}
