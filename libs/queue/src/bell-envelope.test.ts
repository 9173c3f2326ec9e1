import { bellEnvelopeSchema, bellJobId } from './bell-envelope.js';

describe('the id of a bell job', () => {
  it('is the same within a second and another one in the next', () => {
    expect(bellJobId('a', new Date(1000))).toBe(bellJobId('a', new Date(1999)));
    expect(bellJobId('a', new Date(1999))).not.toBe(bellJobId('a', new Date(2000)));
  });

  it('keeps different subjects apart, whatever characters they hold', () => {
    const ids = ['a:b', 'a_b', 'a%3Ab', 'ab', ''].map((subject) => bellJobId(subject, new Date(0)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(['a:b', '123', '0', 'ünïcode'])('is one that BullMQ takes for %s', (subject) => {
    const id = bellJobId(subject, new Date(0));
    expect(id).not.toContain(':');
    expect(id).not.toMatch(/^\d+$/);
  });
});

describe('the envelope of a bell', () => {
  it.each([
    [{ payload: { relayId: 'x' } }],
    [{ payload: { relayId: 'x' }, requestId: 'request-1' }],
    [{ payload: { relayId: 'x' }, requestId: 'request-1', addedLater: true }],
  ])('is read in every form ever sent: %j', (envelope) => {
    expect(bellEnvelopeSchema.parse(envelope).payload).toEqual({ relayId: 'x' });
  });
});
