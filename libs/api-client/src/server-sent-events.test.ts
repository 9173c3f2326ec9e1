import fc from 'fast-check';
import { streamBlocks } from './server-sent-events.js';
import type { StreamBlock } from './server-sent-events.js';

async function read(chunks: string[]): Promise<StreamBlock[]> {
  const blocks: StreamBlock[] = [];
  for await (const block of streamBlocks(ReadableStream.from(chunks))) blocks.push(block);
  return blocks;
}
const nothing = { id: null, event: 'message', data: null, retryMs: null };

it('reads ids, types, data of several lines, the wait and comments', async () => {
  const stream = 'retry: 1200\nid: 4\n\n: still here\n\nid: 5\nevent: invoice\ndata: {"a":\ndata:1}\n\n';
  expect(await read([stream])).toEqual([
    { ...nothing, id: '4', retryMs: 1200 },
    nothing,
    { ...nothing, id: '5', event: 'invoice', data: '{"a":\n1}' },
  ]);
});

it('drops what is not finished, and ignores what it does not know', async () => {
  expect(await read(['more: 1\nretry: soon\ndata\n\ndata: half'])).toEqual([{ ...nothing, data: '' }]);
});

it('finds the same however the stream is cut and its lines end', async () => {
  const lines = ['id: 1', 'data: ä: 🎉', '', ': hi', '', 'event: x', 'data: 2', '', ''];
  const whole = await read([lines.join('\n')]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(60)), async (end, cuts) => {
      const text = `${lines.join(end)}:`; // so that a last CR is followed by something
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const chunks = places.slice(1).map((place, before) => text.slice(places[before], place));
      expect(await read(chunks)).toEqual(whole);
    }),
  );
});
