import { createHash } from 'node:crypto';
import { downstreamId } from './downstream-id.js';

const NODE = '000102030405060708090a0b0c0d0e0f';

describe('the id below', () => {
  it('is the hash of our node, the key and the id, byte for byte', () => {
    const bytes = Buffer.concat([Buffer.from(NODE, 'hex'), Buffer.from('\0default\0ré')]);
    const expected = `req_${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
    expect(downstreamId(NODE, { keyName: 'default', id: 'ré' })).toBe(expected);
    expect(downstreamId(NODE, { keyName: 'default', id: 'req_1' })).toBe('req_fa8a76a66fd4e4ec68a2f99a57e3f445');
  });

  it('differs for another node, another key and another id, also where they only read alike', () => {
    const other = NODE.replace('00', 'ff');
    const ids = [
      downstreamId(NODE, { keyName: 'ab', id: 'c' }),
      downstreamId(NODE, { keyName: 'a', id: 'bc' }),
      downstreamId(NODE, { keyName: 'ab', id: 'd' }),
      downstreamId(other, { keyName: 'ab', id: 'c' }),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});
