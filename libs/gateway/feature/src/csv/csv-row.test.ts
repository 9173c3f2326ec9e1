import fc from 'fast-check';
import { csvRow } from './csv-row.js';

it.each([
  [['a', 'b'], 'a,b\r\n'],
  [['a,b', 'say "hi"', 'two\r\nlines'], '"a,b","say ""hi""","two\r\nlines"\r\n'],
  [[null, '', 0, -5, 12n], ',,0,-5,12\r\n'],
  [[new Date('2026-01-31T12:00:00Z')], '2026-01-31T12:00:00.000Z\r\n'],
])('writes %j as %j', (cells, line) => {
  expect(csvRow(cells)).toBe(line);
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '＝1', '-2+3+cmd|"/C calc"!A0'])(
  'disarms %j, which a spreadsheet would compute',
  (text) => {
    expect(csvRow([text]).replace(/^"/, '')).toMatch(/^'/);
  },
);

it('every text is read back as it was, but for the apostrophe of a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
      const read = readRow(csvRow(cells));
      expect(read.map((cell) => cell.replace(/^'(?=\s*[=+\-@\t\r＝＋－＠])/u, ''))).toEqual(
        cells.map((cell) => cell.replace(/^'(?=\s*[=+\-@\t\r＝＋－＠])/u, '')),
      );
    }),
  );
});

/** RFC 4180, one record. */
function readRow(line: string): string[] {
  const cells = line.slice(0, -2).matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g);
  return Array.from(cells, ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}
