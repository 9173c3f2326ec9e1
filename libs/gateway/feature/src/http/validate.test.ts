import { pageQuery } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import { z } from 'zod';
import { parseJsonBody } from './json-body.js';
import { nextLink } from './next-link.js';
import { validate } from './validate.js';

const failure = (work: () => unknown): AppError | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};

describe('a request that does not fit', () => {
  const schema = z.object({ name: z.string(), size: z.int().max(5, 'must be at most 5') });

  it('is refused with a text that names the first field and details of all', () => {
    expect(failure(() => validate(schema, { size: 9 }))).toMatchObject({
      code: 'invalid-request',
      message: 'name: must be text, but it is missing.',
      details: [
        { path: 'name', message: 'must be text, but it is missing' },
        { path: 'size', message: 'must be at most 5' },
      ],
    });
  });

  it.each([[[]], ['text'], [null], [5]])('is refused when it is no object: %j', (value) => {
    expect(failure(() => validate(schema, value))).toMatchObject({
      code: 'invalid-request',
      message: 'The request must be a JSON object.',
    });
  });

  it('never repeats what was sent', () => {
    const answer = failure(() => validate(schema, { name: { secret: 'hunter2' }, size: 1 }));
    expect(JSON.stringify([answer?.message, answer?.details])).not.toContain('hunter2');
  });
});

describe('a body', () => {
  const parse = (text: string | Uint8Array) => parseJsonBody(Buffer.from(text));

  it('that is empty means {}', () => {
    expect(parse('')).toEqual({});
    expect(parse(' \n')).toEqual({});
  });

  it.each(['{', '{"a":1,}', 'a=1', '\u0000', '['.repeat(100_000)])('that is no JSON is refused (%#)', (text) => {
    expect(failure(() => parse(text))?.code).toBe('invalid-request');
  });

  it('that is no UTF-8 is refused', () => {
    expect(failure(() => parse(Uint8Array.of(0x22, 0xff, 0x22)))?.code).toBe('invalid-request');
  });
});

describe('a page', () => {
  it('has 1000 rows unless fewer are asked for', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 1000 });
    expect(pageQuery.parse({ limit: '7', cursor: 'x' })).toEqual({ limit: 7, cursor: 'x' });
  });

  it.each(['0', '1001', '-1', '1.5', '', 'all', ['1', '2']])('of %j rows is refused', (limit) => {
    expect(failure(() => validate(pageQuery, { limit }))?.message).toBe(
      'limit: must be a whole number from 1 to 1000.',
    );
  });

  it('links to the next one with the same query', () => {
    expect(nextLink('/tenants?limit=2&cursor=old', 'new')).toBe('</tenants?limit=2&cursor=new>; rel="next"');
  });
});
