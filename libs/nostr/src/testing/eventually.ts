/** Resolves once `check` is true; fails after 5 s. */
export async function eventually(check: () => boolean): Promise<void> {
  const endMs = Date.now() + 5_000;
  while (!check()) {
    if (Date.now() > endMs) throw new Error(`never became true: ${check.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
