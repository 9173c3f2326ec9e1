import { walk } from './life-step.js';
import type { StepResult } from './life-step.js';

const good = (title: string) => ({ title, run: () => Promise.resolve(`did ${title}`) });
const bad = { title: 'bad', run: () => Promise.reject(new Error('broken')) };

it('reports every step in order and stops at the first that fails', async () => {
  const results: StepResult[] = [];
  const ok = await walk([good('one'), bad, good('three')], (result) => results.push(result));
  expect(ok).toBe(false);
  expect(results.map(({ title, ok: passed, text }) => [title, passed, text])).toEqual([
    ['one', true, 'did one'],
    ['bad', false, 'broken'],
  ]);
});

it('lets a test act between the steps', async () => {
  const between: string[] = [];
  await walk(
    [good('one'), good('two')],
    () => undefined,
    (title) => Promise.resolve(void between.push(title)),
  );
  expect(between).toEqual(['one', 'two']);
});
