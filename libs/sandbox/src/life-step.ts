/** One step of the guided life. `run` answers what happened, in one line, or throws what went wrong. */
export interface LifeStep {
  title: string;
  run: () => Promise<string>;
}

export interface StepResult {
  title: string;
  ok: boolean;
  text: string;
  ms: number;
}

/**
 * Walks the steps in order and stops at the first that fails. `report` gets each as it ends; `between` runs after every
 * step that passed, for tests that break something in the middle.
 */
export async function walk(
  steps: readonly LifeStep[],
  report: (result: StepResult) => void,
  between: (title: string) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  for (const { title, run } of steps) {
    const startedAt = performance.now();
    const result = await run().then(
      (text) => ({ ok: true, text }),
      (error: unknown) => ({ ok: false, text: error instanceof Error ? error.message : 'failed' }),
    );
    report({ title, ...result, ms: performance.now() - startedAt });
    if (!result.ok) return false;
    await between(title);
  }
  return true;
}
