import { type Fault, faultBook, faultSchema, withFault } from './faults.js';

const run = (fault: Fault | undefined) => {
  const did: string[] = [];
  return withFault(fault, {
    work: () => {
      did.push('work');
      return 'answer';
    },
    failure: ({ status }) => `failure ${String(status)}`,
    wait: (ms) => {
      did.push(`wait ${ms}`);
      return Promise.resolve();
    },
  }).then((outcome) => ({ outcome, did }));
};

test.each<[string, Fault | undefined, { outcome: unknown; did: string[] }]>([
  ['nothing', undefined, { outcome: { answer: 'answer' }, did: ['work'] }],
  ['fail', { match: '*', mode: 'fail', status: 503 }, { outcome: { answer: 'failure 503' }, did: [] }],
  [
    'fail, done',
    { match: '*', mode: 'fail', status: 500, done: true },
    { outcome: { answer: 'failure 500' }, did: ['work'] },
  ],
  ['hang', { match: '*', mode: 'hang' }, { outcome: 'silence', did: [] }],
  ['late', { match: '*', mode: 'late', ms: 7 }, { outcome: { answer: 'answer' }, did: ['wait 7', 'work'] }],
  [
    'late, done',
    { match: '*', mode: 'late', ms: 7, done: true },
    { outcome: { answer: 'answer' }, did: ['work', 'wait 7'] },
  ],
  ['drop-answer', { match: '*', mode: 'drop-answer' }, { outcome: 'cut', did: ['work'] }],
])('%s', async (_, fault, expected) => {
  expect(await run(fault)).toEqual(expected);
});

test.each([
  ['*', 'POST /relay/r1', true],
  ['POST /relay', 'POST /relay/r1', true],
  ['POST /relay/', 'POST /relay/r1', true],
  ['/relay/r1', 'PATCH /relay/r1', true],
  ['/relay/r1', 'PATCH /relay/r10', false],
  ['PATCH', 'POST /relay/r1', false],
  ['pay_invoice', 'pay_invoice', true],
  ['EVENT', 'EVENT 1059', true],
  ['EVENT 1', 'EVENT 1059', false],
])('%s on %s: %p', (match, subject, expected) => {
  const book = faultBook();
  book.set([{ match, mode: 'hang' }]);
  expect(book.take(subject) !== undefined).toBe(expected);
});

test('faults are used up in order, and one without a count stays', () => {
  const book = faultBook();
  book.set([
    { match: '*', mode: 'fail', times: 2 },
    { match: '*', mode: 'hang', times: 1 },
    { match: 'b', mode: 'late' },
  ]);
  expect(['b', 'b', 'b', 'b', 'b', 'a'].map((subject) => book.take(subject)?.mode)).toEqual([
    'fail',
    'fail',
    'hang',
    'late',
    'late',
    undefined,
  ]);
});

test.each([
  { mode: 'fail' },
  { match: '*', mode: 'explode' },
  { match: '*', mode: 'fail', times: 0 },
  { match: '*', mode: 'fail', statu: 1 },
])('%j is no fault', (fault) => {
  expect(faultSchema.safeParse(fault).success).toBe(false);
});
